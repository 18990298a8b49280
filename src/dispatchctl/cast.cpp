// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "cast_p.h"

#include <utility>

namespace Dispatch::Ctl {

Cast::Cast(const Settings &settings, int size, int seats)
    : m_settings(settings)
    , m_size(size)
    , m_seats(seats)
{
}

bool Cast::canDo(const RecordedStep &step) const
{
    if (step.what != RecordedStep::Joins)
        return true;
    // Where the first one is, all go.
    const bool isWaitingForShard = m_settings.shardName.isEmpty() && m_here > 0;
    return !isWaitingForShard && peopleHere() < m_size;
}

int Cast::peopleHere() const
{
    return m_players.contains(QString()) ? m_here - 1 : m_here;
}

void Cast::perform(const RecordedStep &step)
{
    Player *player = step.person.isEmpty() ? backEnd() : m_players.value(step.person);
    switch (step.what) {
    case RecordedStep::Joins:
        player = engage(m_settings);
        m_players.insert(step.person, player);
        ++m_people;
        player->join(step.value.toObject());
        break;
    case RecordedStep::Changes:
        player->setUserInfo(step.value.toObject());
        break;
    case RecordedStep::Emits:
        ++m_events;
        player->emitEvent(step.eventName, step.value);
        break;
    case RecordedStep::Leaves:
        m_players.remove(step.person);
        player->leave();
        break;
    }
}

void Cast::leave()
{
    for (Player *player : std::exchange(m_players, {}))
        player->leave();
}

Player *Cast::engage(const Settings &settings)
{
    auto *player = new Player(settings, m_seats);
    player->setParent(this);
    ++m_here;
    connect(player, &Player::joined, this, [this](const QString &shardName) {
        if (m_settings.shardName.isEmpty())
            m_settings.shardName = shardName;
        Q_EMIT changed();
    });
    connect(player, &Player::left, this, [this, player] { dismiss(player); });
    connect(player, &Player::failed, this, &Cast::failed);
    connect(player, &Player::troubled, this, &Cast::troubled);
    connect(player, &Player::missed, this,
            [this](const DispatchError &error) { countMiss(m_missed, error); });
    connect(player, &Player::infoRefused, this,
            [this](const DispatchError &error) { countMiss(m_refusedInfos, error); });
    return player;
}

void Cast::countMiss(qint64 &misses, const DispatchError &error)
{
    ++misses;
    if (!m_firstMiss)
        m_firstMiss = error;
}

void Cast::dismiss(Player *player)
{
    --m_here;
    player->deleteLater();
    Q_EMIT changed();
}

Player *Cast::backEnd()
{
    Player *&player = m_players[QString()];
    if (!player) {
        Settings settings = m_settings;
        settings.token = QString::fromUtf8(settings.projectToken);
        player = engage(settings);
        player->join({});
    }
    return player;
}

} // namespace Dispatch::Ctl

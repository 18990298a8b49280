// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "actor.h"

#include <QtCore/qurlquery.h>

#include <utility>

using namespace Qt::StringLiterals;

namespace Dispatch::Faults {

const QString Actor::EventName = u"said"_s;
const QString Actor::FenceName = u"fence"_s;
const QString Actor::Project = u"faults"_s;

Actor::Actor(const QString &name, const Place &place)
    : m_name(name)
    , m_place(place)
{
    m_history.client = name.toStdString();
    m_history.seats = std::size_t(place.seats);
}

std::set<QString> Actor::fences(int round) const
{
    std::set<QString> names;
    for (const auto &[number, who] : m_fences) {
        if (number == round)
            names.insert(who);
    }
    return names;
}

void Actor::note(const AnyEntry &entry)
{
    m_history.entries.push_back(entry);
    Q_EMIT noted(entry);
}

void Actor::joined(const Entry::Joined &where)
{
    m_joined = where.shard;
    note(where);
}

void Actor::saw(qsizetype clients)
{
    if (std::exchange(m_seen, clients) != clients)
        note(Entry::Saw{int(clients)});
}

QString Actor::query() const
{
    QUrlQuery query{{u"projectId"_s, Project},
                    {u"maxConnectionsPerShard"_s, QString::number(m_place.seats)}};
    if (!m_place.shard.isEmpty())
        query.addQueryItem(u"shardName"_s, m_place.shard);
    return query.toString(QUrl::FullyEncoded);
}

EventId Actor::nextId()
{
    return {m_history.client, ++m_emitted};
}

QJsonObject Actor::payloadOf(const EventId &id) const
{
    return {{u"by"_s, m_name}, {u"number"_s, id.number}};
}

void Actor::hear(const QString &eventName, const QJsonObject &payload, qint64 seq, bool replayed)
{
    const QString by = payload["by"_L1].toString();
    const int number = payload["number"_L1].toInt();
    if (eventName == FenceName)
        m_fences.emplace(number, by);
    note(Entry::Received{
        {eventName == FenceName ? "fence of " + by.toStdString() : by.toStdString(), number},
        seq,
        replayed});
}

} // namespace Dispatch::Faults

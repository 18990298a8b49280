// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "actor.h"

using namespace Qt::StringLiterals;

namespace Dispatch::Faults {

const QString Actor::EventName = u"said"_s;
const QString Actor::FenceName = u"fence"_s;

Actor::Actor(const QString &name, const QUrl &url, const QString &shard)
    : m_name(name)
    , m_url(url)
    , m_shard(shard)
{
    m_history.client = name.toStdString();
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

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "shard_p.h"

#include "connection_p.h"
#include "eventnames_p.h"
#include "frame_p.h"
#include "limits_p.h"
#include "servermessage_p.h"
#include "text_p.h"
#include "worker_p.h"

namespace Dispatch {

Shard::Shard(Worker &worker, std::uint64_t id, Duration presenceInterval)
    : m_worker(worker)
    , m_id(id)
    , m_presence(presenceInterval)
{
}

void Shard::join(Connection *connection)
{
    seal();
    m_members.push_back(connection);
    m_presence.join(&connection->person());
    markDirty();
}

void Shard::leave(Connection *connection)
{
    seal();
    std::erase(m_members, connection);
    m_presence.leave(&connection->person());
    markDirty();
}

void Shard::emitEvent(std::string_view rawName, std::string_view payload, double latencyMs)
{
    append(rawName, payload, latencyMs);
    ++m_turnEvents;
}

void Shard::emitFrames(std::string_view frames)
{
    m_turn += frames;
    ++m_turnEvents;
    markDirty();
}

void Shard::seal()
{
    if (m_turn.empty())
        return;
    const auto frames = std::make_shared<const std::string>(std::exchange(m_turn, {}));
    for (Connection *member : m_members)
        member->push(frames);
    m_worker.turn().counters.eventsDelivered.add(std::exchange(m_turnEvents, 0)
                                                 * static_cast<std::int64_t>(m_members.size()));
}

void Shard::presenceChanged()
{
    markDirty();
}

void Shard::finishTurn(TimePoint now)
{
    if (const std::optional<TimePoint> due = m_presence.due()) {
        if (*due <= now) {
            announce(now);
        } else if (!m_waitsForPresence) {
            m_waitsForPresence = true;
            m_worker.wakeLater(*this, *due);
        }
    }
    seal();
    m_isDirty = false;
}

void Shard::wake()
{
    m_waitsForPresence = false;
    markDirty();
}

void Shard::announce(TimePoint now)
{
    static const std::string rawName = Text::jsonString(EventName::ConnectedClientsChanged);
    for (Connection *member : m_members)
        member->updateLastPing(now);
    append(rawName,
           m_presence.announce(now, static_cast<std::size_t>(m_worker.settings().maxPresenceBytes)),
           0);
    if (m_presence.isTruncated())
        m_worker.turn().counters.presenceListsTruncated.add();
}

void Shard::append(std::string_view rawName, std::string_view payload, double latencyMs)
{
    m_worker.appendEvent(m_turn, rawName, payload, latencyMs);
    markDirty();
}

void Shard::markDirty()
{
    if (!std::exchange(m_isDirty, true))
        m_worker.markDirty(*this);
}

} // namespace Dispatch

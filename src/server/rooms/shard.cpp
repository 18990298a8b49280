// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "shard_p.h"

#include "connection_p.h"
#include "eventnames_p.h"
#include "presencemessage_p.h"
#include "text_p.h"
#include "worker_p.h"

#include <QtCore/qrandom.h>

namespace Dispatch {

Shard::Shard(Worker &worker, std::uint64_t id, std::shared_ptr<Traffic> traffic,
             Duration presenceInterval)
    : m_worker(worker)
    , m_id(id)
    , m_traffic(std::move(traffic))
    , m_presence(presenceInterval)
{
}

void Shard::join(Connection *connection)
{
    seal();
    m_members.push_back(connection);
    if (connection->isExtended()) {
        ++m_extendedMembers;
        if (!m_numbering) {
            m_numbering = std::make_unique<Numbering>();
            m_numbering->epoch = QRandomGenerator::global()->generate64();
            m_presence.keepChanges();
        }
    }
    if (m_link)
        m_link->people.joinHere(connection->person());
    else
        m_presence.join(&connection->person());
    markDirty();
}

void Shard::leave(Connection *connection, bool staysElsewhere)
{
    seal();
    std::erase(m_members, connection);
    m_extendedMembers -= connection->isExtended() ? 1 : 0;
    m_awayMembers -= connection->isAway() ? 1 : 0;
    if (m_link) {
        m_link->people.leaveHere(connection->person(), staysElsewhere);
    } else {
        m_presence.leave(&connection->person());
        removeStateOf(connection->person().clientId);
    }
    markDirty();
}

void Shard::updateLastPings(TimePoint now)
{
    for (Connection *member : m_members)
        member->updateLastPing(now);
    if (m_link)
        m_link->people.setLastPing(msSinceEpoch());
}

std::string Shard::list(TimePoint now)
{
    updateLastPings(now);
    const PresenceText list =
        m_presence.list(static_cast<std::size_t>(m_worker.settings().maxPresenceBytes));
    m_worker.turn().counters.presenceListsTruncated.add(list.isTruncated ? 1 : 0);
    return list.json;
}

void Shard::emitEvent(Event event)
{
    openTurn(false);
    if (m_numbering) {
        event.details.seq = ++m_numbering->seq;
        if (event.details.time == 0)
            event.details.time = msSinceEpoch();
    }
    append(event);
}

void Shard::append(const Event &event)
{
    m_worker.appendEvent(m_turn, event, isNumbered());
    ++m_turnEvents;
    markDirty();
}

void Shard::openTurn(bool isForExtended)
{
    if (m_isTurnForExtended == isForExtended)
        return;
    seal();
    m_isTurnForExtended = isForExtended;
}

void Shard::emitFrames(std::string_view frames)
{
    openTurn(false);
    m_turn += frames;
    ++m_turnEvents;
    markDirty();
}

void Shard::seal()
{
    if (m_turn.empty())
        return;
    const auto frames = std::make_shared<const std::string>(std::exchange(m_turn, {}));
    const std::int64_t events = std::exchange(m_turnEvents, 0);
    if (m_numbering)
        m_numbering->log.append(frames, static_cast<std::size_t>(events), m_worker.replayBounds());
    for (Connection *member : m_members) {
        if (!m_isTurnForExtended || member->isExtended())
            member->push(frames);
    }
    const std::size_t receivers = m_isTurnForExtended ? m_extendedMembers : m_members.size();
    const std::int64_t deliveries = events * (static_cast<std::int64_t>(receivers) - m_awayMembers);
    m_traffic->emitted.add(events);
    m_traffic->delivered.add(deliveries);
    m_worker.turn().counters.eventsDelivered.add(deliveries);
}

void Shard::presenceChanged()
{
    markDirty();
}

void Shard::finishTurn(TimePoint now)
{
    if (!m_state.isEmpty())
        expireState(now);
    if (const std::optional<TimePoint> due = m_presence.due()) {
        if (*due <= now)
            announce(now);
        else
            wakeAt(*due);
    }
    seal();
    m_isDirty = false;
}

void Shard::wake()
{
    m_wake.reset();
    if (m_link && m_link->retryAt) {
        if (*m_link->retryAt > m_worker.turn().now) {
            wakeAt(*m_link->retryAt);
        } else {
            m_link->retryAt.reset();
            retryState();
        }
    }
    markDirty();
}

void Shard::wakeAt(TimePoint when)
{
    if (m_wake && *m_wake <= when)
        return;
    if (m_wake)
        m_worker.forgetWake(*this, *m_wake);
    m_wake = when;
    m_worker.wakeLater(*this, when);
}

void Shard::announce(TimePoint now)
{
    // The changes come behind the events that were emitted before.
    seal();
    Counters &counters = m_worker.turn().counters;
    counters.presenceLists.add();
    counters.presenceChangesCoalesced.add(m_presence.unannounced() - 1);
    const PresenceChanges changes = m_presence.announce(now);
    if (m_extendedMembers < m_members.size())
        tell(false, EventName::ConnectedClientsChanged, connectedClientsPayload(list(now)));
    if (m_extendedMembers > 0 && !changes.isEmpty())
        tellChanges(changes, now);
}

void Shard::tellChanges(const PresenceChanges &changes, TimePoint now)
{
    updateLastPings(now);
    const PresenceText text =
        differences(m_presence.revision(), changes,
                    static_cast<std::size_t>(m_worker.settings().maxPresenceBytes));
    m_worker.turn().counters.presenceListsTruncated.add(text.isTruncated ? 1 : 0);
    tell(true, EventName::Presence, text.json);
}

void Shard::tell(bool areExtended, std::string_view name, std::string_view payload)
{
    const Chunk frames = m_worker.encoded({Text::jsonString(name), payload, 0, {}}, false);
    for (Connection *member : m_members) {
        if (member->isExtended() == areExtended)
            member->push(frames);
    }
}

void Shard::markDirty()
{
    if (!std::exchange(m_isDirty, true))
        m_worker.markDirty(*this);
}

} // namespace Dispatch

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatcherror.h"
#include "dispatchevent.h"
#include "dispatcheventmodel.h"
#include "outgoingevent_p.h"

#include <cstdint>
#include <deque>
#include <memory>

namespace Dispatch {

/// One event, as DispatchEventModel shows it.
struct EventRow {
    /// What it takes to send an own event again.
    struct Emitted {
        OutgoingEvent event;
        DispatchError error;
    };

    DispatchEvent event;
    qint64 time = 0; ///< ms since the epoch
    QString shardName = {};
    DispatchEventModel::Status status = DispatchEventModel::Received;
    bool isOwn = false;
    bool isHeard = true; ///< it came from the server
    bool awaitsEcho = false; ///< it will, and then gets its place
    std::unique_ptr<Emitted> emitted = {}; ///< null unless it was emitted here

    std::uint64_t id() const { return emitted ? emitted->event.id : 0; }
    bool isPending() const
    {
        return status == DispatchEventModel::Queued || status == DispatchEventModel::Sending;
    }
    bool hasFailed() const
    {
        return status == DispatchEventModel::Failed || status == DispatchEventModel::Uncertain;
    }
    /// Whether nothing will change its place any more.
    bool isSettled() const { return !isPending() && !awaitsEcho; }
};

/// The rows of a DispatchEventModel: first what is settled, in the order in which it came; then own
/// events that wait for their place, in the order of emitting. Knows no signals.
class EventRows {
public:
    int size() const { return settled() + waiting(); }
    int settled() const { return int(m_settled.size()); }
    int waiting() const { return int(m_waiting.size()); }
    EventRow &at(int row);
    const EventRow &at(int row) const { return const_cast<EventRows *>(this)->at(row); }

    /// The row of the own event \a id, if it waits; -1 if there is none.
    int waitingRowOf(std::uint64_t id) const;
    /// The same, whether it waits or not.
    int rowOf(std::uint64_t id) const;
    /// The row of the own event that \a event, which came from the server, is the echo of; -1 if it
    /// is none. What was given up as lost counts only if \a isOurs, that is, if no one else emitted
    /// it.
    int echoedBy(const DispatchEvent &event, bool isOurs) const;

    /// Puts \a row behind what is settled.
    void addSettled(EventRow row) { m_settled.push_back(std::move(row)); }
    /// Puts \a row at the end.
    void addWaiting(EventRow row) { m_waiting.push_back(std::move(row)); }
    /// Moves \a row, which waits, behind what is settled; others that wait follow it.
    void settle(int row);
    /// Counts those that wait as settled, up to the first that is not; no row moves.
    void settleFront();
    /// Nothing of what waits comes back any more.
    void forgetEchoes();
    void remove(int first, int last);

private:
    std::deque<EventRow> m_settled;
    std::deque<EventRow> m_waiting;
};

} // namespace Dispatch

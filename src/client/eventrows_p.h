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
    /// Whether it does not wait for its place.
    bool isSettled() const { return !isPending() && !awaitsEcho; }
    /// Whether it was emitted to the shard, and a history may bring it yet.
    bool mayComeBack() const
    {
        const bool mayHaveArrived =
            status == DispatchEventModel::Sent || status == DispatchEventModel::Uncertain;
        return emitted && !emitted->event.isDirect && !isHeard && mayHaveArrived;
    }
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

    /// The place of what comes from the server now: behind what is settled. What it tells of the
    /// past of \a shardName is in front of own events of that shard, at the end, which may come
    /// back yet.
    int placeOf(const DispatchEvent &event, const QString &shardName) const;
    /// Puts \a row at \a place, which is among what is settled, or behind it.
    void addSettled(int place, EventRow row);
    /// Puts \a row at the end.
    void addWaiting(EventRow row) { m_waiting.push_back(std::move(row)); }
    /// Moves \a row to \a place, which is among what is settled, or behind it. Gives where it is.
    int settle(int row, int place);
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

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "counter_p.h"
#include "departures_p.h"
#include "histogram_p.h"
#include "refusal_p.h"

#include <cstdint>
#include <vector>

namespace Dispatch {

/// Counts what was refused, by its row in the table of refusals.
class RefusalCounter {
public:
    void add(Refusal refusal) { m_counters[static_cast<std::size_t>(refusal)].add(); }
    void add(const RefusalCounter &other);

    std::int64_t of(Refusal refusal) const
    {
        return m_counters[static_cast<std::size_t>(refusal)].value();
    }
    std::int64_t total() const;

private:
    std::vector<Counter> m_counters = std::vector<Counter>(refusals().size());
};

/// What one thread of the server has done.
struct Counters {
    Counter joins;
    RefusalCounter refusedJoins;
    RefusalCounter refusedRequests; ///< by HTTP, that were no joins
    RefusalCounter refusedMessages;
    Counter failedHandshakes;
    Counter eventsReceived;
    Counter eventsDelivered;
    Counter bytesReceived;
    Counter bytesSent;
    Departures departures;
    Counter presenceLists;
    Counter presenceChangesCoalesced; ///< that were told together with an earlier one
    Counter presenceListsTruncated;
    Counter sessionsAway; ///< now
    Counter resumesRecovered;
    Counter resumesUnrecovered;
    Counter resumesUnknown; ///< of sessions that are not there
    Counter eventsReplayed;
    Histogram eventTimes; ///< from read to written, of each event
    Histogram turnTimes; ///< of each turn of a worker's loop
    Histogram joinTimes; ///< from accept to greeting
    Histogram roundTrips; ///< from ping to pong

    void add(const Counters &other);
};

} // namespace Dispatch

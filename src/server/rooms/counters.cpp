// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "counters_p.h"

namespace Dispatch {

void RefusalCounter::add(const RefusalCounter &other)
{
    for (std::size_t i = 0; i < m_counters.size(); ++i)
        m_counters[i].add(other.m_counters[i].value());
}

std::int64_t RefusalCounter::total() const
{
    std::int64_t sum = 0;
    for (const Counter &counter : m_counters)
        sum += counter.value();
    return sum;
}

void Counters::add(const Counters &other)
{
    joins.add(other.joins.value());
    refusedJoins.add(other.refusedJoins);
    refusedRequests.add(other.refusedRequests);
    refusedMessages.add(other.refusedMessages);
    failedHandshakes.add(other.failedHandshakes.value());
    eventsReceived.add(other.eventsReceived.value());
    eventsDelivered.add(other.eventsDelivered.value());
    bytesReceived.add(other.bytesReceived.value());
    bytesSent.add(other.bytesSent.value());
    departures.add(other.departures);
    presenceLists.add(other.presenceLists.value());
    presenceChangesCoalesced.add(other.presenceChangesCoalesced.value());
    presenceListsTruncated.add(other.presenceListsTruncated.value());
    sessionsAway.add(other.sessionsAway.value());
    resumesRecovered.add(other.resumesRecovered.value());
    resumesUnrecovered.add(other.resumesUnrecovered.value());
    resumesUnknown.add(other.resumesUnknown.value());
    eventsReplayed.add(other.eventsReplayed.value());
    eventTimes.add(other.eventTimes);
    turnTimes.add(other.turnTimes);
    joinTimes.add(other.joinTimes);
    roundTrips.add(other.roundTrips);
}

} // namespace Dispatch

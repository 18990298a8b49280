// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "figures_p.h"

#include <algorithm>

namespace Dispatch::Engine {

Figures figuresOf(const NodeCounters &counters)
{
    Figures figures;
    const std::int64_t timesReached = counters.timesReached.value();
    figures.isReached = counters.isReached.value() == 1;
    figures.wasReached = timesReached > 0;
    figures.isFenced = counters.isFenced.value() == 1;
    figures.reconnects = std::max<std::int64_t>(timesReached - 1, 0);
    figures.outstanding = counters.outstanding.load();
    figures.succeeded = counters.succeeded.value();
    for (std::size_t i = 0; i < FailureCount; ++i)
        figures.failed[i] = counters.failed[i].value();
    figures.failed[static_cast<std::size_t>(Failure::Busy)] += counters.tooMany.load();
    figures.callTimes = counters.callTimes;
    figures.gapsRefilled = counters.gapsRefilled.value();
    figures.streamsReset = counters.streamsReset.value();
    figures.streams = counters.streams.value();
    figures.seats = counters.seats.value();
    figures.members = counters.members.value();
    figures.sessions = counters.sessions.value();
    figures.scriptCalls = counters.scriptCalls.value();
    figures.scriptMicroseconds = counters.scriptMicroseconds.value();
    return figures;
}

} // namespace Dispatch::Engine

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "enginetypes_p.h"
#include "histogram_p.h"

#include <array>
#include <atomic>
#include <cstdint>

namespace Dispatch::Engine {

/// What a node counts on its store's thread, for others to read.
struct NodeCounters {
    Gauge isReached;
    Gauge isFenced;
    Counter timesReached;
    std::atomic<std::int64_t> outstanding{0}; ///< calls of others that have not ended; any thread
    std::atomic<std::int64_t> tooMany{0}; ///< calls that were Busy at once; any thread
    Counter succeeded;
    std::array<Counter, FailureCount> failed; ///< by Failure; without those above
    Histogram callTimes;
    Counter gapsRefilled;
    Counter streamsReset;
    Gauge streams;
    Gauge seats;
    Gauge members;
    Gauge sessions;
    Gauge scriptCalls;
    Gauge scriptMicroseconds;
};

/// What a node has counted until now, and what it holds, as of its latest beat.
struct Figures {
    bool isReached = false; ///< the store answers
    bool wasReached = false; ///< it did at least once
    bool isFenced = false;
    std::int64_t reconnects = 0; ///< how often the store was reached again
    std::int64_t outstanding = 0; ///< calls that have not ended
    std::int64_t succeeded = 0; ///< calls
    std::array<std::int64_t, FailureCount> failed{}; ///< calls, by Failure
    Histogram callTimes; ///< from a call to its end
    std::int64_t gapsRefilled = 0; ///< how often events that were missed were read from a log
    std::int64_t streamsReset = 0; ///< how often events could not be had any more
    std::int64_t streams = 0; ///< that are listened to
    std::int64_t seats = 0;
    std::int64_t members = 0;
    std::int64_t sessions = 0;
    /// What the store says that the scripts of all nodes have cost it, since it was started; 0 if
    /// it does not say so.
    std::int64_t scriptCalls = 0;
    std::int64_t scriptMicroseconds = 0;
};

Figures figuresOf(const NodeCounters &counters);

} // namespace Dispatch::Engine

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "arrivals_p.h"
#include "clock_p.h"
#include "counters_p.h"

#include <memory>
#include <utility>
#include <vector>

namespace Dispatch {

class Transport;

/// What belongs to the present turn of a worker's loop: the time, and who has something to
/// write at its end.
struct LoopTurn {
    TimePoint now = Clock::now();
    std::size_t received = 0; ///< bytes in this turn
    std::vector<std::shared_ptr<Transport>> toFlush;
    Counters counters;
    Arrivals arrivals; ///< of events

    /// To be called by each step that begins: looks at the clock.
    void tick()
    {
        now = Clock::now();
        if (!std::exchange(hasBegun, true))
            since = now;
    }
    /// To be called when all steps are done and what they had to write is written.
    void finish()
    {
        received = 0;
        hasBegun = false;
        const TimePoint end = Clock::now();
        counters.turnTimes.observe(end - since);
        arrivals.finish(end, counters.eventTimes);
    }

private:
    TimePoint since;
    bool hasBegun = false;
};

} // namespace Dispatch

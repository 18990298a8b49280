// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "clock_p.h"

#include <cstddef>

namespace Dispatch {

/// When clients go that are sent away one by one: evenly over a time, so that they come back
/// evenly (docs/protocol.md, "Drain"). Evenly and not at random: chance would make crowds of its
/// own.
class DrainSchedule {
public:
    /// Few clients don't take all of the time: nobody waits longer for the one before him.
    static constexpr milliseconds LongestGap{100};
    /// In which somebody who was closed with 1012 is back: original clients wait for 5 s, and then
    /// have to connect.
    static constexpr std::chrono::seconds WayBack{6};

    /// The part of \a drainTime over which clients go, so that the last one can be back at its end:
    /// all but WayBack, and no less than half.
    static Duration closingTime(Duration drainTime);

    /// The last one goes \a time after \a start. Several threads have a \a phase each, above 0
    /// and up to 1, so that their clients go in turn.
    DrainSchedule(TimePoint start, Duration time, double phase = 1);

    /// When the next one goes, \a left being those who have not gone yet. A delay is never caught
    /// up by a crowd: those who are left share the time that is left.
    TimePoint next(std::size_t left, TimePoint now);

private:
    TimePoint m_last; // when one went
    TimePoint m_end;
    double m_phase;
};

} // namespace Dispatch

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "sleepdetector_p.h"

namespace Dispatch {

namespace {

// Clocks are corrected by less, and busy machines call timers later than they should.
constexpr Milliseconds Tolerance{2'000};

} // namespace

bool SleepDetector::tick(const Moment &now, Milliseconds interval)
{
    const Instant passed = now.steady - m_lastTick.steady;
    const Instant drift = now.wall - m_lastTick.wall - passed;
    m_lastTick = now;
    const Instant longest = 2 * interval + std::min(interval, Tolerance);
    return passed > longest || drift > Tolerance || drift < -Tolerance;
}

} // namespace Dispatch

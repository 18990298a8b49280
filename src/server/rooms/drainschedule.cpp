// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "drainschedule_p.h"

#include <algorithm>
#include <utility>

namespace Dispatch {

Duration DrainSchedule::closingTime(Duration drainTime)
{
    return std::max<Duration>(drainTime - WayBack, drainTime / 2);
}

DrainSchedule::DrainSchedule(TimePoint start, Duration time, double phase)
    : m_last(start)
    , m_end(start + time)
    , m_phase(phase)
{
}

TimePoint DrainSchedule::next(std::size_t left, TimePoint now)
{
    const Duration rest = std::max(m_end - m_last, Duration::zero());
    const auto gap = std::min<Duration>(
        rest / static_cast<Duration::rep>(std::max<std::size_t>(left, 1)), LongestGap);
    const double phase = std::exchange(m_phase, 1);
    m_last = std::max(m_last + std::chrono::duration_cast<Duration>(phase * gap), now);
    return m_last;
}

} // namespace Dispatch

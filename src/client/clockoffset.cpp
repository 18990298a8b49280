// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "clockoffset_p.h"

namespace Dispatch {

namespace {

double toMs(Instant time)
{
    return std::chrono::duration<double, std::milli>(time).count();
}

} // namespace

bool ClockOffset::heard(std::int64_t serverTime, Instant now)
{
    if (serverTime <= 0)
        return false;
    const double difference = double(serverTime) - toMs(now);
    if (m_best && difference < *m_best && now - m_heardAt <= BestBefore)
        return false;
    const bool changed = m_best != difference;
    m_best = difference;
    m_heardAt = now;
    return changed;
}

bool ClockOffset::measured(double halfTrip)
{
    if (m_halfTrip && *m_halfTrip <= halfTrip)
        return false;
    m_halfTrip = halfTrip;
    return m_best.has_value();
}

std::optional<double> ClockOffset::at(Instant now, Milliseconds wall) const
{
    if (!m_best)
        return std::nullopt;
    return *m_best + m_halfTrip.value_or(0) + toMs(now) - double(wall.count());
}

} // namespace Dispatch

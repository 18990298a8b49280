// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "lane_p.h"

#include <algorithm>
#include <utility>

namespace Dispatch::TestKit {

void Lane::send(Milliseconds delay, std::function<void()> arrival)
{
    Instant at = m_clock.now().steady + delay;
    if (!m_parcels.empty())
        at = std::max(at, m_parcels.back().at);
    m_parcels.push_back({at, std::move(arrival)});
    if (m_parcels.size() == 1)
        arm();
}

void Lane::setHeld(bool isHeld)
{
    m_isHeld = isHeld;
    arm();
}

void Lane::clear()
{
    m_parcels.clear();
    m_clock.cancelAlarm(this);
}

void Lane::arm()
{
    if (m_isHeld || m_parcels.empty())
        m_clock.cancelAlarm(this);
    else
        m_clock.setAlarm(this, m_parcels.front().at);
}

void Lane::ring()
{
    const std::function<void()> arrival = std::move(m_parcels.front().arrival);
    m_parcels.pop_front();
    arm();
    arrival();
}

} // namespace Dispatch::TestKit

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "heartbeat_p.h"

namespace Dispatch {

Heartbeat::Heartbeat(Duration interval, Duration timeout, TimePoint now, double spread)
    : m_interval(interval)
    , m_timeout(timeout)
    , m_nextPing(now)
    , m_lastPing(now)
    , m_spread(spread)
{
}

Heartbeat::Action Heartbeat::check(TimePoint now, TimePoint lastHeard) const
{
    const bool waits = m_sequence > 0 && !m_answered && lastHeard <= m_lastPing;
    if (waits && now - m_lastPing >= m_timeout)
        return Action::Dead;
    // One who is waited for is not pinged again: that would put the end off.
    return !waits && now >= m_nextPing ? Action::Ping : Action::None;
}

std::string Heartbeat::ping(TimePoint now)
{
    const bool isFirst = m_sequence == 0;
    m_lastPing = now;
    m_nextPing = now + m_interval;
    if (isFirst)
        m_nextPing -= std::chrono::duration_cast<Duration>(m_interval * (m_spread / 2));
    m_answered = false;
    return std::to_string(++m_sequence);
}

bool Heartbeat::pong(TimePoint now, std::string_view payload)
{
    if (m_answered || payload != std::to_string(m_sequence))
        return false;
    m_answered = true;
    m_halfRoundTrip = (now - m_lastPing) / 2;
    return true;
}

} // namespace Dispatch

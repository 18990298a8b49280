// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "heartbeat_p.h"

#include <charconv>

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
    const bool waits = m_answered < m_sequence && lastHeard <= m_lastPing;
    if (waits && now - m_lastPing >= m_timeout)
        return Action::Dead;
    // It speaks, but what is sent to it does not arrive.
    if (m_unansweredSince && now - *m_unansweredSince >= m_interval + m_timeout)
        return Action::Dead;
    // One who is waited for is not pinged again: that would put the end off.
    return !waits && now >= m_nextPing ? Action::Ping : Action::None;
}

void Heartbeat::excuse(TimePoint now)
{
    if (m_unansweredSince)
        m_unansweredSince = now;
}

std::string Heartbeat::ping(TimePoint now)
{
    const bool isFirst = m_sequence == 0;
    m_lastPing = now;
    m_nextPing = now + m_interval;
    if (isFirst)
        m_nextPing -= std::chrono::duration_cast<Duration>(m_interval * (m_spread / 2));
    if (!m_unansweredSince)
        m_unansweredSince = now;
    return std::to_string(++m_sequence);
}

bool Heartbeat::pong(TimePoint now, std::string_view payload)
{
    std::uint32_t number = 0;
    const char *const end = payload.data() + payload.size();
    const auto [rest, error] = std::from_chars(payload.data(), end, number);
    if (error != std::errc() || rest != end || number <= m_answered || number > m_sequence)
        return false;
    m_answered = number;
    if (number < m_sequence) {
        m_unansweredSince = m_lastPing;
        return false;
    }
    m_unansweredSince.reset();
    m_halfRoundTrip = (now - m_lastPing) / 2;
    return true;
}

} // namespace Dispatch

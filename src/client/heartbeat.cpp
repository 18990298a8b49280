// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "heartbeat_p.h"

#include <algorithm>

namespace Dispatch {

namespace {

constexpr Milliseconds ProbeTimeout{3'000};
constexpr Milliseconds LongestCheckInterval{5'000};
constexpr Milliseconds ClockTolerance{2'000};

} // namespace

void Heartbeat::setTimes(Milliseconds interval, Milliseconds timeout)
{
    m_interval = std::max(interval, Milliseconds(1));
    m_timeout = std::max(timeout, Milliseconds(1));
}

void Heartbeat::start(Instant now, Milliseconds wall)
{
    m_lastHeard = now;
    m_lastCheck = now;
    m_lastWall = wall;
    m_deadline.reset();
    m_pongDue = false;
}

void Heartbeat::heard(Instant now)
{
    m_lastHeard = now;
    m_deadline.reset();
}

Milliseconds Heartbeat::checkInterval() const
{
    return std::clamp(std::min(m_interval, m_timeout) / 4, Milliseconds(1), LongestCheckInterval);
}

bool Heartbeat::clockJumped(Instant now, Milliseconds wall) const
{
    const Instant passed = now - m_lastCheck;
    // The machine slept: its monotonic clock stood still or the timer came late. A set clock looks
    // the same and costs one ping.
    const Instant drift = (wall - m_lastWall) - passed;
    return drift > ClockTolerance || drift < -ClockTolerance
        || passed > 2 * checkInterval() + ClockTolerance;
}

Heartbeat::Verdict Heartbeat::check(Instant now, Milliseconds wall)
{
    const bool jumped = clockJumped(now, wall);
    m_lastCheck = now;
    m_lastWall = wall;
    if (jumped) {
        // A deadline that ran out while the machine slept proves nothing either.
        m_deadline = now + std::min(ProbeTimeout, m_timeout);
        return Verdict::SendPing;
    }
    if (m_deadline)
        return now >= *m_deadline ? Verdict::Dead : Verdict::Fine;
    if (now - m_lastHeard < m_interval)
        return Verdict::Fine;
    m_deadline = now + m_timeout;
    return Verdict::SendPing;
}

std::uint32_t Heartbeat::sendPing(Instant now)
{
    m_pingSent = now;
    m_pongDue = true;
    return ++m_pingId;
}

std::optional<std::chrono::duration<double, std::milli>> Heartbeat::pong(std::uint32_t id,
                                                                         Instant now)
{
    heard(now);
    if (!m_pongDue || id != m_pingId)
        return std::nullopt;
    m_pongDue = false;
    return std::chrono::duration<double, std::milli>(now - m_pingSent) / 2;
}

} // namespace Dispatch

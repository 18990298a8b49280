// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "heartbeat_p.h"

#include <algorithm>
#include <utility>

namespace Dispatch {

namespace {

constexpr Milliseconds ProbeTimeout{3'000};
constexpr Milliseconds LongestCheckInterval{5'000};

} // namespace

void Heartbeat::setTimes(Milliseconds interval, Milliseconds timeout)
{
    m_interval = std::max(interval, Milliseconds(1));
    m_timeout = std::max(timeout, Milliseconds(1));
}

void Heartbeat::start(Instant now)
{
    m_isProbing = false;
    m_deadline.reset();
    m_unansweredSince.reset();
    m_answeredId = m_pingId;
    m_pingSent = now;
}

Milliseconds Heartbeat::patience() const
{
    return m_isProbing ? std::min(ProbeTimeout, m_timeout) : m_timeout;
}

void Heartbeat::heard(Instant now)
{
    if (m_isProbing && m_deadline)
        m_deadline = now + patience();
    else
        m_deadline.reset();
}

void Heartbeat::progressed(Instant now)
{
    if (m_unansweredSince)
        m_unansweredSince = now;
}

void Heartbeat::excuse(Instant now)
{
    heard(now);
    progressed(now);
}

Milliseconds Heartbeat::checkInterval() const
{
    return std::clamp(std::min(m_interval, m_timeout) / 4, Milliseconds(1), LongestCheckInterval);
}

bool Heartbeat::probe()
{
    return !std::exchange(m_isProbing, true);
}

Heartbeat::Verdict Heartbeat::check(Instant now) const
{
    if (m_deadline && now >= *m_deadline)
        return Verdict::Silent;
    // Answers can be stuck behind very much that comes before them.
    if (m_unansweredSince && now - *m_unansweredSince >= m_interval + m_timeout)
        return Verdict::Deaf;
    // A server that is waited for is not pinged again: that would put the end off.
    return !m_deadline && now - m_pingSent >= m_interval ? Verdict::SendPing : Verdict::Fine;
}

std::uint32_t Heartbeat::sendPing(Instant now)
{
    m_pingSent = now;
    m_deadline = std::min(m_deadline.value_or(Instant::max()), Instant(now + patience()));
    if (!m_unansweredSince)
        m_unansweredSince = now;
    return ++m_pingId;
}

std::optional<std::chrono::duration<double, std::milli>> Heartbeat::pong(std::uint32_t id,
                                                                         Instant now)
{
    heard(now);
    if (id <= m_answeredId || id > m_pingId)
        return std::nullopt;
    m_answeredId = id;
    if (id != m_pingId) {
        m_unansweredSince = m_pingSent;
        return std::nullopt;
    }
    m_isProbing = false;
    m_deadline.reset();
    m_unansweredSince.reset();
    return std::chrono::duration<double, std::milli>(now - m_pingSent) / 2;
}

} // namespace Dispatch

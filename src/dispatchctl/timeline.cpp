// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "timeline_p.h"

#include <algorithm>

namespace Dispatch::Ctl {

namespace {

using Seconds = std::chrono::duration<double>;

// Longer than anybody waits, and nothing overflows.
constexpr Seconds Longest = std::chrono::hours(24 * 365);

} // namespace

Timeline::Timeline(std::vector<RecordedStep> steps, double speed)
    : m_steps(std::move(steps))
    , m_speed(speed)
{
}

void Timeline::rewind()
{
    m_next = 0;
    m_position = Seconds(0);
    m_since.reset();
}

void Timeline::goOn(Instant now)
{
    if (isPaused())
        m_since = now;
}

void Timeline::pause(Instant now)
{
    m_position = positionAt(now);
    m_since.reset();
}

const RecordedStep *Timeline::due(Instant now) const
{
    const auto at = nextAt();
    return at && *at <= now ? &m_steps[m_next] : nullptr;
}

std::optional<Instant> Timeline::nextAt() const
{
    if (isPaused() || isAtEnd())
        return std::nullopt;
    const Seconds wait = (Seconds(m_steps[m_next].at) - m_position) / m_speed;
    return *m_since
        + std::chrono::round<std::chrono::milliseconds>(std::clamp(wait, Seconds(0), Longest));
}

Seconds Timeline::positionAt(Instant now) const
{
    return isPaused() ? m_position : m_position + Seconds(now - *m_since) * m_speed;
}

} // namespace Dispatch::Ctl

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "backoff_p.h"

#include <algorithm>
#include <utility>

namespace Dispatch {

Backoff::Backoff(Random random, const DispatchReconnectPolicy &policy)
    : m_random(std::move(random))
    , m_policy(policy)
{
}

Milliseconds Backoff::ceiling() const
{
    return ceilingAfter(m_retries);
}

Milliseconds Backoff::ceilingAfter(int retries) const
{
    // A minDelay of 0 would never grow.
    const qint64 first = std::max(m_policy.minDelay.count(), 1);
    const qint64 last = std::max(m_policy.maxDelay.count(), 1);
    constexpr int MostDoublings = 31;
    return Milliseconds(std::min(first << std::min(retries, MostDoublings), last));
}

bool Backoff::isSpent() const
{
    return m_policy.maxAttempts >= 0 && m_retries >= m_policy.maxAttempts;
}

Milliseconds Backoff::drawUnder(Milliseconds ceiling) const
{
    return Milliseconds(static_cast<qint64>(draw() * static_cast<double>(ceiling.count())));
}

double Backoff::draw() const
{
    return std::clamp(m_random(), 0.0, 1.0);
}

std::optional<Milliseconds> Backoff::next()
{
    if (isSpent())
        return std::nullopt;
    const Milliseconds delay = drawUnder(ceiling());
    if (m_retries < std::numeric_limits<int>::max())
        ++m_retries;
    return delay;
}

std::optional<Milliseconds> Backoff::nextAsAsked(Milliseconds asked)
{
    const Milliseconds bound(std::max(m_policy.maxRetryAfter.count(), 0));
    const Milliseconds wait = std::clamp(asked, Milliseconds(0), bound);
    if (std::exchange(m_wasAsked, true)) {
        const auto delay = next();
        return delay ? std::optional(std::max(*delay, wait)) : std::nullopt;
    }
    if (isSpent())
        return std::nullopt;
    return wait + drawUnder(wait / 4);
}

Milliseconds Backoff::soon() const
{
    return drawUnder(ceilingAfter(0));
}

void Backoff::reset()
{
    m_retries = 0;
    m_wasAsked = false;
}

void Backoff::connectionEnded(Instant uptime)
{
    if (uptime >= Milliseconds(m_policy.minUptime))
        reset();
}

} // namespace Dispatch

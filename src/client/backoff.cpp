// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "backoff_p.h"

#include <algorithm>

namespace Dispatch {

Backoff::Backoff(Random random, const DispatchReconnectPolicy &policy)
    : m_random(std::move(random))
    , m_policy(policy)
{
}

Milliseconds Backoff::ceiling() const
{
    // A minDelay of 0 would never grow.
    const qint64 first = std::max(m_policy.minDelay, 1);
    const qint64 last = std::max(m_policy.maxDelay, 1);
    constexpr int MostDoublings = 31;
    return Milliseconds(std::min(first << std::min(m_retries, MostDoublings), last));
}

std::optional<Milliseconds> Backoff::next()
{
    if (m_policy.maxAttempts >= 0 && m_retries >= m_policy.maxAttempts)
        return std::nullopt;
    const double share = std::clamp(m_random(), 0.0, 1.0);
    const Milliseconds delay(static_cast<qint64>(share * static_cast<double>(ceiling().count())));
    if (m_retries < std::numeric_limits<int>::max())
        ++m_retries;
    return delay;
}

void Backoff::connectionEnded(Instant uptime)
{
    if (uptime >= Milliseconds(m_policy.minUptime))
        reset();
}

} // namespace Dispatch

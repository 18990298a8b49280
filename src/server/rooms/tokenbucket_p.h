// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "clock_p.h"

#include <algorithm>
#include <atomic>
#include <cstdint>

namespace Dispatch {

/// So much a second in the long run, and so much at once.
class Rate {
public:
    /// No limit.
    Rate() = default;
    /// No limit if \a perSecond is 0.
    Rate(double perSecond, double burst)
    {
        if (perSecond <= 0)
            return;
        m_each = NanosecondsPerSecond / perSecond;
        m_burst = static_cast<std::int64_t>(m_each * burst);
    }

    bool isLimited() const { return m_each > 0; }
    /// The time in which \a amount flows in, in ns.
    std::int64_t cost(double amount) const { return static_cast<std::int64_t>(m_each * amount); }
    /// The time in which an empty bucket fills, in ns.
    std::int64_t burst() const { return m_burst; }

private:
    static constexpr double NanosecondsPerSecond = 1e9;

    double m_each = 0;
    std::int64_t m_burst = 0;
};

/// A bucket of tokens, as the time when it will be full again: one number, and full when it is
/// new. The rate is told each time, so that it can change.
class TokenBucket {
public:
    /// Takes \a amount at \a now and returns zero; or takes nothing and returns how long it will be
    /// until there is so much. More than a whole bucket is had from a full one.
    Duration take(const Rate &rate, double amount, TimePoint now)
    {
        if (!rate.isLimited())
            return {};
        return taken(m_fullAt, rate, amount, ticks(now), m_fullAt);
    }

    bool isFull(TimePoint now) const { return m_fullAt <= ticks(now); }

private:
    friend class SharedTokenBucket;

    static std::int64_t ticks(TimePoint time)
    {
        return std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch())
            .count();
    }
    static Duration taken(std::int64_t fullAt, const Rate &rate, double amount, std::int64_t now,
                          std::int64_t &newFullAt)
    {
        const std::int64_t cost = rate.cost(amount);
        const std::int64_t missing = std::max(fullAt - now, std::int64_t(0));
        const std::int64_t wait = missing + cost - std::max(rate.burst(), cost);
        if (wait > 0)
            return std::chrono::duration_cast<Duration>(std::chrono::nanoseconds(wait));
        newFullAt = now + missing + cost;
        return {};
    }

    std::int64_t m_fullAt = 0;
};

/// The same for several threads.
class SharedTokenBucket {
public:
    Duration take(const Rate &rate, double amount, TimePoint now)
    {
        if (!rate.isLimited())
            return {};
        const std::int64_t time = TokenBucket::ticks(now);
        std::int64_t before = m_fullAt.load(std::memory_order_relaxed);
        while (true) {
            std::int64_t after = before;
            const Duration wait = TokenBucket::taken(before, rate, amount, time, after);
            if (wait > Duration::zero()
                || m_fullAt.compare_exchange_weak(before, after, std::memory_order_relaxed))
                return wait;
        }
    }

private:
    std::atomic<std::int64_t> m_fullAt{0};
};

} // namespace Dispatch

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "clock_p.h"
#include "counter_p.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace Dispatch {

/// How long something took, each time it was done: counted in buckets, so that no time costs
/// memory. One thread writes, others may read.
class Histogram {
public:
    /// The longest time of each bucket; one more bucket has what is longer.
    static constexpr std::array<std::chrono::nanoseconds, 19> Bounds = [] {
        using namespace std::chrono_literals;
        return std::array<std::chrono::nanoseconds, 19>{
            10us, 25us, 50us,  100us, 250us, 500us, 1ms,    2500us, 5ms, 10ms,
            25ms, 50ms, 100ms, 250ms, 500ms, 1s,    2500ms, 5s,     10s};
    }();
    static constexpr std::size_t Buckets = Bounds.size() + 1;

    void observe(Duration duration, std::int64_t times = 1)
    {
        const std::chrono::nanoseconds time = std::max(duration, Duration::zero());
        const auto place = std::ranges::lower_bound(Bounds, time);
        m_buckets[static_cast<std::size_t>(place - Bounds.begin())].add(times);
        m_sum.add(time.count() * times);
    }
    /// Adds all that \a other has counted.
    void add(const Histogram &other)
    {
        for (std::size_t i = 0; i < Buckets; ++i)
            m_buckets[i].add(other.m_buckets[i].value());
        m_sum.add(other.m_sum.value());
    }

    /// How often it took longer than the bound before this bucket, and at most its own.
    std::int64_t inBucket(std::size_t bucket) const { return m_buckets[bucket].value(); }
    std::chrono::nanoseconds sum() const { return std::chrono::nanoseconds(m_sum.value()); }

private:
    std::array<Counter, Buckets> m_buckets;
    Counter m_sum; // in ns
};

} // namespace Dispatch

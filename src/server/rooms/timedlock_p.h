// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "clock_p.h"
#include "histogram_p.h"

#include <mutex>

namespace Dispatch {

/// Holds a mutex, and counts for how long it did.
class TimedLock {
public:
    /// \a times is written under \a mutex alone.
    TimedLock(std::mutex &mutex, Histogram &times)
        : m_lock(mutex)
        , m_times(times)
    {
    }
    ~TimedLock() { m_times.observe(Clock::now() - m_since); }
    TimedLock(const TimedLock &) = delete;
    TimedLock &operator=(const TimedLock &) = delete;

private:
    const std::lock_guard<std::mutex> m_lock;
    Histogram &m_times;
    const TimePoint m_since = Clock::now();
};

} // namespace Dispatch

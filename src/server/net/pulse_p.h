// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "clock_p.h"

#include <algorithm>
#include <atomic>

namespace Dispatch {

/// Shows others that a loop turns. The loop has to beat it now and then.
class Pulse {
public:
    /// On the thread of the loop.
    void beat(TimePoint now) { m_latest.store(now.time_since_epoch().count(), Relaxed); }

    /// How long the loop was not seen; on any thread.
    Duration silence(TimePoint now) const
    {
        return std::max(now - TimePoint(Duration(m_latest.load(Relaxed))), Duration::zero());
    }

private:
    static constexpr std::memory_order Relaxed = std::memory_order_relaxed;
    std::atomic<Duration::rep> m_latest{Clock::now().time_since_epoch().count()};
};

} // namespace Dispatch

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "clock_p.h"
#include "histogram_p.h"

#include <cstdint>
#include <vector>

namespace Dispatch {

/// When the events of one loop turn came in. Those that came together are counted together, so
/// that each event is measured at hardly any cost.
class Arrivals {
public:
    void add(TimePoint now)
    {
        if (m_runs.empty() || m_runs.back().time != now)
            m_runs.push_back({now, 0});
        ++m_runs.back().events;
    }
    /// What they caused is written at \a now: adds the time that each was under way to \a times.
    void finish(TimePoint now, Histogram &times)
    {
        for (const Run &run : m_runs)
            times.observe(now - run.time, run.events);
        m_runs.clear();
    }

private:
    struct Run {
        TimePoint time;
        std::int64_t events;
    };
    std::vector<Run> m_runs;
};

} // namespace Dispatch

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "clock_p.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace Dispatch {

/// How many refused messages one client may send in how short a time.
class ErrorBudget {
public:
    static constexpr std::size_t Errors = 10;
    static constexpr std::chrono::seconds Window{10};

    /// Notes an error at \a now; true if that is one too many.
    bool spend(TimePoint now)
    {
        m_times[m_next] = now;
        m_next = (m_next + 1) % Errors;
        m_count = std::min(m_count + 1, Errors);
        // With all places taken, the next one to be overwritten holds the oldest.
        return m_count == Errors && now - m_times[m_next] < Window;
    }

private:
    std::array<TimePoint, Errors> m_times{};
    std::size_t m_next = 0;
    std::size_t m_count = 0;
};

} // namespace Dispatch

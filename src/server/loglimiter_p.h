// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "clock_p.h"

#include <optional>
#include <utility>

namespace Dispatch {

/// Keeps one place of the program from filling the log: so many lines a second, and the next one
/// says how many were left out. For one thread.
class LogLimiter {
public:
    static constexpr int LinesPerSecond = 10;

    /// Tells whether a line may be written at \a now: nothing if not, else how many were left out
    /// since the last one.
    std::optional<int> admit(TimePoint now)
    {
        if (now - m_since >= std::chrono::seconds(1)) {
            m_since = now;
            m_lines = 0;
        }
        if (m_lines >= LinesPerSecond) {
            ++m_suppressed;
            return std::nullopt;
        }
        ++m_lines;
        return std::exchange(m_suppressed, 0);
    }

private:
    TimePoint m_since{};
    int m_lines = 0;
    int m_suppressed = 0;
};

} // namespace Dispatch

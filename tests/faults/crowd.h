// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <algorithm>
#include <chrono>
#include <vector>

namespace Dispatch::Faults {

using Times = std::vector<std::chrono::steady_clock::time_point>;

/// The most of \a times within any \a window.
inline int crowd(Times times, std::chrono::milliseconds window)
{
    std::ranges::sort(times);
    std::ptrdiff_t most = 0;
    for (auto first = times.begin(); first != times.end(); ++first)
        most =
            std::max(most, std::ranges::upper_bound(first, times.end(), *first + window) - first);
    return int(most);
}

} // namespace Dispatch::Faults

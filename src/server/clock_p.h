// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <chrono>
#include <cstdint>

namespace Dispatch {

/// The clock of all that waits and measures; it never jumps. Pure parts are told the time.
using Clock = std::chrono::steady_clock;
using TimePoint = Clock::time_point;
using Duration = Clock::duration;
using std::chrono::milliseconds;

/// What the clock on the wall shows, or showed some time \a ago, in ms since the epoch.
inline std::int64_t msSinceEpoch(Duration ago = {})
{
    const auto then = std::chrono::system_clock::now() - ago;
    return std::chrono::duration_cast<milliseconds>(then.time_since_epoch()).count();
}

} // namespace Dispatch

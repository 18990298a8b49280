// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <algorithm>
#include <chrono>
#include <limits>

namespace Dispatch {

/// A point of monotonic time, since any start. Logic never asks a clock: it is told.
using Instant = std::chrono::nanoseconds;
using Milliseconds = std::chrono::milliseconds;

/// A point of time by two clocks: the steady one may stand still while the machine sleeps, the
/// calendar's may be set. \c wall is since the epoch.
struct Moment {
    Instant steady{};
    Milliseconds wall{};
};

/// What a QTimer has to be started with to fire at \a at, or as late as it can before that.
inline int delayUntil(Instant at, Instant now)
{
    // Rounded up: a timer that fires before its time has to be armed again.
    const auto ms = std::chrono::ceil<Milliseconds>(at - now).count();
    return int(std::clamp<decltype(ms)>(ms, 0, std::numeric_limits<int>::max()));
}

} // namespace Dispatch

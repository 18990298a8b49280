// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <chrono>

namespace Dispatch {

/// The clock of all that waits and measures; it never jumps. Pure parts are told the time.
using Clock = std::chrono::steady_clock;
using TimePoint = Clock::time_point;
using Duration = Clock::duration;
using std::chrono::milliseconds;

} // namespace Dispatch

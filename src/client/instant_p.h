// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <chrono>

namespace Dispatch {

/// A point of monotonic time, since any start. Logic never asks a clock: it is told.
using Instant = std::chrono::nanoseconds;
using Milliseconds = std::chrono::milliseconds;

} // namespace Dispatch

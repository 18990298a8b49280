// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "clock_p.h"
#include "counters_p.h"

#include <memory>
#include <vector>

namespace Dispatch {

class Transport;

/// What belongs to the present turn of a worker's loop: the time, and who has something to
/// write at its end.
struct LoopTurn {
    TimePoint now = Clock::now();
    std::size_t received = 0; ///< bytes in this turn
    std::vector<std::shared_ptr<Transport>> toFlush;
    Counters counters;
};

} // namespace Dispatch

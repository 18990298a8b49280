// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <cstdint>

namespace Dispatch {

/// What this process takes of its machine, under the names that Prometheus has for it. What the
/// system does not tell is 0.
struct ProcessFigures {
    double cpuSeconds = 0;
    double startTimeSeconds = 0; ///< since the epoch
    std::int64_t residentBytes = 0;
    std::int64_t virtualBytes = 0;
    std::int64_t openFiles = 0;
    std::int64_t maxFiles = 0;

    static ProcessFigures now();
};

/// ProcessFigures::residentBytes alone, which is soon known.
std::int64_t residentMemory();

} // namespace Dispatch

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "clock_p.h"

#include <string>
#include <vector>

namespace Dispatch {

/// A loop of the server, and for how long it did not turn.
struct LoopHealth {
    std::string name;
    Duration silence{};
};

/// Those of \a loops that were silent for \a timeout: they are stuck. Pure.
std::vector<LoopHealth> stuckAmong(std::vector<LoopHealth> loops, milliseconds timeout);
/// What /healthz says of them, as JSON. Pure.
std::string healthReport(const std::vector<LoopHealth> &stuck);

} // namespace Dispatch

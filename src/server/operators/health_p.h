// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "clock_p.h"
#include "figures_p.h"

#include <optional>
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

/// Whether clients that come now should come.
enum class Readiness {
    Ready,
    Draining, ///< all are being sent away
    Full,
    EngineUnreached, ///< it never answered: nobody knows who is where
    EngineFenced, ///< this server's leases have lapsed
};

/// The same of a server that takes joins or not, has room or not, and has \a engine, if any. Pure.
Readiness readiness(bool takesJoins, bool hasRoom, const std::optional<Engine::Figures> &engine);
/// What /readyz says of it, as JSON. Pure.
std::string readinessReport(Readiness readiness);

} // namespace Dispatch

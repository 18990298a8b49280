// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "pulse_p.h"

#include <memory>

namespace Dispatch {

class Hub;
class Router;

struct OperatorRoutes {
    const Hub &hub; ///< must outlive the router
    std::shared_ptr<const Pulse> listener; ///< of the one who takes joins
    /// Refuses requests for any other host than localhost and addresses. On loopback, where
    /// nobody comes by another name but a page whose name was made to lead there.
    bool onlyOwnNames = true;
};

/// Adds what operators are served to \a router: health, readiness, metrics.
void addOperatorRoutes(Router &router, const OperatorRoutes &routes);

} // namespace Dispatch

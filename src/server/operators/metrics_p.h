// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "health_p.h"

#include <string>

namespace Dispatch {

class Hub;

/// Whether clients should come to the server. On any thread.
Readiness readinessOf(const Hub &hub);

/// What Prometheus is told of the server and its process (docs/operations.md, "Metrics"). Nothing
/// in it names a project, a shard or a person. On any thread.
std::string metricsOf(const Hub &hub);

} // namespace Dispatch

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "router_p.h"

namespace Dispatch {

class Hub;

/// Has \a router serve GET /info/<projectId>: the shards of a project, by name.
void addInfoRoute(Router &router, const Hub &hub);

/// \a handler for those whose address does not ask for more than infoRequestsPerSecond.
Route::Handler withinInfoRate(const Hub &hub, Route::Handler handler);

} // namespace Dispatch

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

namespace Dispatch {

class Hub;
class Router;

/// Has \a router serve GET /info/<projectId>: the shards of a project, by name.
void addInfoRoute(Router &router, const Hub &hub);

} // namespace Dispatch

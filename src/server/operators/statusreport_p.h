// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "health_p.h"

#include <string>
#include <string_view>
#include <vector>

namespace Dispatch {

class Hub;

/// What the status page asks for each second, as JSON: figures of the server, and the largest of
/// the shards that have \a search in their name or their project's. \a stuck are the loops that do
/// not turn. On any thread.
std::string statusReport(const Hub &hub, std::string_view search,
                         const std::vector<LoopHealth> &stuck);

} // namespace Dispatch

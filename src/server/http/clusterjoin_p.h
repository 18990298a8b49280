// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "admission_p.h"

#include <functional>

namespace Dispatch {

class Hub;

/// Finds the session that goes on, or takes a seat, where several servers share an engine. \a done
/// hears of it on the engine's thread.
void placeInCluster(Hub &hub, JoinWish wish, std::function<void(const Admission &)> done);

} // namespace Dispatch

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "counter_p.h"

namespace Dispatch {

/// What goes through one shard. Its worker counts; those who look on may outlive the shard.
struct Traffic {
    Counter emitted; ///< events
    Counter delivered; ///< events times members
};

} // namespace Dispatch

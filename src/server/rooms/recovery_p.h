// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "replaylog_p.h"
#include "streamposition_p.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace Dispatch {

/// What somebody missed, all of it and in order.
struct Recovery {
    std::vector<Chunk> frames;
    std::uint64_t events = 0;
};

/// What a client missed that is at \a position, in a shard of the life \a epoch whose events are in
/// \a shard, and those for the client in \a direct. Nothing if any of it is not there, or if it is
/// more than \a bounds: nobody gets a part.
std::optional<Recovery> recover(const StreamPosition &position, std::uint64_t epoch,
                                const ReplayLog &shard, const DirectLog &direct,
                                const ReplayBounds &bounds);

} // namespace Dispatch

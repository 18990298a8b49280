// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "pendingemissions_p.h"

#include <cstdint>

namespace Dispatch {

class Connection;

/// What a client has beside its connection where several servers share an engine.
struct Membership {
    explicit Membership(Connection &whose)
        : connection(whose)
    {
    }

    Connection &connection;
    PendingEmissions pending;
    bool holdsEmit = false; ///< the message that is dealt with now is among them
    /// The last number of the client's that went to its shard, and to recipients.
    std::uint64_t lastInShard = 0;
    std::uint64_t lastDirect = 0;
    /// Numbers for what has none of the client's.
    std::uint64_t lastOwn = 0;
    /// In the shard's stream: what the client emitted to it is not behind that.
    Engine::Mark lastMark;
    std::uint64_t generation = 0; ///< of the session, as long as it is known
    /// Up to where the client surely has the events for recipients, and what is noted of that.
    Engine::Mark directMark;
    std::uint64_t direct = 0;
    std::uint64_t directAtPing = 0;
    Engine::Mark notedMark;
    bool isStateNoted = true; ///< whether the engine knows the session as it is
    bool staysElsewhere = false; ///< seat, presence and session are, or will be, another server's
};

} // namespace Dispatch

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "refusal_p.h"
#include "streamposition_p.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace Dispatch {

/// A message of the client that was refused.
struct RefusedEmit {
    std::uint64_t emit = 0;
    Refusal refusal{};

    bool operator==(const RefusedEmit &) const = default;
};

/// What the first event of a connection tells where the extended profile is spoken. Times are in
/// ms.
struct Greeting {
    std::string_view clientId;
    std::string_view shardName;
    std::string_view limits; ///< a JSON object
    std::string_view session; ///< the secret to resume it with
    int sessionWindow = 0; ///< how long it is kept without a connection
    bool recovered = false; ///< whether it goes on without a gap
    StreamPosition position; ///< from which on the client gets everything
    std::uint64_t lastEmit = 0; ///< up to which the client's messages were dealt with
    std::span<const RefusedEmit> refused; ///< of these
    std::uint64_t refusedSince = 1; ///< the message from which on refused has all
    std::uint64_t replay = 0; ///< how many of the events that follow are from before
    std::string_view userId; ///< empty: not identified
    std::uint64_t revision = 0; ///< of the list of clients
    std::int64_t serverTime = 0; ///< since the epoch
    int heartbeatInterval = 0;
    int heartbeatTimeout = 0;
    std::string_view connectedClients; ///< what a PresenceWriter wrote
    std::string_view state; ///< what wholeState() wrote; empty: is not told
};

/// The payload of CONNECTED.
std::string greetingPayload(const Greeting &greeting);

} // namespace Dispatch

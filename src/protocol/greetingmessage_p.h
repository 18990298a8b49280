// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "streamposition_p.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace Dispatch {

/// What the first event of a connection tells where the extended profile is spoken. Times are in
/// ms.
struct Greeting {
    std::string_view clientId;
    std::string_view shardName;
    std::string_view limits; ///< a JSON object
    StreamPosition position; ///< from which on the client gets everything
    std::string_view userId; ///< empty: not identified
    std::uint64_t revision = 0; ///< of the list of clients
    std::int64_t serverTime = 0; ///< since the epoch
    int heartbeatInterval = 0;
    int heartbeatTimeout = 0;
    std::string_view connectedClients; ///< what a PresenceWriter wrote
};

/// The payload of CONNECTED.
std::string greetingPayload(const Greeting &greeting);

} // namespace Dispatch

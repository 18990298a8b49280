// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "presencemessage_p.h"
#include "streamposition_p.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What a client reads of the platform events that the extended profile adds or adds to
/// (docs/protocol-extended.md).
namespace Dispatch {

/// The payload of ACK.
struct Acknowledgement {
    std::uint64_t emit = 0; ///< all up to this one
    std::uint64_t seq = 0; ///< the number of this one in the shard; 0: it has none

    bool operator==(const Acknowledgement &) const = default;
};

/// Nothing if something in \a payload is not what it should be.
std::optional<Acknowledgement> readAcknowledgement(std::string_view payload);

/// An emit that the server refused.
struct ReceivedRefusal {
    std::uint64_t emit = 0;
    std::string code;

    bool operator==(const ReceivedRefusal &) const = default;
};

/// What a server takes a second, and at once; 0: no limit, or it was not told.
struct SendingRates {
    std::uint64_t messagesPerSecond = 0;
    std::uint64_t messageBurst = 0;
    std::uint64_t bytesPerSecond = 0;
    std::uint64_t byteBurst = 0;
    std::uint64_t userInfosPerSecond = 0;
    std::uint64_t userInfoBurst = 0;

    bool operator==(const SendingRates &) const = default;
};

/// The payload of CONNECTED. Views point into the text that was read.
struct ReceivedGreeting {
    std::string clientId;
    std::string shardName;
    std::uint64_t messageUtf16Units = 0; ///< the limit of a message; 0: was not told
    std::uint64_t messageBytes = 0; ///< another one, of its UTF-8; 0: was not told
    SendingRates rates;
    std::string session; ///< what to resume with; empty: nothing can be resumed
    /// For how long the session is kept; for ever unless it was told.
    std::uint64_t windowMs = std::numeric_limits<std::uint64_t>::max();
    bool isRecovered = false;
    StreamPosition position;
    std::uint64_t lastEmit = 0; ///< up to this one the server has dealt with the client's emits
    std::vector<ReceivedRefusal> refused; ///< of these
    std::uint64_t refusedSince = 1; ///< refused has all from this emit on
    std::uint64_t replay = 0; ///< how many of the events that follow are from before
    std::uint64_t revision = 0; ///< of the list of clients
    std::uint64_t heartbeatMs = 0; ///< how often the server pings; 0: was not told
    std::uint64_t heartbeatTimeoutMs = 0; ///< and how long it waits for a sign of life
    std::uint64_t serverTime = 0; ///< ms since the epoch; 0: was not told
    std::string_view connectedClients; ///< a JSON object; empty: was not told
    std::uint64_t stateKeys = 0; ///< that the state of the shard may have; 0: there is none
    std::string_view state; ///< the whole of it (readWholeState()); empty: was not told
};

/// Nothing if there is no client id in \a payload, or something in it is not what it should be.
std::optional<ReceivedGreeting> readGreeting(std::string_view payload);

inline constexpr std::size_t MostEntries = std::numeric_limits<std::size_t>::max();

/// The payload of PRESENCE. The entries point into it.
struct PresenceDifference {
    std::uint64_t revision = 0;
    std::vector<PresenceSlice> joined;
    std::vector<PresenceSlice> changed;
    std::vector<std::string> left;
};

/// Nothing if something in \a payload is not what it should be. Of each list there are \a most
/// entries and one at most: one more tells that there are more.
std::optional<PresenceDifference> readPresenceDifference(std::string_view payload,
                                                         std::size_t most = MostEntries);

/// The entries of \a clients, the object that the greeting has as connectedClients; nothing if it
/// is none. Of more than \a most there is one more.
std::optional<std::vector<PresenceSlice>> readClients(std::string_view clients,
                                                      std::size_t most = MostEntries);

} // namespace Dispatch

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "refusal_p.h"
#include "statemessage_p.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

/// What becomes of a wish to change the shared state of a shard (docs/protocol-extended.md, "Shared
/// state").
namespace Dispatch {

/// What a server allows of the shared state of a shard.
struct StateBounds {
    std::size_t keys = 1'000; ///< 0: there is none
    std::size_t keyBytes = 255;
    std::size_t valueBytes = 16 * 1024; ///< as JSON text
    std::size_t bytes = 256 * 1024; ///< of all keys and values
    std::uint64_t ttlMs = 24 * 60 * 60 * 1'000;
};

/// Why a wish is refused, whatever the state is.
struct StateFault {
    Refusal refusal{};
    std::string detail = {}; ///< for people
};

/// The wish in \a payload, whose value is a view into that; or what is wrong with it.
std::variant<StateWish, StateFault> readStateWish(std::string_view payload,
                                                  const StateBounds &bounds);

/// What is said of \a wish when it is fulfilled at \a now, ms since the epoch.
StateItem stateItem(const StateWish &wish, std::int64_t now);

/// A change of the state: what decides about it, and what is kept.
struct StateChange {
    std::string key; ///< not empty
    bool isSet = false; ///< else it is removed
    std::string clientId = {}; ///< who wants it; empty: the server does
    std::string userId = {}; ///< of that client; empty: not identified
    bool isOwned = false; ///< by that client: neither another client nor user may change it
    std::chrono::milliseconds life{0}; ///< how long it is kept; 0: until it is removed
    std::size_t bytes = 0; ///< that it counts for
    std::optional<std::uint64_t> ifSeq = {}; ///< only if that set it; 0: only if it is not there
    bool ifOwnerIsGone = false; ///< only if its owner is no member of the shard
    std::size_t mostKeys = 0; ///< that there may be then
    std::size_t mostBytes = 0; ///< that all may count for then

    bool isByServer() const { return clientId.empty(); }
};

/// The change that the client \a clientId wants with \a wish.
StateChange stateChange(const StateWish &wish, const std::string &clientId,
                        const std::string &userId, const StateBounds &bounds);

} // namespace Dispatch

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "servermessage_p.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// What is said of the shared state of a shard (docs/protocol-extended.md, "Shared state").
namespace Dispatch {

/// The name of events that tell of a change, as JSON text: EventName::State.
inline constexpr std::string_view StateEventName = "\"@@KOJI_DISPATCH/STATE\"";

/// The payload of SET_STATE: what a client wishes to change.
struct StateWish {
    std::string key;
    std::string_view value; ///< JSON text, as it came; empty: the key is to be removed
    std::uint64_t ttlMs = 0; ///< for how long; 0: until it is removed
    bool isOwned = false; ///< nobody else may change or remove it
    /// Only if that is the number of the key's last change; 0: only if the key is not there.
    std::optional<std::uint64_t> ifSeq = {};
};

/// The wish in \a payload, or what is wrong with it. The value is a view into \a payload.
std::variant<StateWish, std::string> readStateWish(std::string_view payload);

/// The payload of SET_STATE that says \a wish.
std::string stateWishPayload(const StateWish &wish);

/// A key of the state and its value, or that it was removed.
struct StateItem {
    std::string key;
    std::string_view value; ///< JSON text; empty: it was removed
    bool isOwned = false;
    std::int64_t expiresAt = 0; ///< ms since the epoch; 0: does not
};

/// The payload of STATE, as an event of the shard.
std::string statePayload(const StateItem &item);

/// The same with the event's \a details, as one of the entries of a whole state.
std::string stateEntry(std::string_view payload, const EventDetails &details);

/// A whole state, as of the shard's event \a seq: \a entries are those of stateEntry(), with
/// commas between them.
std::string wholeState(std::uint64_t seq, std::string_view entries);

/// What a client reads of a key. Views point into what was read.
struct ReceivedStateItem : StateItem {
    std::uint64_t seq = 0; ///< 0: was not told
    std::string from;
    std::string fromUser;
    std::uint64_t time = 0;
};

/// The payload of STATE as an event; nothing if it is none.
std::optional<ReceivedStateItem> readStateItem(std::string_view payload);

struct ReceivedState {
    std::uint64_t seq = 0;
    std::vector<ReceivedStateItem> items;
};

/// A whole state; nothing if \a text is none.
std::optional<ReceivedState> readWholeState(std::string_view text);

} // namespace Dispatch

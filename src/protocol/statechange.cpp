// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "statechange_p.h"

namespace Dispatch {

namespace {

std::string atMost(std::string_view what, std::uint64_t most, std::string_view unit)
{
    return std::string(what) + " at most " + std::to_string(most) + std::string(unit);
}

} // namespace

std::variant<StateWish, StateFault> readStateWish(std::string_view payload,
                                                  const StateBounds &bounds)
{
    if (bounds.keys == 0)
        return StateFault{Refusal::StateNotKept};
    auto read = readStateWish(payload);
    if (const auto *wrong = std::get_if<std::string>(&read))
        return StateFault{Refusal::BadState, *wrong};
    auto &wish = std::get<StateWish>(read);
    if (wish.key.size() > bounds.keyBytes)
        return StateFault{Refusal::StateTooBig, atMost("a key has", bounds.keyBytes, " bytes")};
    if (wish.value.size() > bounds.valueBytes)
        return StateFault{Refusal::StateTooBig, atMost("a value has", bounds.valueBytes, " bytes")};
    if (wish.ttlMs > bounds.ttlMs)
        return StateFault{Refusal::BadState, atMost("the ttl is too long:", bounds.ttlMs, " ms")};
    return std::move(wish);
}

StateItem stateItem(const StateWish &wish, std::int64_t now)
{
    StateItem item{wish.key, wish.value};
    if (!wish.value.empty()) {
        item.isOwned = wish.isOwned;
        item.expiresAt = wish.ttlMs > 0 ? now + static_cast<std::int64_t>(wish.ttlMs) : 0;
    }
    return item;
}

StateChange stateChange(const StateWish &wish, const std::string &clientId,
                        const std::string &userId, const StateBounds &bounds)
{
    StateChange change;
    change.key = wish.key;
    change.clientId = clientId;
    change.userId = userId;
    change.ifSeq = wish.ifSeq;
    change.isSet = !wish.value.empty();
    if (change.isSet) {
        change.isOwned = wish.isOwned;
        change.life = std::chrono::milliseconds(wish.ttlMs);
        change.bytes = wish.key.size() + wish.value.size();
        change.mostKeys = bounds.keys;
        change.mostBytes = bounds.bytes;
    }
    return change;
}

} // namespace Dispatch

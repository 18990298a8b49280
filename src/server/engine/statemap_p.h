// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "enginetypes_p.h"

#include <map>
#include <optional>
#include <set>
#include <utility>

namespace Dispatch::Engine {

/// The shared state of one shard: keys with what is kept under each, who owns it, and for how long.
/// All that decides about a change is here; in Redis it is scripts/state.lua.
class StateMap {
public:
    struct Item {
        std::uint64_t seq = 0; ///< of the event that set it
        std::string clientId; ///< who did; its owner, if it is owned
        std::string userId; ///< empty: not identified
        bool isOwned = false;
        std::optional<TimePoint> end; ///< when its time is over; nothing: never, or it was told
        std::size_t bytes = 0; ///< of key and value
        std::string data; ///< opaque
    };

    /// Why \a change can't be made; nothing if it can. \a isOwnerThere: whether who owns the key is
    /// a member of the shard; asked if the change depends on it.
    template<class IsThere>
    std::optional<Failure> refusalOf(const StateChange &change, IsThere isOwnerThere) const
    {
        const Item *item = find(change.key);
        if (change.ifSeq && *change.ifSeq != (item ? item->seq : 0))
            return Failure::StateChanged;
        if (change.ifOwnerIsGone && (!item || !item->isOwned || isOwnerThere(item->clientId)))
            return Failure::StateChanged;
        if (item && !change.isByServer() && !mayChange(*item, change))
            return Failure::StateOwned;
        return change.isSet && !hasRoom(item, change) ? std::optional(Failure::StateFull)
                                                      : std::nullopt;
    }

    void set(const std::string &key, Item item);
    void remove(const std::string &key);
    void clear();

    const Item *find(const std::string &key) const;
    const std::map<std::string, Item> &items() const { return m_items; }
    bool isEmpty() const { return m_items.empty(); }

    /// When the time of a key is over next; nothing if never.
    std::optional<TimePoint> nextEnd() const;
    /// The keys whose time is over at \a now; each is told once.
    std::vector<std::string> takeEnded(TimePoint now);
    /// The keys that \a clientId owns.
    std::vector<std::string> ownedBy(const std::string &clientId) const;

private:
    static bool mayChange(const Item &item, const StateChange &change);
    bool hasRoom(const Item *item, const StateChange &change) const;

    std::map<std::string, Item> m_items;
    std::set<std::pair<TimePoint, std::string>> m_ends;
    std::size_t m_bytes = 0;
    std::size_t m_owned = 0; // items that are
};

} // namespace Dispatch::Engine

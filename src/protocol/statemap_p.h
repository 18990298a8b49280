// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "statechange_p.h"

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace Dispatch {

/// The shared state of one shard: keys with what is kept under each, who owns it, and for how long.
/// All that decides about a change is here; in Redis it is scripts/state.lua.
class StateMap {
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    struct Item {
        std::uint64_t seq = 0; ///< of the event that set it
        std::string clientId; ///< who did; its owner, if it is owned
        std::string userId; ///< empty: not identified
        bool isOwned = false;
        std::optional<TimePoint> end; ///< when its time is over; nothing: never, or it was told
        std::size_t bytes = 0; ///< of key and value
        std::string data; ///< opaque
    };

    /// Why \a change can't be made: StateChanged, StateOwned or StateFull; nothing if it can. \a
    /// isOwnerThere: whether who owns the key is a member of the shard; asked if the change depends
    /// on it.
    template<class IsThere>
    std::optional<Refusal> refusalOf(const StateChange &change, IsThere isOwnerThere) const
    {
        const Item *item = find(change.key);
        if (change.ifSeq && *change.ifSeq != (item ? item->seq : 0))
            return Refusal::StateChanged;
        if (change.ifOwnerIsGone && (!item || !item->isOwned || isOwnerThere(item->clientId)))
            return Refusal::StateChanged;
        if (item && !change.isByServer() && !mayChange(*item, change))
            return Refusal::StateOwned;
        return change.isSet && !hasRoom(item, change) ? std::optional(Refusal::StateFull)
                                                      : std::nullopt;
    }

    /// The same of what a client wants, which does not depend on that.
    std::optional<Refusal> refusalOf(const StateChange &change) const
    {
        return refusalOf(change, [](const std::string &) { return true; });
    }

    void set(const std::string &key, Item item);
    void remove(const std::string &key);
    void clear();

    /// Keeps what an event of the shard, with \a payload and \a details, says of \a item: its data
    /// is an entry of a whole state then.
    void keep(const StateItem &item, std::string_view payload, const EventDetails &details,
              std::optional<TimePoint> end);
    /// The whole state as of the shard's event \a seq, of data that keep() made.
    std::string whole(std::uint64_t seq) const;

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

} // namespace Dispatch

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "statemap_p.h"

namespace Dispatch {

bool StateMap::mayChange(const Item &item, const StateChange &change)
{
    return !item.isOwned || item.clientId == change.clientId
        || (!item.userId.empty() && item.userId == change.userId);
}

bool StateMap::hasRoom(const Item *item, const StateChange &change) const
{
    const std::size_t keys = m_items.size() + (item ? 0 : 1);
    const std::size_t bytes = m_bytes - (item ? item->bytes : 0) + change.bytes;
    return keys <= change.mostKeys && bytes <= change.mostBytes;
}

void StateMap::set(const std::string &key, Item item)
{
    remove(key);
    m_bytes += item.bytes;
    m_owned += item.isOwned ? 1 : 0;
    if (item.end)
        m_ends.emplace(*item.end, key);
    m_items.emplace(key, std::move(item));
}

void StateMap::remove(const std::string &key)
{
    const auto found = m_items.find(key);
    if (found == m_items.end())
        return;
    const Item &item = found->second;
    m_bytes -= item.bytes;
    m_owned -= item.isOwned ? 1 : 0;
    if (item.end)
        m_ends.erase({*item.end, key});
    m_items.erase(found);
}

void StateMap::clear()
{
    *this = {};
}

void StateMap::keep(const StateItem &item, std::string_view payload, const EventDetails &details,
                    std::optional<TimePoint> end)
{
    if (item.value.empty())
        return remove(item.key);
    Item kept;
    kept.seq = details.seq;
    kept.clientId = details.from;
    kept.userId = details.fromUser;
    kept.isOwned = item.isOwned;
    kept.end = end;
    kept.bytes = item.key.size() + item.value.size();
    kept.data = stateEntry(payload, details);
    set(item.key, std::move(kept));
}

std::string StateMap::whole(std::uint64_t seq) const
{
    std::string entries;
    for (const auto &[key, item] : m_items) {
        if (!entries.empty())
            entries += ',';
        entries += item.data;
    }
    return wholeState(seq, entries);
}

const StateMap::Item *StateMap::find(const std::string &key) const
{
    const auto found = m_items.find(key);
    return found == m_items.end() ? nullptr : &found->second;
}

std::optional<StateMap::TimePoint> StateMap::nextEnd() const
{
    return m_ends.empty() ? std::nullopt : std::optional(m_ends.begin()->first);
}

std::vector<std::string> StateMap::takeEnded(TimePoint now)
{
    std::vector<std::string> keys;
    while (!m_ends.empty() && m_ends.begin()->first <= now) {
        keys.push_back(m_ends.begin()->second);
        m_ends.erase(m_ends.begin());
        m_items.at(keys.back()).end.reset();
    }
    return keys;
}

std::vector<std::string> StateMap::ownedBy(const std::string &clientId) const
{
    std::vector<std::string> keys;
    if (m_owned == 0)
        return keys;
    for (const auto &[key, item] : m_items) {
        if (item.isOwned && item.clientId == clientId)
            keys.push_back(key);
    }
    return keys;
}

} // namespace Dispatch

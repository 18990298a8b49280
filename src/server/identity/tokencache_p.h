// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "clock_p.h"

#include <QtCore/qbytearray.h>

#include <cstddef>
#include <deque>
#include <string>
#include <unordered_map>
#include <utility>

namespace Dispatch {

/// What is known of tokens, for a while, by their hashes: one that is shown again and again, good
/// or bad, costs no second verification. The oldest makes room.
template<typename Value>
class TokenCache {
public:
    static constexpr std::size_t Entries = 1024;
    static constexpr std::chrono::seconds Lifetime{60};

    /// Null if nothing is known at \a now.
    const Value *find(const QByteArray &hash, TimePoint now)
    {
        expire(now);
        const auto entry = m_entries.find(hash.toStdString());
        return entry == m_entries.end() ? nullptr : &entry->second;
    }

    void insert(const QByteArray &hash, Value value, TimePoint now)
    {
        const auto [entry, isNew] = m_entries.try_emplace(hash.toStdString(), std::move(value));
        if (!isNew)
            return;
        m_order.emplace_back(now + Lifetime, entry->first);
        if (m_entries.size() > Entries)
            dropOldest();
    }

    std::size_t size() const { return m_entries.size(); }

private:
    void expire(TimePoint now)
    {
        while (!m_order.empty() && m_order.front().first <= now)
            dropOldest();
    }

    void dropOldest()
    {
        m_entries.erase(m_order.front().second);
        m_order.pop_front();
    }

    std::unordered_map<std::string, Value> m_entries;
    std::deque<std::pair<TimePoint, std::string>> m_order;
};

} // namespace Dispatch

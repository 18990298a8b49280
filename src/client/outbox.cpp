// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "outbox_p.h"

#include <algorithm>
#include <limits>

namespace Dispatch {

namespace {

/// For ever, but so that it can be added to any time.
constexpr Milliseconds LongestAge = std::chrono::years(100);
/// Where nothing waits.
constexpr auto Nowhere = std::numeric_limits<std::int64_t>::min();

} // namespace

bool Outbox::isOver(qsizetype messages, qint64 bytes) const
{
    return messages > m_policy.maxMessages || bytes > m_policy.maxBytes;
}

Milliseconds Outbox::maxAgeOf(const Entry &entry) const
{
    const Milliseconds ofQueue(std::max(m_policy.maxAge.count(), 0));
    if (entry.maxAge.count() <= 0)
        return ofQueue;
    const Milliseconds own = std::min(entry.maxAge, LongestAge);
    return ofQueue.count() > 0 ? std::min(own, ofQueue) : own;
}

std::optional<Instant> Outbox::dueOf(const Entry &entry) const
{
    const Milliseconds age = maxAgeOf(entry);
    return age.count() > 0 ? std::optional(entry.since + age) : std::nullopt;
}

void Outbox::put(Place place, Entry &&entry)
{
    m_bytes += entry.bytes();
    if (const auto due = dueOf(entry))
        m_due.emplace(*due, place);
    if (!entry.key.isEmpty() && !m_latest.contains(entry.key))
        m_latest.insert(entry.key, place);
    // It is at one end or the other.
    const bool isLast = m_entries.empty() || place > m_entries.rbegin()->first;
    m_entries.emplace_hint(isLast ? m_entries.end() : m_entries.begin(), place, std::move(entry));
}

Outbox::Entry Outbox::remove(Entries::iterator at)
{
    const Place place = at->first;
    Entry entry = std::move(at->second);
    m_entries.erase(at);
    m_bytes -= entry.bytes();
    if (const auto due = dueOf(entry))
        m_due.erase({*due, place});
    if (m_latest.value(entry.key, Nowhere) == place)
        m_latest.remove(entry.key);
    return entry;
}

Outbox::Dropped Outbox::dropOldest(DispatchError::Code reason)
{
    return {remove(m_entries.begin()), reason};
}

Outbox::Outcome Outbox::push(Entry &&entry, Instant now)
{
    Outcome outcome;
    if (m_policy.maxMessages <= 0) {
        outcome.refused = DispatchError::NotConnected;
        return outcome;
    }
    outcome.dropped = expire(now);
    const auto replaced = m_entries.find(m_latest.value(entry.key, Nowhere));
    const bool replaces = replaced != m_entries.end();
    const qint64 bytes = entry.bytes();
    const bool fits = !isOver(size() + 1 - (replaces ? 1 : 0),
                              m_bytes + bytes - (replaces ? replaced->second.bytes() : 0));
    // One that is over the bound alone would only drive out the others.
    if (!fits && (m_policy.overflow == DispatchQueuePolicy::Reject || isOver(1, bytes))) {
        outcome.refused = DispatchError::QueueFull;
        return outcome;
    }
    if (replaces)
        outcome.dropped.push_back({remove(replaced), DispatchError::Superseded});
    while (isOver(size() + 1, m_bytes + bytes))
        outcome.dropped.push_back(dropOldest(DispatchError::QueueFull));
    entry.since = now;
    put(m_nextPlace++, std::move(entry));
    return outcome;
}

std::vector<Outbox::Dropped> Outbox::setPolicy(const DispatchQueuePolicy &policy, Instant now)
{
    m_policy = policy;
    m_due.clear();
    for (const auto &[place, entry] : m_entries) {
        if (const auto due = dueOf(entry))
            m_due.emplace(*due, place);
    }
    std::vector<Dropped> dropped = expire(now);
    while (!m_entries.empty() && isOver(size(), m_bytes))
        dropped.push_back(dropOldest(DispatchError::QueueFull));
    return dropped;
}

std::vector<Outbox::Dropped> Outbox::expire(Instant now)
{
    std::vector<Dropped> dropped;
    while (!m_due.empty() && m_due.begin()->first <= now) {
        const auto at = m_entries.find(m_due.begin()->second);
        dropped.push_back({remove(at), DispatchError::Expired});
    }
    return dropped;
}

std::vector<Outbox::Dropped> Outbox::clear()
{
    std::vector<Dropped> dropped;
    while (!m_entries.empty())
        dropped.push_back(dropOldest(DispatchError::Discarded));
    return dropped;
}

std::optional<Outbox::Entry> Outbox::take()
{
    if (m_entries.empty())
        return std::nullopt;
    return remove(m_entries.begin());
}

void Outbox::putBack(Entry &&entry)
{
    // Nothing was before it; places may be negative.
    const Place place = m_entries.empty() ? m_nextPlace++ : m_entries.begin()->first - 1;
    put(place, std::move(entry));
}

bool Outbox::withdraw(std::uint64_t id)
{
    const auto found =
        std::ranges::find(m_entries, id, [](const auto &placed) { return placed.second.id; });
    if (found == m_entries.end())
        return false;
    remove(found);
    return true;
}

std::optional<Instant> Outbox::nextExpiry() const
{
    if (m_due.empty())
        return std::nullopt;
    return m_due.begin()->first;
}

} // namespace Dispatch

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "outbox_p.h"

#include <algorithm>

namespace Dispatch {

namespace {

qint64 sizeOf(const Outbox::Entry &entry)
{
    return qint64(entry.message.size());
}

} // namespace

bool Outbox::isOver(qsizetype messages, qint64 bytes) const
{
    return messages > m_policy.maxMessages || bytes > m_policy.maxBytes;
}

Outbox::Dropped Outbox::dropOldest(DispatchError::Code reason)
{
    Dropped dropped{std::move(m_entries.front()), reason};
    m_entries.pop_front();
    m_bytes -= sizeOf(dropped.entry);
    return dropped;
}

Outbox::Outcome Outbox::push(Entry entry, Instant now)
{
    Outcome outcome;
    if (m_policy.maxMessages <= 0) {
        outcome.refused = DispatchError::NotConnected;
        return outcome;
    }
    outcome.dropped = expire(now);
    const qint64 size = sizeOf(entry);
    const bool fits = !isOver(this->size() + 1, m_bytes + size);
    // One that is over the bound alone would only drive out the others.
    if (!fits && (m_policy.overflow == DispatchQueuePolicy::Reject || isOver(1, size))) {
        outcome.refused = DispatchError::QueueFull;
        return outcome;
    }
    while (isOver(this->size() + 1, m_bytes + size))
        outcome.dropped.push_back(dropOldest(DispatchError::QueueFull));
    entry.since = now;
    m_bytes += size;
    m_entries.push_back(std::move(entry));
    return outcome;
}

std::vector<Outbox::Dropped> Outbox::setPolicy(const DispatchQueuePolicy &policy, Instant now)
{
    m_policy = policy;
    std::vector<Dropped> dropped = expire(now);
    while (!m_entries.empty() && isOver(size(), m_bytes))
        dropped.push_back(dropOldest(DispatchError::QueueFull));
    return dropped;
}

std::vector<Outbox::Dropped> Outbox::expire(Instant now)
{
    std::vector<Dropped> dropped;
    for (auto due = nextExpiry(); due && *due <= now; due = nextExpiry())
        dropped.push_back(dropOldest(DispatchError::Expired));
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
    return dropOldest(DispatchError::NoError).entry;
}

void Outbox::putBack(Entry entry)
{
    m_bytes += sizeOf(entry);
    m_entries.push_front(std::move(entry));
}

void Outbox::withdraw(std::uint64_t ticket)
{
    const auto found = std::ranges::find(m_entries, ticket, &Entry::ticket);
    if (found == m_entries.end())
        return;
    m_bytes -= sizeOf(*found);
    m_entries.erase(found);
}

std::optional<Instant> Outbox::nextExpiry() const
{
    if (m_entries.empty() || m_policy.maxAge <= 0)
        return std::nullopt;
    return m_entries.front().since + Milliseconds(m_policy.maxAge);
}

} // namespace Dispatch

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "inflight_p.h"

#include <algorithm>
#include <utility>

namespace Dispatch {

void InFlight::add(Outbox::Entry entry, bool asked)
{
    m_bytes += entry.bytes();
    m_unasked = asked ? 0 : m_unasked + 1;
    m_unaskedBytes = asked ? 0 : m_unaskedBytes + entry.bytes();
    m_events.push_back({++m_lastNumber, std::move(entry)});
}

bool InFlight::hasToAsk(const Outbox::Entry &entry, const DispatchQueuePolicy &policy) const
{
    return 2 * (m_unasked + 1) >= policy.maxInFlight
        || 2 * (m_unaskedBytes + entry.bytes()) >= policy.maxInFlightBytes;
}

std::vector<InFlight::Accepted> InFlight::acknowledge(std::uint64_t number, std::uint64_t seq)
{
    std::vector<Accepted> accepted;
    while (!m_events.empty() && m_events.front().number <= number) {
        Event &first = m_events.front();
        m_bytes -= first.entry.bytes();
        accepted.push_back(
            {first.number, std::move(first.entry), first.number == number ? seq : 0});
        m_events.pop_front();
    }
    return accepted;
}

std::optional<Outbox::Entry> InFlight::take(std::uint64_t number)
{
    const auto found = std::ranges::lower_bound(m_events, number, {}, &Event::number);
    if (found == m_events.end() || found->number != number)
        return std::nullopt;
    Outbox::Entry entry = std::move(found->entry);
    m_events.erase(found);
    m_bytes -= entry.bytes();
    return entry;
}

std::vector<Outbox::Entry> InFlight::abandon()
{
    std::vector<Outbox::Entry> entries;
    for (Event &event : m_events)
        entries.push_back(std::move(event.entry));
    *this = {};
    return entries;
}

} // namespace Dispatch

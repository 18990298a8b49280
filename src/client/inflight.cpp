// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "inflight_p.h"

#include <algorithm>
#include <utility>

namespace Dispatch {

void InFlight::add(Outbox::Entry entry)
{
    m_bytes += qint64(entry.message.size());
    m_events.push_back({++m_lastNumber, std::move(entry)});
}

std::vector<InFlight::Accepted> InFlight::acknowledge(std::uint64_t number, std::uint64_t seq)
{
    std::vector<Accepted> accepted;
    while (!m_events.empty() && m_events.front().number <= number) {
        Event &first = m_events.front();
        m_bytes -= qint64(first.entry.message.size());
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
    m_bytes -= qint64(entry.message.size());
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

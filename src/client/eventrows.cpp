// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "eventrows_p.h"

#include <algorithm>

namespace Dispatch {

namespace {

using Status = DispatchEventModel::Status;

/// Servers hand payloads on as they are; those of others may write them anew.
bool isSamePayload(const DispatchEvent &a, const DispatchEvent &b)
{
    return a.rawPayload() == b.rawPayload() || a.payload() == b.payload();
}

} // namespace

EventRow &EventRows::at(int row)
{
    return row < settled() ? m_settled[std::size_t(row)] : m_waiting[std::size_t(row - settled())];
}

int EventRows::waitingRowOf(std::uint64_t id) const
{
    const auto at = std::ranges::lower_bound(m_waiting, id, {}, &EventRow::id);
    return at != m_waiting.end() && at->id() == id ? settled() + int(at - m_waiting.begin()) : -1;
}

int EventRows::rowOf(std::uint64_t id) const
{
    for (int row = settled() - 1; row >= 0; --row) {
        if (m_settled[std::size_t(row)].id() == id)
            return row;
    }
    return waitingRowOf(id);
}

int EventRows::echoedBy(const DispatchEvent &event, bool isOurs) const
{
    for (int row = settled(); row < size(); ++row) {
        const EventRow &own = at(row);
        const bool isOut = own.status == Status::Sending || own.status == Status::Sent;
        if (isOut && own.awaitsEcho && isSamePayload(own.event, event))
            return row;
    }
    for (int row = isOurs ? size() - 1 : -1; row >= 0; --row) {
        const EventRow &own = at(row);
        const bool mayHaveArrived = own.status == Status::Sent || own.status == Status::Uncertain;
        if (!own.isHeard && mayHaveArrived && isSamePayload(own.event, event))
            return row;
    }
    return -1;
}

int EventRows::placeOf(const DispatchEvent &event, const QString &shardName) const
{
    const auto mayComeBack = [&](const EventRow &row) {
        return row.mayComeBack() && row.shardName == shardName;
    };
    int place = settled();
    while (event.metadata().replayed && place > 0 && mayComeBack(at(place - 1)))
        --place;
    return place;
}

void EventRows::addSettled(int place, EventRow row)
{
    m_settled.insert(m_settled.begin() + place, std::move(row));
}

int EventRows::settle(int row, int place)
{
    EventRow moved = std::move(at(row));
    if (row < place)
        --place;
    remove(row, row);
    addSettled(place, std::move(moved));
    return place;
}

void EventRows::settleFront()
{
    while (!m_waiting.empty() && m_waiting.front().isSettled())
        settle(settled(), settled());
}

void EventRows::forgetEchoes()
{
    for (EventRow &row : m_waiting)
        row.awaitsEcho = row.isPending() && row.awaitsEcho;
    settleFront();
}

void EventRows::remove(int first, int last)
{
    const int mid = settled();
    if (last >= mid) {
        m_waiting.erase(m_waiting.begin() + std::max(first - mid, 0),
                        m_waiting.begin() + (last - mid + 1));
    }
    if (first < mid)
        m_settled.erase(m_settled.begin() + first, m_settled.begin() + std::min(last + 1, mid));
}

} // namespace Dispatch

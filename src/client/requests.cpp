// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "requests_p.h"

namespace Dispatch {

void Requests::add(std::uint64_t ticket, const std::string &id, Instant deadline)
{
    m_requests.emplace(ticket, Request{id, deadline});
    m_tickets.emplace(id, ticket);
    m_deadlines.emplace(deadline, ticket);
}

void Requests::markSent(std::uint64_t ticket)
{
    if (const auto found = m_requests.find(ticket); found != m_requests.end())
        found->second.isSent = true;
}

std::optional<std::uint64_t> Requests::settle(std::string_view id)
{
    const auto found = m_tickets.find(id);
    if (found == m_tickets.end()) {
        ++m_unexpected;
        return std::nullopt;
    }
    const std::uint64_t ticket = found->second;
    remove(ticket);
    return ticket;
}

bool Requests::remove(std::uint64_t ticket)
{
    const auto found = m_requests.find(ticket);
    if (found == m_requests.end())
        return false;
    m_tickets.erase(found->second.id);
    m_deadlines.erase({found->second.deadline, ticket});
    m_requests.erase(found);
    return true;
}

std::vector<std::uint64_t> Requests::expire(Instant now)
{
    std::vector<std::uint64_t> expired;
    while (!m_deadlines.empty() && m_deadlines.begin()->first <= now) {
        expired.push_back(m_deadlines.begin()->second);
        remove(expired.back());
    }
    return expired;
}

std::vector<std::uint64_t> Requests::abandonSent()
{
    std::vector<std::uint64_t> abandoned;
    for (const auto &[ticket, request] : m_requests) {
        if (request.isSent)
            abandoned.push_back(ticket);
    }
    for (const std::uint64_t ticket : abandoned)
        remove(ticket);
    return abandoned;
}

std::optional<Instant> Requests::nextDeadline() const
{
    if (m_deadlines.empty())
        return std::nullopt;
    return m_deadlines.begin()->first;
}

} // namespace Dispatch

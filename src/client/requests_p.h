// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "instant_p.h"

#include <QtCore/qglobal.h>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace Dispatch {

/// The requests of a client that wait for their replies. Each leaves it once: by its reply, by its
/// deadline, or taken out. Knows no clock.
class Requests {
public:
    /// A request whose replies name \a id; \a ticket stands for who waits. Both are new.
    void add(std::uint64_t ticket, const std::string &id, Instant deadline);
    /// The request was handed to the connection.
    void markSent(std::uint64_t ticket);

    /// A reply to \a id came: the ticket of the request, which is settled by it. Nothing for one
    /// that is not waited for, or not any more.
    std::optional<std::uint64_t> settle(std::string_view id);
    /// Takes \a ticket out; false if it is none of a request that waits.
    bool remove(std::uint64_t ticket);
    /// Takes out those whose time is over.
    [[nodiscard]] std::vector<std::uint64_t> expire(Instant now);
    /// Takes out those that were sent: their replies can't come any more.
    [[nodiscard]] std::vector<std::uint64_t> abandonSent();

    /// When expire() has something to do; nothing if never.
    std::optional<Instant> nextDeadline() const;
    qsizetype size() const { return qsizetype(m_requests.size()); }
    /// Replies that nobody waited for.
    std::uint64_t unexpected() const { return m_unexpected; }

private:
    struct Request {
        std::string id;
        Instant deadline{};
        bool isSent = false;
    };

    std::map<std::uint64_t, Request> m_requests; ///< by ticket
    std::map<std::string, std::uint64_t, std::less<>> m_tickets; ///< by id
    std::set<std::pair<Instant, std::uint64_t>> m_deadlines;
    std::uint64_t m_unexpected = 0;
};

} // namespace Dispatch

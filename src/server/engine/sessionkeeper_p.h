// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "store_p.h"

#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace Dispatch::Engine {

/// The sessions that one node owns: renews them, and tells the owner before when it takes one.
/// Lives on the store's thread.
class SessionKeeper {
public:
    /// Hears which session another node has now.
    using Taken = std::function<void(const Session &)>;

    SessionKeeper(Store &store, Taken taken)
        : m_store(store)
        , m_taken(std::move(taken))
    {
    }

    void create(const Session &session, const std::string &secret, Done<Nothing> done);
    void claim(const std::string &shown, const std::string &next, Done<Session> done);
    /// Of \a session the client id and what may change count.
    void update(const Session &session, bool isConfirmed, Done<Nothing> done);
    void end(const std::string &clientId, Done<Nothing> done);

    std::size_t count() const { return m_sessions.size(); }
    /// Renews the sessions that it is time for, and goes on with what could not be restored.
    void renew();
    /// Writes all sessions again, some at a time: the store may have lost them, or this node that
    /// another one has claimed them.
    void restore();
    /// What another node has said.
    void told(const std::string &message);

private:
    /// Sessions that are written again at the same time.
    static constexpr std::size_t RestoresAtOnce = 64;

    struct Owned {
        Session session;
        std::string secret;
        std::string previous; ///< is good, too, until the latest is confirmed; empty: none
        TimePoint renewAt;
    };

    void own(const Session &session, const std::string &secret, const std::string &previous);
    void lose(const std::string &clientId, std::uint64_t generation);
    void send(const Owned &owned, bool isConfirmed, Done<Nothing> done);
    void restoreMore();
    void restore(const Owned &owned, Done<Nothing> done);

    Store &m_store;
    const Taken m_taken;
    std::map<std::string, Owned> m_sessions; // by client
    std::deque<std::pair<TimePoint, std::string>> m_due; // in order of time; some are out of date
    std::set<std::string> m_toRestore; // clients
    std::size_t m_restores = 0; // on their way
};

} // namespace Dispatch::Engine

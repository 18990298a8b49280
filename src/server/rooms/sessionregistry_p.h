// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace Dispatch {

/// Finds sessions by their secrets, of which it has only hashes. May be used on any thread.
class SessionRegistry {
    using Hash = std::array<unsigned char, 32>;

public:
    /// What the listener has to know of a session.
    struct Session {
        std::uint64_t id = 0; ///< never used twice
        std::string projectId;
        std::string shardName;
        std::string userId; ///< empty: not identified
        int worker = 0; ///< the one that its shard lives on
    };

    /// Somebody who showed a session's secret and resumes it. As long as there is a claim, the
    /// session does not expire.
    class Claim {
    public:
        Claim(Claim &&other) noexcept
            : m_registry(std::exchange(other.m_registry, nullptr))
            , m_session(std::move(other.m_session))
            , m_shown(other.m_shown)
        {
        }
        Claim &operator=(Claim &&) = delete;
        ~Claim()
        {
            if (m_registry)
                m_registry->giveBack(m_session.id);
        }

        const Session &session() const { return m_session; }

    private:
        friend class SessionRegistry;
        Claim(SessionRegistry *registry, Session session, const Hash &shown)
            : m_registry(registry)
            , m_session(std::move(session))
            , m_shown(shown)
        {
        }

        SessionRegistry *m_registry;
        Session m_session;
        Hash m_shown; // the hash of the secret
    };

    /// A secret that nobody else has: 256 random bits, as text.
    static std::string newSecret();

    /// Adds \a session and gives it an id, which is returned with its secret.
    std::pair<std::uint64_t, std::string> add(Session session, std::string secret = newSecret());
    std::optional<Claim> claim(std::string_view secret);
    /// \a secret becomes that of the session of \a claim, and is returned; empty if the session has
    /// ended, or the secret that was shown is not good any more. That one stays good until
    /// confirm(): the new one may be lost on its way.
    std::string renewSecret(const Claim &claim, std::string secret = newSecret());
    /// The latest secret has arrived: it alone is good from now on.
    void confirm(std::uint64_t id);
    void setUser(std::uint64_t id, const std::string &userId);
    /// Removes a session, unless there is a claim on it; false then.
    bool expire(std::uint64_t id);
    void remove(std::uint64_t id);
    std::size_t size() const;

private:
    struct Entry {
        Session session;
        std::vector<Hash> secrets; ///< the latest is the last
        int claims = 0;
    };
    using Entries = std::unordered_map<std::uint64_t, Entry>;
    static Hash hashOf(std::string_view secret);
    /// What secrets are looked up by, before they are compared.
    static std::uint64_t keyOf(const Hash &hash);
    void addSecret(Entry &entry, std::string_view secret);
    void forgetSecretsBut(Entry &entry, const Hash &kept);
    void forgetSecret(const Hash &hash, std::uint64_t id);
    void erase(Entries::iterator entry);
    void giveBack(std::uint64_t id);

    mutable std::mutex m_mutex;
    Entries m_sessions;
    std::unordered_multimap<std::uint64_t, std::uint64_t> m_secrets; ///< to the ids of sessions
    std::uint64_t m_lastId = 0;
};

} // namespace Dispatch

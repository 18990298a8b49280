// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "clientinfo_p.h"
#include "enginetypes_p.h"
#include "presence_p.h"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace Dispatch {

/// What a server tells the others of a client in one of its shards.
std::string packedPerson(const Person &person, std::string_view address,
                         std::int64_t connectedSince);
/// What back ends are told of that client, as far as others know it; nothing if \a data is no such
/// thing.
std::optional<ClientInfo> unpackedPerson(const std::string &clientId, std::string_view data);

/// Who is in a shard by way of other servers: puts them into its presence, and has nobody leave and
/// join who merely moves from one server to another.
class DistantPeople {
public:
    explicit DistantPeople(Presence &presence)
        : m_presence(presence)
    {
    }

    /// A client of this server joins, or comes here from another one.
    void joinHere(Person &person);
    /// A client of this server leaves; \a staysElsewhere: another one has it, or may have it soon.
    void leaveHere(Person &person, bool staysElsewhere);

    // What is heard of all servers, in the order in which it happened; data is packedPerson()'s.

    /// \a all are there, and nobody else.
    void list(const std::vector<Engine::Member> &all);
    void change(const Engine::Member &member);
    void remove(const std::string &clientId);

    /// Whether \a clientId is in the shard, as far as is known here.
    bool isThere(const std::string &clientId) const
    {
        return m_here.contains(clientId) || m_people.contains(clientId);
    }

    /// A client lives as long as its server says so: all were heard at \a lastPing.
    void setLastPing(std::int64_t lastPing);

private:
    Presence &m_presence;
    std::map<std::string, Person> m_people; // a map: presence has their addresses
    std::unordered_set<std::string> m_here;
    // Left here, while others have not heard of it yet: what they say of them is out of date.
    std::unordered_set<std::string> m_leaving;
    // Here, while others have left them out since: another server took them, and let them go.
    std::unordered_set<std::string> m_gone;
};

} // namespace Dispatch

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "enginetypes_p.h"
#include "statemap_p.h"

#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace Dispatch::Engine {

/// What the nodes of one process share: does what the scripts of Redis do, step by step the same.
/// Knows no thread; is told the time; can be copied, and put back.
class MemoryCluster {
public:
    /// What is to be said to all who subscribe to a stream.
    struct Notice {
        enum class Kind { Event, Rebirth, Members };

        Kind kind = Kind::Event;
        StreamId stream;
        Mark mark;
        std::string data;
        PresenceChange change;
    };
    using Notices = std::vector<Notice>;

    explicit MemoryCluster(const Limits &limits)
        : m_limits(limits)
    {
    }

    Outcome<Seat> place(TimePoint now, const std::string &node, const SeatWish &wish);
    Nothing release(TimePoint now, const std::string &node, const std::string &projectId,
                    const std::string &clientId);
    Renewal keepSeats(TimePoint now, const std::string &node, const std::string &projectId);
    std::vector<Occupancy> occupancy(TimePoint now, const std::string &projectId);
    std::vector<std::string> nodes(TimePoint now, const std::string &projectId);
    StreamId locate(TimePoint now, const std::string &projectId, const std::string &clientId);

    Outcome<Published> publish(TimePoint now, const Emission &emission, Notices &notices);
    Page read(const ReadWish &wish, Notices &notices);
    Outcome<Pinned> pin(TimePoint now, const Emission &emission, const Pin &pin, std::size_t most,
                        Notices &notices);
    PinList pins(TimePoint now, const std::string &projectId, const Mark &seen, Notices &notices);
    StateList state(TimePoint now, const StreamId &shard, const Mark &seen, Notices &notices);

    Outcome<Nothing> setMember(TimePoint now, const std::string &node, const StreamId &shard,
                               const Member &member, bool takesOver, Notices &notices);
    Nothing removeMember(TimePoint now, const std::string &node, const StreamId &shard,
                         const std::string &clientId, Notices &notices);
    PresenceList members(TimePoint now, const StreamId &shard, Notices &notices);
    Renewal keepMembers(TimePoint now, const std::string &node, const StreamId &shard,
                        Notices &notices);

    Nothing createSession(const std::string &node, Session session, const std::string &secret);
    Outcome<Session> claimSession(const std::string &node, const std::string &shown,
                                  const std::string &next);
    Outcome<Nothing> updateSession(const Session &session, bool isConfirmed);
    Outcome<Nothing> restoreSession(const std::string &node, Session session,
                                    const std::string &secret, const std::string &previous);
    Outcome<Nothing> endSession(const std::string &clientId, std::uint64_t generation);

private:
    /// Nodes, until when they have what they have.
    struct Lease {
        std::uint64_t id = 0;
        TimePoint end;
    };
    using Leases = std::map<std::string, Lease>;

    struct Shard {
        int limit = 0;
        int clients = 0;
    };
    struct Holding {
        std::string node;
        std::string shardName;
    };
    struct KeptPin {
        std::string data;
        TimePoint end;
    };
    using Pins = std::map<std::string, KeptPin>; // by name
    struct Project {
        std::map<std::string, Shard> shards;
        std::map<std::string, Holding> seats; // by client
        Pins pins;
        Leases leases;
    };
    struct LastEmit {
        std::uint64_t emit = 0;
        Mark mark;
    };
    struct Held {
        std::string node;
        std::string data;
    };
    struct Stream {
        Mark top;
        std::deque<Entry> log;
        std::size_t bytes = 0;
        std::map<std::string, LastEmit> emits; // by client
        std::map<std::string, Held> members;
        std::uint64_t revision = 0;
        Leases leases;
        StateMap state;
    };
    struct StoredSession {
        Session session;
        std::string secret;
        std::string previous;
    };

    /// Takes the nodes whose lease has lapsed out of \a leases.
    static std::set<std::string> takeLapsed(Leases &leases, TimePoint now);
    static Renewal renew(Leases &leases, const std::string &node, TimePoint now, Duration length);
    Project &project(TimePoint now, const std::string &projectId);
    /// Forgets the numbers of the client's emissions.
    static void forget(Stream &stream, const std::string &clientId);
    void free(Project &project, const std::string &projectId, const std::string &clientId);
    static std::string fullestWithRoom(const Project &project, int ownLimit);
    Stream &stream(const StreamId &id, const Mark &seen, Notices &notices);
    Stream &shard(TimePoint now, const StreamId &id, Notices &notices);
    void append(Stream &stream, const Emission &emission, Notices &notices) const;
    void keep(Stream &stream, Entry entry) const;
    static void change(TimePoint now, Stream &stream, const Emission &emission);
    Pins &livingPins(TimePoint now, const std::string &projectId);
    static void remove(Stream &stream, const StreamId &id, const std::string &clientId,
                       Notices &notices);

    Limits m_limits;
    std::map<std::string, Project> m_projects;
    std::map<StreamId, Stream> m_streams;
    std::map<std::string, StoredSession> m_sessions; // by client
};

} // namespace Dispatch::Engine

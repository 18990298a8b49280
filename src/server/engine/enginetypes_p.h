// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "clock_p.h"
#include "statechange_p.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

/// What the nodes of a cluster share, and one node's part in it (docs/engine.md).
namespace Dispatch::Engine {

/// Why a call was not answered with a result.
enum class Failure {
    Unavailable, ///< no answer in time: it was done before its limit, or never will be; ask again
    Busy, ///< too many calls are outstanding: it was not done; ask again later
    Rejected, ///< the store won't: memory, rights, version; an operator has to look
    Fenced, ///< this node's lease has lapsed: others may have what it holds; not done
    ShardFull, ///< the shard that was asked for by name has no seat
    EmitGap, ///< an earlier emission of the client is missing: not done
    NoSession, ///< there is no session with that secret
    Superseded, ///< another node has taken the client since
    TooManyPins, ///< the project has as many as it may have
    StateFull, ///< the shard's state has as many keys, or bytes, as it may have
    StateOwned, ///< the key is somebody else's
    StateChanged, ///< the key is not as the change says it has to be
};

/// So many there are.
inline constexpr std::size_t FailureCount = 12;

/// How a call ends; each ends, once.
template<class T>
using Outcome = std::variant<T, Failure>;
template<class T>
using Done = std::function<void(Outcome<T>)>;

struct Nothing {
    bool operator==(const Nothing &) const = default;
};

/// A shard's stream of events; without a shard that of its project, for events to recipients
/// wherever they are.
struct StreamId {
    std::string projectId;
    std::string shardName = {};

    bool operator==(const StreamId &) const = default;
    auto operator<=>(const StreamId &) const = default;
    bool isShard() const { return !shardName.empty(); }
};

/// A place in a stream: behind the event \a seq of the life \a epoch. 0 is no epoch: nowhere yet.
struct Mark {
    std::uint64_t epoch = 0;
    std::uint64_t seq = 0;

    bool operator==(const Mark &) const = default;
};

struct Emission {
    StreamId stream;
    std::string data; ///< opaque
    std::string clientId = {}; ///< whose it is; empty: it can't be told from another one
    std::uint64_t emit = 0; ///< the client's number for it
    std::uint64_t after = 0; ///< of the client's emission before it in this stream; 0: not known
    Mark seen = {}; ///< the furthest that this node knows the stream to have come
    bool isKept = true; ///< in the log; without, it can't be had again
    std::optional<StateChange> change = {}; ///< of the shard's state, that it tells of
    milliseconds limit{0}; ///< for the call; 0: that of all calls
};

struct Published {
    Mark mark; ///< of the event; seq is 0 if it is a repeat whose number is forgotten
    bool isRepeated = false; ///< it was published before; nobody gets it again
};

struct Entry {
    std::uint64_t seq = 0;
    std::string data;

    bool operator==(const Entry &) const = default;
};

struct ReadWish {
    StreamId stream;
    Mark from = {}; ///< whoever says so; without an epoch the latest events are read
    Mark seen = {}; ///< as in Emission: nobody else can have said it
    std::size_t most = 0; ///< of the latest
    std::string clientId = {}; ///< whose last number is asked for
};

/// A part of a stream's log.
struct Page {
    Mark top; ///< the end of the stream
    bool isComplete = true; ///< whether it is all from the place that was asked for to the end
    std::vector<Entry> entries; ///< to the end; if incomplete, all that there is
    std::uint64_t lastEmit = 0; ///< the highest number of the client that was published here
};

/// What is kept under a key of a shard's state.
struct StateEntry {
    std::string key;
    std::uint64_t seq = 0; ///< of the event that set it
    milliseconds life{0}; ///< how long it is still kept; 0: until it is removed
    std::string data; ///< of that event

    bool operator==(const StateEntry &) const = default;
};

struct StateList {
    Mark top; ///< of the shard's stream: what is behind it is not in the list
    std::vector<StateEntry> entries; ///< in no order
};

struct SeatWish {
    std::string projectId;
    std::string clientId; ///< never used twice; a wish can be repeated
    std::string shardName; ///< empty: the fullest with room, or a new one
    int limit = 0; ///< most clients that the one who comes accepts
    bool takesOver = true; ///< also from another node that has the client's seat
};

struct Seat {
    StreamId shard;
    std::string clientId;
    int limit = 0; ///< of the shard
    bool wasThere = false; ///< it was taken already, on this node or another
};

struct Occupancy {
    std::string shardName;
    int clients = 0;

    bool operator==(const Occupancy &) const = default;
};

/// What a node hears when it renews a lease.
struct Renewal {
    std::uint64_t lease = 0; ///< another one than before: that has lapsed, with all it was for
};

struct Member {
    std::string clientId; ///< without spaces
    std::string data; ///< opaque

    bool operator==(const Member &) const = default;
};

struct PresenceChange {
    std::uint64_t revision = 0; ///< one more than that of the change before
    bool isThere = true; ///< whether the member came or changed, or left
    Member member;
};

struct PresenceList {
    std::uint64_t revision = 0;
    std::vector<Member> members; ///< in no order
};

/// A text that a project keeps for all nodes under its name, until its time is over.
struct Pin {
    std::string name;
    std::string data; ///< opaque
    milliseconds life{0}; ///< how long it is still kept; 0: it is taken down

    bool operator==(const Pin &) const = default;
};

struct Pinned {
    Mark mark; ///< of the event that said so
    bool wasThere = false; ///< one of the same name
};

struct PinList {
    Mark top; ///< of the project's stream: what is behind it is not in the list
    std::vector<Pin> pins; ///< in no order
};

/// What a node has to know of a client that comes back from another one.
struct Session {
    std::string clientId; ///< without spaces
    StreamId shard;
    std::string userId;
    std::string data; ///< opaque
    Mark directMark; ///< a place in the project's stream ...
    std::uint64_t direct = 0; ///< ... and how many events the client had been sent of it there
    std::uint64_t generation = 0; ///< grows with each claim; the highest is the owner's
    std::string node; ///< of the owner; in the answer to a claim of the one before
};

/// Bounds of a store and a node. Each has to be more than 0.
struct Limits {
    milliseconds callTime{1'000}; ///< for each call
    std::size_t outstanding = 10'000; ///< calls of a node's callers that have not ended
    milliseconds lease{35'000}; ///< after so long without a sign of a node others have its seats
    milliseconds beat{5'000}; ///< how often a node renews its leases
    milliseconds retention{300'000}; ///< for what nobody renews
    milliseconds sessionLife{3'600'000}; ///< for sessions that nobody renews
    std::size_t logEvents = 1'000; ///< of a stream
    std::size_t logBytes = 1024 * 1024;
    std::size_t heldBack = 1'000; ///< live events that wait for a gap before them to be filled
};

/// Who is gone leaves its shards before others can have its seats: nobody sees more people than
/// there are seats. A node that lives has looked at its members after so long.
inline milliseconds seatLease(const Limits &limits)
{
    return limits.lease + 2 * limits.beat;
}

/// Calls of a store that may not have ended: so many that callers never keep a node from renewing
/// its leases.
inline std::size_t mostCalls(const Limits &limits)
{
    return 2 * limits.outstanding;
}

} // namespace Dispatch::Engine

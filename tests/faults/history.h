// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// What the clients of a run saw and did, each in the order of its own time.
namespace Dispatch::Faults {

/// An event, by who emitted it and which of his it is: 1, 2, 3...
struct EventId {
    std::string emitter;
    int number = 0;

    auto operator<=>(const EventId &) const = default;
};

namespace Entry {

/// In a shard, from the position on.
struct Joined {
    std::string shard;
    std::string epoch = {}; ///< empty: a client of the base profile
    std::int64_t seq = 0;
    bool recovered = false;
    std::string clientId = {}; ///< if the client says so
};
/// The connection was lost, and the client said so, and why.
struct Lost {
    std::string reason;
};
/// So many were in the client's list, itself included.
struct Saw {
    int clients = 0;
};
/// The client handed an event to the library.
struct Emitted {
    EventId id;
    std::vector<std::string> recipients = {}; ///< names of clients; empty: the shard
    bool isPlain = false; ///< nothing is said of it if it arrives
};
/// What the library said became of it.
struct Fate {
    enum Kind { Acknowledged, Refused, Dropped, Unknown };
    EventId id;
    Kind kind = Acknowledged;
    std::int64_t seq = 0; ///< of one that was acknowledged and went to the shard
};
struct Received {
    EventId id;
    std::int64_t seq = 0; ///< 0: went to recipients, or a client of the base profile
    bool replayed = false;
};

/// The client gave up, and said so: no retry would help.
struct GaveUp { };
/// The client said that a loss lasts, and that people should be told.
struct LostForLong { };
/// The client said that a loss is over.
struct Restored {
    bool recovered = false;
};

} // namespace Entry

using AnyEntry = std::variant<Entry::Joined, Entry::Lost, Entry::Saw, Entry::Emitted, Entry::Fate,
                              Entry::Received, Entry::GaveUp, Entry::LostForLong, Entry::Restored>;

struct History {
    std::string client; ///< a name that is the same for the whole run
    bool isExtended = false;
    std::vector<AnyEntry> entries;
    /// Who was in the client's list at the end, by name, sorted.
    std::vector<std::string> present;
    std::size_t seats = 0; ///< in each shard that it was in; 0: of no interest
    bool tellsLosses = false; ///< by LostForLong and Restored
};

} // namespace Dispatch::Faults

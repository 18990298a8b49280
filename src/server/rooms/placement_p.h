// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "connectparameters_p.h"
#include "refusal_p.h"
#include "tokenbucket_p.h"
#include "traffic_p.h"

#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

namespace Dispatch {

/// Decides into which shard a client goes, and which worker serves that shard
/// (docs/protocol.md, "Shards"). Counts exactly: a seat is taken before the client is let in.
class Placement {
public:
    struct Limits {
        int connections = 0; ///< of the whole server
        int perShard = 0; ///< the most that a client may ask for
        int workers = 1;
        int perUser = std::numeric_limits<int>::max(); ///< of one user in one project
    };

    /// What all shards of a project have together, on whichever threads they are.
    struct Common {
        SharedTokenBucket fanOut;
    };

    /// A seat in a shard. It is taken until release().
    struct Seat {
        std::uint64_t shardId = 0; ///< never used twice; 0 for a back end
        std::string projectId;
        std::string shardName;
        int worker = 0;
        std::string userId = {}; ///< whose connection it is; empty: nobody knows
        std::shared_ptr<Common> common = {};
        std::shared_ptr<Traffic> traffic = {}; ///< of the shard
        std::string clientId = {}; ///< whose seat it is for all servers; empty: this one is alone
    };

    struct Occupancy {
        std::string shardName;
        int clients = 0;

        bool operator==(const Occupancy &) const = default;
    };

    /// How many there are of what.
    struct Figures {
        int connections = 0;
        int limit = 0; ///< of connections
        int projects = 0;
        int shards = 0;
        std::int64_t seats = 0; ///< of all shards
        std::int64_t seatsTaken = 0;
        std::vector<int> connectionsOfWorker;
    };

    /// A shard as operators see it.
    struct ShardFigures {
        std::uint64_t id = 0;
        std::string projectId;
        std::string shardName;
        int clients = 0;
        int limit = 0;
        std::int64_t emitted = 0;
        std::int64_t delivered = 0;
    };
    struct Largest {
        std::vector<ShardFigures> shards; ///< with the most clients first
        int matching = 0; ///< how many there are in all
    };

    /// \a seed is for the names of shards that nobody named.
    Placement(const Limits &limits, std::uint64_t seed);
    ~Placement();

    /// Holds for those who come from now on.
    void setLimits(const Limits &limits);

    /// \a userId is empty for one who is not identified.
    std::variant<Seat, Refusal> reserve(const ConnectParameters &wish,
                                        const std::string &userId = {});
    /// The same in the shard that is named, which has the room: that is known for all servers.
    std::variant<Seat, Refusal> occupy(const ConnectParameters &wish, const std::string &userId);
    /// A place for a back end, which counts for the whole server and takes no seat in a shard: the
    /// id of its shard is 0, the name the one that it asks for, if any.
    std::variant<Seat, Refusal> reserveBackend(const ConnectParameters &wish);
    /// The one who has \a seat turns out to be \a userId. False if that user has too many
    /// connections already; then nothing changes.
    bool switchUser(Seat &seat, const std::string &userId);
    void release(const Seat &seat);

    /// The shards of \a projectId, by name.
    std::vector<Occupancy> occupancy(std::string_view projectId) const;
    /// The worker that serves a shard; -1 if there is no such shard.
    int workerOf(std::string_view projectId, std::string_view shardName) const;
    Figures figures() const;
    /// The largest \a most of the shards that have \a text in their name or their project's,
    /// whatever the case of ASCII letters.
    Largest largestShards(std::string_view text, std::size_t most) const;

private:
    struct Shard {
        std::uint64_t id = 0;
        std::string name;
        int limit = 0;
        int clients = 0;
        int worker = 0;
        std::shared_ptr<Traffic> traffic = std::make_shared<Traffic>();
    };
    struct Project {
        std::map<std::string, Shard, std::less<>> shards;
        /// Shards that are not full, by the number of their clients, oldest first.
        std::map<int, std::map<std::uint64_t, Shard *>> withRoom;
        std::unordered_map<std::string, int> connectionsOfUser;
        std::shared_ptr<Common> common = std::make_shared<Common>();
    };

    std::optional<Refusal> refusal(const std::string &projectId, const std::string &userId) const;
    Seat seatIn(Project &project, Shard &shard, const std::string &projectId,
                const std::string &userId);
    Shard *fullestWithRoom(Project &project, int ownLimit) const;
    Shard &open(Project &project, std::string name, int limit);
    void setClients(Project &project, Shard &shard, int clients);
    bool hasRoomFor(const Project &project, const std::string &userId) const;
    void forgetUser(Project &project, const std::string &userId);
    std::string unusedName(const Project &project);
    int idlestWorker() const;

    Limits m_limits;
    std::map<std::string, Project, std::less<>> m_projects;
    std::vector<int> m_clientsOfWorker;
    std::vector<int> m_shardsOfWorker;
    std::mt19937_64 m_random;
    std::uint64_t m_lastShardId = 0;
    int m_connections = 0;
    int m_shards = 0;
    std::int64_t m_seats = 0;
    std::int64_t m_seatsTaken = 0;
};

} // namespace Dispatch

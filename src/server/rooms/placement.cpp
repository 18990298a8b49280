// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "placement_p.h"

#include "text_p.h"

#include <algorithm>

namespace Dispatch {

namespace {

// No vowels and nothing that looks like something else: names are read out and typed.
constexpr std::string_view NameAlphabet = "23456789bcdfghjkmnpqrstvwxz";
constexpr std::size_t NameLength = 6;

} // namespace

Placement::Placement(const Limits &limits, std::uint64_t seed)
    : m_limits(limits)
    , m_clientsOfWorker(static_cast<std::size_t>(limits.workers), 0)
    , m_shardsOfWorker(static_cast<std::size_t>(limits.workers), 0)
    , m_random(seed)
{
}

Placement::~Placement() = default;

void Placement::setLimits(const Limits &limits)
{
    const int workers = m_limits.workers;
    m_limits = limits;
    m_limits.workers = workers;
}

std::variant<Placement::Seat, Refusal> Placement::reserve(const ConnectParameters &wish,
                                                          const std::string &userId)
{
    if (const auto why = refusal(wish.projectId, userId))
        return *why;
    const int ownLimit = std::min(wish.maxConnectionsPerShard, m_limits.perShard);
    Project &project = m_projects[wish.projectId];
    Shard *shard = nullptr;
    if (wish.shardName.empty()) {
        shard = fullestWithRoom(project, ownLimit);
    } else if (auto named = project.shards.find(wish.shardName); named != project.shards.end()) {
        shard = &named->second;
        if (shard->clients >= std::min(shard->limit, ownLimit))
            return Refusal::ShardFull;
    }
    if (!shard) {
        std::string name = wish.shardName.empty() ? unusedName(project) : wish.shardName;
        shard = &open(project, std::move(name), ownLimit);
    }
    return seatIn(project, *shard, wish.projectId, userId);
}

std::variant<Placement::Seat, Refusal> Placement::occupy(const ConnectParameters &wish,
                                                         const std::string &userId)
{
    if (const auto why = refusal(wish.projectId, userId))
        return *why;
    Project &project = m_projects[wish.projectId];
    const auto named = project.shards.find(wish.shardName);
    Shard &shard = named != project.shards.end()
        ? named->second
        : open(project, wish.shardName, wish.maxConnectionsPerShard);
    return seatIn(project, shard, wish.projectId, userId);
}

std::optional<Refusal> Placement::refusal(const std::string &projectId,
                                          const std::string &userId) const
{
    if (m_connections >= m_limits.connections)
        return Refusal::ServerFull;
    const auto known = m_projects.find(projectId);
    if (known != m_projects.end() && !hasRoomFor(known->second, userId))
        return Refusal::TooManyConnections;
    return std::nullopt;
}

Placement::Seat Placement::seatIn(Project &project, Shard &shard, const std::string &projectId,
                                  const std::string &userId)
{
    setClients(project, shard, shard.clients + 1);
    if (!userId.empty())
        ++project.connectionsOfUser[userId];
    return {shard.id, projectId, shard.name, shard.worker, userId, project.common, shard.traffic};
}

bool Placement::switchUser(Seat &seat, const std::string &userId)
{
    const auto project = m_projects.find(seat.projectId);
    if (seat.shardId == 0 || seat.userId == userId || project == m_projects.end())
        return true;
    if (!hasRoomFor(project->second, userId))
        return false;
    forgetUser(project->second, seat.userId);
    if (!userId.empty())
        ++project->second.connectionsOfUser[userId];
    seat.userId = userId;
    return true;
}

std::variant<Placement::Seat, Refusal> Placement::reserveBackend(const ConnectParameters &wish)
{
    if (m_connections >= m_limits.connections)
        return Refusal::ServerFull;
    const Seat seat{0, wish.projectId, wish.shardName, idlestWorker()};
    ++m_connections;
    ++m_clientsOfWorker[static_cast<std::size_t>(seat.worker)];
    return seat;
}

void Placement::release(const Seat &seat)
{
    if (seat.shardId == 0) {
        --m_connections;
        --m_clientsOfWorker[static_cast<std::size_t>(seat.worker)];
        return;
    }
    const auto project = m_projects.find(seat.projectId);
    if (project == m_projects.end())
        return;
    const auto shard = project->second.shards.find(seat.shardName);
    if (shard == project->second.shards.end() || shard->second.id != seat.shardId)
        return;

    forgetUser(project->second, seat.userId);
    setClients(project->second, shard->second, shard->second.clients - 1);
    if (shard->second.clients > 0)
        return;
    auto room = project->second.withRoom.find(0);
    room->second.erase(shard->second.id);
    if (room->second.empty())
        project->second.withRoom.erase(room);
    --m_shardsOfWorker[static_cast<std::size_t>(shard->second.worker)];
    --m_shards;
    m_seats -= shard->second.limit;
    project->second.shards.erase(shard);
    if (project->second.shards.empty())
        m_projects.erase(project);
}

std::vector<Placement::Occupancy> Placement::occupancy(std::string_view projectId) const
{
    std::vector<Occupancy> result;
    if (const auto project = m_projects.find(projectId); project != m_projects.end()) {
        result.reserve(project->second.shards.size());
        for (const auto &[name, shard] : project->second.shards)
            result.push_back({name, shard.clients});
    }
    return result;
}

Placement::Figures Placement::figures() const
{
    return {
        m_connections, m_limits.connections, static_cast<int>(m_projects.size()), m_shards, m_seats,
        m_seatsTaken,  m_clientsOfWorker};
}

Placement::Largest Placement::largestShards(std::string_view text, std::size_t most) const
{
    struct Found {
        const std::string *projectId;
        const Shard *shard;
    };
    std::vector<Found> found;
    for (const auto &[projectId, project] : m_projects) {
        const bool takesAll = Text::containsFolded(projectId, text);
        for (const auto &[name, shard] : project.shards) {
            if (takesAll || Text::containsFolded(name, text))
                found.push_back({&projectId, &shard});
        }
    }
    Largest result;
    result.matching = static_cast<int>(found.size());
    const auto end = found.begin() + static_cast<std::ptrdiff_t>(std::min(most, found.size()));
    // Those of one size stay in the order in which they were opened, so that no list jumps.
    std::ranges::partial_sort(found, end, {}, [](const Found &one) {
        return std::pair(-one.shard->clients, one.shard->id);
    });
    for (auto it = found.begin(); it != end; ++it) {
        const Shard &shard = *it->shard;
        result.shards.push_back({shard.id, *it->projectId, shard.name, shard.clients, shard.limit,
                                 shard.traffic->emitted.value(), shard.traffic->delivered.value()});
    }
    return result;
}

int Placement::workerOf(std::string_view projectId, std::string_view shardName) const
{
    const auto project = m_projects.find(projectId);
    if (project == m_projects.end())
        return -1;
    const auto shard = project->second.shards.find(std::string(shardName));
    return shard == project->second.shards.end() ? -1 : shard->second.worker;
}

Placement::Shard *Placement::fullestWithRoom(Project &project, int ownLimit) const
{
    // A joiner who wants at most n clients can only go where there are fewer than n.
    const auto above = project.withRoom.lower_bound(ownLimit);
    if (above == project.withRoom.begin())
        return nullptr;
    return std::prev(above)->second.begin()->second;
}

Placement::Shard &Placement::open(Project &project, std::string name, int limit)
{
    Shard shard;
    shard.id = ++m_lastShardId;
    shard.name = std::move(name);
    shard.limit = limit;
    shard.worker = idlestWorker();
    ++m_shardsOfWorker[static_cast<std::size_t>(shard.worker)];
    ++m_shards;
    m_seats += limit;
    std::string key = shard.name;
    return project.shards.emplace(std::move(key), std::move(shard)).first->second;
}

void Placement::setClients(Project &project, Shard &shard, int clients)
{
    if (auto room = project.withRoom.find(shard.clients); room != project.withRoom.end()) {
        room->second.erase(shard.id);
        if (room->second.empty())
            project.withRoom.erase(room);
    }
    const int change = clients - shard.clients;
    shard.clients = clients;
    m_connections += change;
    m_seatsTaken += change;
    m_clientsOfWorker[static_cast<std::size_t>(shard.worker)] += change;
    if (clients < shard.limit)
        project.withRoom[clients].emplace(shard.id, &shard);
}

bool Placement::hasRoomFor(const Project &project, const std::string &userId) const
{
    const auto user = project.connectionsOfUser.find(userId);
    return user == project.connectionsOfUser.end() || user->second < m_limits.perUser;
}

void Placement::forgetUser(Project &project, const std::string &userId)
{
    const auto user = project.connectionsOfUser.find(userId);
    if (user != project.connectionsOfUser.end() && --user->second == 0)
        project.connectionsOfUser.erase(user);
}

std::string Placement::unusedName(const Project &project)
{
    std::uniform_int_distribution<std::size_t> letter(0, NameAlphabet.size() - 1);
    std::string name;
    do {
        name.clear();
        for (std::size_t i = 0; i < NameLength; ++i)
            name += NameAlphabet[letter(m_random)];
    } while (project.shards.contains(name));
    return name;
}

int Placement::idlestWorker() const
{
    int best = 0;
    const auto load = [this](int worker) {
        const auto i = static_cast<std::size_t>(worker);
        return std::pair(m_clientsOfWorker[i], m_shardsOfWorker[i]);
    };
    for (int worker = 1; worker < m_limits.workers; ++worker) {
        if (load(worker) < load(best))
            best = worker;
    }
    return best;
}

} // namespace Dispatch

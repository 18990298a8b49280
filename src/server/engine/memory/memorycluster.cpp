// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "memorycluster_p.h"

#include "names_p.h"

#include <algorithm>
#include <utility>

namespace Dispatch::Engine {

namespace {

/// What a StateMap refuses, as an engine says it.
Failure failureOf(Refusal refusal)
{
    switch (refusal) {
    case Refusal::StateFull:
        return Failure::StateFull;
    case Refusal::StateOwned:
        return Failure::StateOwned;
    default:
        return Failure::StateChanged;
    }
}

} // namespace

std::set<std::string> MemoryCluster::takeLapsed(Leases &leases, TimePoint now)
{
    std::set<std::string> lapsed;
    std::erase_if(leases, [&](const auto &lease) {
        const bool isOver = lease.second.end <= now;
        if (isOver)
            lapsed.insert(lease.first);
        return isOver;
    });
    return lapsed;
}

Renewal MemoryCluster::renew(Leases &leases, const std::string &node, TimePoint now,
                             Duration length)
{
    Lease &lease = leases.try_emplace(node, Lease{randomNumber(), {}}).first->second;
    lease.end = now + length;
    return {lease.id};
}

MemoryCluster::Project &MemoryCluster::project(TimePoint now, const std::string &projectId)
{
    Project &project = m_projects[projectId];
    const std::set<std::string> lapsed = takeLapsed(project.leases, now);
    std::vector<std::string> clients;
    for (const auto &[client, holding] : project.seats) {
        if (lapsed.contains(holding.node))
            clients.push_back(client);
    }
    for (const std::string &client : clients)
        free(project, projectId, client);
    return project;
}

void MemoryCluster::forget(Stream &stream, const std::string &clientId)
{
    stream.emits.erase(clientId);
    stream.emits.erase(clientId + '~');
}

void MemoryCluster::free(Project &project, const std::string &projectId,
                         const std::string &clientId)
{
    if (const auto stream = m_streams.find({projectId}); stream != m_streams.end())
        forget(stream->second, clientId);
    const auto seat = project.seats.find(clientId);
    const auto shard = project.shards.find(seat->second.shardName);
    if (--shard->second.clients == 0)
        project.shards.erase(shard);
    project.seats.erase(seat);
}

std::string MemoryCluster::fullestWithRoom(const Project &project, int ownLimit)
{
    std::string name;
    int most = -1;
    for (const auto &[candidate, shard] : project.shards) {
        if (shard.clients > most && shard.clients < std::min(shard.limit, ownLimit)) {
            name = candidate;
            most = shard.clients;
        }
    }
    return name;
}

Outcome<Seat> MemoryCluster::place(TimePoint now, const std::string &node, const SeatWish &wish)
{
    Project &project = this->project(now, wish.projectId);
    if (!project.leases.contains(node))
        return Failure::Fenced;
    if (const auto seat = project.seats.find(wish.clientId); seat != project.seats.end()) {
        if (seat->second.node != node && !wish.takesOver)
            return Failure::Superseded;
        seat->second.node = node;
        const std::string &name = seat->second.shardName;
        return Seat{{wish.projectId, name}, wish.clientId, project.shards.at(name).limit, true};
    }
    std::string name = wish.shardName;
    if (name.empty())
        name = fullestWithRoom(project, wish.limit);
    while (name.empty()) {
        name = newShardName();
        if (project.shards.contains(name))
            name.clear();
    }
    Shard &shard = project.shards.try_emplace(name, Shard{wish.limit, 0}).first->second;
    if (shard.clients >= std::min(shard.limit, wish.limit))
        return Failure::ShardFull;
    ++shard.clients;
    project.seats.emplace(wish.clientId, Holding{node, name});
    return Seat{{wish.projectId, name}, wish.clientId, shard.limit, false};
}

Nothing MemoryCluster::release(TimePoint now, const std::string &node, const std::string &projectId,
                               const std::string &clientId)
{
    Project &project = this->project(now, projectId);
    const auto seat = project.seats.find(clientId);
    if (seat != project.seats.end() && seat->second.node == node)
        free(project, projectId, clientId);
    return {};
}

Renewal MemoryCluster::keepSeats(TimePoint now, const std::string &node,
                                 const std::string &projectId)
{
    return renew(project(now, projectId).leases, node, now, seatLease(m_limits));
}

std::vector<Occupancy> MemoryCluster::occupancy(TimePoint now, const std::string &projectId)
{
    std::vector<Occupancy> result;
    for (const auto &[name, shard] : project(now, projectId).shards)
        result.push_back({name, shard.clients});
    return result;
}

std::vector<std::string> MemoryCluster::nodes(TimePoint now, const std::string &projectId)
{
    std::set<std::string> nodes;
    for (const auto &[client, holding] : project(now, projectId).seats)
        nodes.insert(holding.node);
    return {nodes.begin(), nodes.end()};
}

StreamId MemoryCluster::locate(TimePoint now, const std::string &projectId,
                               const std::string &clientId)
{
    const Project &project = this->project(now, projectId);
    const auto seat = project.seats.find(clientId);
    return {projectId, seat == project.seats.end() ? std::string() : seat->second.shardName};
}

MemoryCluster::Stream &MemoryCluster::stream(const StreamId &id, const Mark &seen, Notices &notices)
{
    Stream &stream = m_streams[id];
    const bool hasFallenBehind = stream.top.epoch == seen.epoch && stream.top.seq < seen.seq;
    if (stream.top.epoch == 0 || hasFallenBehind) {
        stream.top = {randomNumber(), 0};
        stream.log.clear();
        stream.bytes = 0;
        stream.state.clear();
        notices.push_back({Notice::Kind::Rebirth, id, stream.top, {}, {}});
    }
    return stream;
}

Outcome<Published> MemoryCluster::publish(TimePoint now, const Emission &emission, Notices &notices)
{
    Stream &stream = this->stream(emission.stream, emission.seen, notices);
    if (!emission.clientId.empty()) {
        const auto last = stream.emits.find(emission.clientId);
        if (last != stream.emits.end()) {
            const auto &[emit, mark] = last->second;
            if (emission.emit <= emit)
                return Published{{mark.epoch, emission.emit == emit ? mark.seq : 0}, true};
            if (emission.after > 0 && emission.after != emit && mark.epoch == stream.top.epoch)
                return Failure::EmitGap;
        }
    }
    if (emission.change) {
        const auto isThere = [&stream](const std::string &clientId) {
            return stream.members.contains(clientId);
        };
        if (const auto why = stream.state.refusalOf(*emission.change, isThere))
            return failureOf(*why);
    }
    append(stream, emission, notices);
    if (emission.change)
        change(now, stream, emission);
    if (!emission.clientId.empty())
        stream.emits[emission.clientId] = {emission.emit, stream.top};
    return Published{stream.top, false};
}

void MemoryCluster::change(TimePoint now, Stream &stream, const Emission &emission)
{
    const StateChange &wish = *emission.change;
    if (!wish.isSet)
        return stream.state.remove(wish.key);
    const auto end =
        wish.life.count() > 0 ? std::optional<TimePoint>(now + wish.life) : std::nullopt;
    stream.state.set(
        wish.key,
        {stream.top.seq, wish.clientId, wish.userId, wish.isOwned, end, wish.bytes, emission.data});
}

StateList MemoryCluster::state(TimePoint now, const StreamId &shard, const Mark &seen,
                               Notices &notices)
{
    const Stream &stream = this->stream(shard, seen, notices);
    StateList list{stream.top, {}};
    for (const auto &[key, item] : stream.state.items()) {
        milliseconds life{0};
        if (item.end)
            life = std::max(std::chrono::ceil<milliseconds>(*item.end - now), milliseconds(1));
        list.entries.push_back({key, item.seq, life, item.data});
    }
    return list;
}

void MemoryCluster::append(Stream &stream, const Emission &emission, Notices &notices) const
{
    ++stream.top.seq;
    if (emission.isKept)
        keep(stream, {stream.top.seq, emission.data});
    notices.push_back({Notice::Kind::Event, emission.stream, stream.top, emission.data, {}});
}

void MemoryCluster::keep(Stream &stream, Entry entry) const
{
    stream.bytes += entry.data.size();
    stream.log.push_back(std::move(entry));
    while (!stream.log.empty()
           && (stream.log.size() > m_limits.logEvents || stream.bytes > m_limits.logBytes)) {
        stream.bytes -= stream.log.front().data.size();
        stream.log.pop_front();
    }
}

Page MemoryCluster::read(const ReadWish &wish, Notices &notices)
{
    const Stream &stream = this->stream(wish.stream, wish.seen, notices);
    Page page{stream.top, true, {}, 0};
    if (const auto last = stream.emits.find(wish.clientId); last != stream.emits.end())
        page.lastEmit = last->second.emit;
    if (wish.from.epoch == 0) {
        const std::size_t count = std::min(wish.most, stream.log.size());
        page.entries.assign(stream.log.end() - static_cast<std::ptrdiff_t>(count),
                            stream.log.end());
        return page;
    }
    const bool isKnown = wish.from.epoch == stream.top.epoch;
    for (const Entry &entry : stream.log) {
        if (!isKnown || entry.seq > wish.from.seq)
            page.entries.push_back(entry);
    }
    page.isComplete = isKnown && wish.from.seq + page.entries.size() == stream.top.seq;
    return page;
}

MemoryCluster::Pins &MemoryCluster::livingPins(TimePoint now, const std::string &projectId)
{
    Pins &pins = m_projects[projectId].pins;
    std::erase_if(pins, [now](const auto &pin) { return pin.second.end <= now; });
    return pins;
}

Outcome<Pinned> MemoryCluster::pin(TimePoint now, const Emission &emission, const Pin &pin,
                                   std::size_t most, Notices &notices)
{
    Stream &stream = this->stream(emission.stream, emission.seen, notices);
    Pins &pins = livingPins(now, emission.stream.projectId);
    const bool wasThere = pins.contains(pin.name);
    if (pin.life.count() == 0)
        pins.erase(pin.name);
    else if (!wasThere && pins.size() >= most)
        return Failure::TooManyPins;
    else
        pins.insert_or_assign(pin.name, KeptPin{pin.data, now + pin.life});
    append(stream, emission, notices);
    return Pinned{stream.top, wasThere};
}

PinList MemoryCluster::pins(TimePoint now, const std::string &projectId, const Mark &seen,
                            Notices &notices)
{
    PinList list{stream({projectId}, seen, notices).top, {}};
    for (const auto &[name, kept] : livingPins(now, projectId))
        list.pins.push_back(
            {name, kept.data, std::chrono::duration_cast<milliseconds>(kept.end - now)});
    return list;
}

MemoryCluster::Stream &MemoryCluster::shard(TimePoint now, const StreamId &id, Notices &notices)
{
    Stream &stream = m_streams[id];
    const std::set<std::string> lapsed = takeLapsed(stream.leases, now);
    std::vector<std::string> clients;
    for (const auto &[client, held] : stream.members) {
        if (lapsed.contains(held.node))
            clients.push_back(client);
    }
    for (const std::string &client : clients)
        remove(stream, id, client, notices);
    return stream;
}

void MemoryCluster::remove(Stream &stream, const StreamId &id, const std::string &clientId,
                           Notices &notices)
{
    stream.members.erase(clientId);
    forget(stream, clientId);
    notices.push_back(
        {Notice::Kind::Members, id, {}, {}, {++stream.revision, false, {clientId, {}}}});
}

Outcome<Nothing> MemoryCluster::setMember(TimePoint now, const std::string &node,
                                          const StreamId &shard, const Member &member,
                                          bool takesOver, Notices &notices)
{
    Stream &stream = this->shard(now, shard, notices);
    if (!stream.leases.contains(node))
        return Failure::Fenced;
    const auto [held, isNew] = stream.members.try_emplace(member.clientId, Held{node, member.data});
    if (held->second.node != node && !takesOver)
        return Failure::Superseded;
    const bool hasChanged = isNew || held->second.data != member.data;
    held->second = {node, member.data};
    if (hasChanged)
        notices.push_back(
            {Notice::Kind::Members, shard, {}, {}, {++stream.revision, true, member}});
    return Nothing();
}

Nothing MemoryCluster::removeMember(TimePoint now, const std::string &node, const StreamId &shard,
                                    const std::string &clientId, Notices &notices)
{
    Stream &stream = this->shard(now, shard, notices);
    const auto held = stream.members.find(clientId);
    if (held != stream.members.end() && held->second.node == node)
        remove(stream, shard, clientId, notices);
    return {};
}

PresenceList MemoryCluster::members(TimePoint now, const StreamId &shard, Notices &notices)
{
    const Stream &stream = this->shard(now, shard, notices);
    PresenceList list{stream.revision, {}};
    for (const auto &[client, held] : stream.members)
        list.members.push_back({client, held.data});
    return list;
}

Renewal MemoryCluster::keepMembers(TimePoint now, const std::string &node, const StreamId &shard,
                                   Notices &notices)
{
    return renew(this->shard(now, shard, notices).leases, node, now, m_limits.lease);
}

Nothing MemoryCluster::createSession(const std::string &node, Session session,
                                     const std::string &secret)
{
    session.node = node;
    session.generation = 1;
    const std::string clientId = session.clientId;
    m_sessions.insert_or_assign(clientId, StoredSession{std::move(session), secret, {}});
    return {};
}

Outcome<Session> MemoryCluster::claimSession(const std::string &node, const std::string &shown,
                                             const std::string &next)
{
    const auto found = std::ranges::find_if(m_sessions, [&shown](const auto &one) {
        return one.second.secret == shown || one.second.previous == shown;
    });
    if (shown.empty() || found == m_sessions.end())
        return Failure::NoSession;
    StoredSession &stored = found->second;
    stored.secret = next;
    stored.previous = shown;
    ++stored.session.generation;
    Session answer = stored.session;
    stored.session.node = node;
    return answer;
}

Outcome<Nothing> MemoryCluster::updateSession(const Session &session, bool isConfirmed)
{
    const auto stored = m_sessions.find(session.clientId);
    if (stored == m_sessions.end())
        return Failure::NoSession;
    if (stored->second.session.generation != session.generation)
        return Failure::Superseded;
    Session &kept = stored->second.session;
    kept.userId = session.userId;
    kept.data = session.data;
    kept.direct = session.direct;
    kept.directMark = session.directMark;
    if (isConfirmed)
        stored->second.previous.clear();
    return Nothing();
}

Outcome<Nothing> MemoryCluster::restoreSession(const std::string &node, Session session,
                                               const std::string &secret,
                                               const std::string &previous)
{
    session.node = node;
    if (const auto stored = m_sessions.find(session.clientId); stored != m_sessions.end()) {
        const Session &known = stored->second.session;
        if (known.generation > session.generation
            || (known.generation == session.generation && known.node != node))
            return Failure::Superseded;
    }
    const std::string clientId = session.clientId;
    m_sessions.insert_or_assign(clientId, StoredSession{std::move(session), secret, previous});
    return Nothing();
}

Outcome<Nothing> MemoryCluster::endSession(const std::string &clientId, std::uint64_t generation)
{
    const auto stored = m_sessions.find(clientId);
    if (stored != m_sessions.end() && stored->second.session.generation != generation)
        return Failure::Superseded;
    m_sessions.erase(clientId);
    return Nothing();
}

} // namespace Dispatch::Engine

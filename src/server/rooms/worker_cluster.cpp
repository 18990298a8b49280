// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

// What a worker does where several servers share an engine.

#include "worker_p.h"

#include "cluster_p.h"
#include "clusterevent_p.h"
#include "hub_p.h"
#include "upgraderequest_p.h"

#include <algorithm>
#include <utility>

namespace Dispatch {

Cluster *Worker::cluster() const
{
    return m_hub.cluster();
}

Shard *Worker::shard(std::uint64_t id) const
{
    const auto shard = m_shards.find(id);
    return shard == m_shards.end() ? nullptr : shard->second.get();
}

void Worker::closeIfUnused(Shard &shard, const Placement::Seat &seat)
{
    if (!shard.isEmpty())
        return;
    m_roster.remove(seat.projectId, seat.shardName, &shard);
    m_shards.erase(seat.shardId);
}

void Worker::await(const std::shared_ptr<Transport> &transport,
                   const std::shared_ptr<UpgradeRequest> &request)
{
    const auto arrival = std::make_shared<Arrival>(Arrival{transport, request, m_turn.now, {}});
    const Placement::Seat &seat = request->seat;
    if (seat.shardId != 0) {
        Shard &shard = shardOf(seat);
        shard.expect(1);
        m_arrivals.push_back(arrival);
        if (shard.isReady())
            shardReady(shard);
        return;
    }
    m_arrivals.push_back(arrival);
    cluster()->enterProject(seat.projectId, executor(), [this, arrival] {
        m_turn.tick();
        if (std::erase(m_arrivals, arrival) > 0)
            letIn(arrival->transport, *arrival->request);
    });
}

void Worker::leaveCluster(Connection &connection)
{
    const Placement::Seat &seat = connection.seat();
    connection.leaveCluster();
    if (connection.isBackend()) {
        cluster()->leaveProject(seat.projectId);
    } else if (!connection.shard()) {
        if (Shard *shard = this->shard(seat.shardId)) {
            shard->expect(-1);
            closeIfUnused(*shard, seat);
        }
    }
}

void Worker::shardReady(Shard &shard)
{
    std::vector<std::shared_ptr<Arrival>> ready;
    std::ranges::copy_if(m_arrivals, std::back_inserter(ready), [&shard](const auto &arrival) {
        return arrival->request->seat.shardId == shard.id() && !arrival->isAdopted;
    });
    for (const auto &arrival : ready) {
        if (arrival->request->adopted) {
            adopt(arrival);
        } else {
            std::erase(m_arrivals, arrival);
            letIn(arrival->transport, *arrival->request);
        }
    }
}

void Worker::adopt(const std::shared_ptr<Arrival> &arrival)
{
    arrival->isAdopted = true;
    const Engine::Session &session = arrival->request->adopted->session;
    Engine::ReadWish wish;
    wish.stream = {session.shard.projectId};
    wish.from = session.directMark;
    cluster()->node().read(std::move(wish), {executor(), [this, arrival](const auto &outcome) {
                                                 m_turn.tick();
                                                 takeMissed(arrival, outcome);
                                             }});
}

void Worker::takeMissed(const std::shared_ptr<Arrival> &arrival,
                        const Engine::Outcome<Engine::Page> &outcome)
{
    if (std::ranges::find(m_arrivals, arrival) == m_arrivals.end())
        return;
    AdoptedSession &adopted = *arrival->request->adopted;
    if (const auto *page = std::get_if<Engine::Page>(&outcome)) {
        adopted.hasAllDirects =
            page->isComplete && page->top.epoch == adopted.session.directMark.epoch;
        adopted.directs = page->entries;
        arrival->directMark = page->top;
        const Shard &shard = shardOf(arrival->request->seat);
        arrival->shardMark.epoch = shard.position().epoch;
        for (const Engine::Entry &entry : page->entries) {
            const auto direct = unpackedDirect(entry.data);
            if (direct && direct->isIn(adopted.session.shard.shardName, shard.position().epoch))
                arrival->shardMark.seq = std::max(arrival->shardMark.seq, direct->after.seq);
        }
    }
    arrival->isRead = true;
}

bool Worker::isInStep(const Arrival &arrival) const
{
    if (!arrival.request->adopted->hasAllDirects || arrival.hasMissed)
        return true; // it is told, and there is no order to be kept
    // What was read went another way than what is heard: one can be ahead of the other.
    const Engine::Mark direct = directMark(arrival.request->seat.projectId);
    if (direct.epoch != arrival.directMark.epoch || direct.seq < arrival.directMark.seq)
        return false;
    return shard(arrival.request->seat.shardId)->isPast(arrival.shardMark);
}

void Worker::letInAdopted()
{
    std::vector<std::shared_ptr<Arrival>> ready;
    std::erase_if(m_arrivals, [&](const auto &arrival) {
        const bool isReady = arrival->isRead && isInStep(*arrival);
        if (isReady)
            ready.push_back(arrival);
        return isReady;
    });
    for (const auto &arrival : ready)
        finishAdoption(*arrival);
}

void Worker::finishAdoption(Arrival &arrival)
{
    AdoptedSession &adopted = *arrival.request->adopted;
    adopted.hasAllDirects &= !arrival.hasMissed;
    for (Engine::Entry &entry : arrival.heard) {
        if (entry.seq > arrival.directMark.seq)
            adopted.directs.push_back(std::move(entry));
    }
    const Engine::Session &session = adopted.session;
    if (Connection *older = clientOf(session.shard.projectId, session.clientId)) {
        older->loseSession();
        acknowledge(); // they must not be asked when they are gone
        removeLeavers();
    }
    letIn(arrival.transport, *arrival.request);
}

void Worker::sweepArrivals()
{
    if (m_arrivals.empty())
        return;
    std::vector<std::shared_ptr<Arrival>> late;
    std::erase_if(m_arrivals, [&](const auto &arrival) {
        const bool isLate =
            m_turn.now - arrival->since >= milliseconds(settings().engineEmitTimeout);
        if (isLate)
            late.push_back(arrival);
        else if (Shard *shard = this->shard(arrival->request->seat.shardId))
            shard->retry();
        return isLate;
    });
    for (const auto &arrival : late) {
        arrival->request->refusal = Refusal::EngineUnavailable;
        if (arrival->request->adopted) {
            cluster()->abandon(arrival->request->adopted->session);
            arrival->request->adopted.reset();
            arrival->request->clientId.clear();
            arrival->request->seat.clientId.clear();
        }
        letIn(arrival->transport, *arrival->request);
    }
}

void Worker::endArrivals()
{
    for (const auto &arrival : std::exchange(m_arrivals, {}))
        endArrival(*arrival);
}

void Worker::giveBack(UpgradeRequest &request)
{
    // Another server has the session, or will have it, and the presence there.
    if (request.adopted)
        request.seat.clientId.clear();
    m_hub.release(request.seat);
}

void Worker::endArrival(Arrival &arrival)
{
    const Placement::Seat &seat = arrival.request->seat;
    arrival.transport->abort();
    if (seat.shardId == 0)
        cluster()->leaveProject(seat.projectId);
    giveBack(*arrival.request);
    if (Shard *shard = this->shard(seat.shardId)) {
        shard->expect(-1);
        closeIfUnused(*shard, seat);
    }
}

Connection *Worker::clientOf(const std::string &projectId, const std::string &clientId) const
{
    std::vector<Connection *> found;
    m_addressBook.findClient(projectId, clientId, found);
    return found.empty() ? nullptr : found.front();
}

Engine::Mark Worker::directMark(const std::string &projectId) const
{
    const auto mark = m_directMarks.find(projectId);
    return mark == m_directMarks.end() ? Engine::Mark() : mark->second;
}

void Worker::beginDirects(const std::string &projectId, const Engine::Mark &top)
{
    m_directMarks[projectId] = top;
}

void Worker::deliverDirects(const std::string &projectId, std::uint64_t epoch,
                            const std::vector<Engine::Entry> &entries)
{
    for (const Engine::Entry &entry : entries) {
        if (const auto direct = unpackedDirect(entry.data))
            deliver(projectId, *direct);
    }
    if (entries.empty())
        return;
    m_directMarks[projectId] = {epoch, entries.back().seq};
    for (const auto &arrival : m_arrivals) {
        if (arrival->isAdopted && arrival->request->seat.projectId == projectId)
            arrival->heard.insert(arrival->heard.end(), entries.begin(), entries.end());
    }
}

void Worker::deliver(const std::string &projectId, const DirectEvent &direct)
{
    Letter letter{direct.event};
    m_found.clear();
    for (const std::string &recipient : direct.recipients)
        m_addressBook.find(projectId, recipient, m_found);
    findPeople(projectId, direct.clients, direct.users);
    handToFound(letter);
}

void Worker::loseDirects(const std::string &projectId, const Engine::Mark &mark)
{
    m_directMarks[projectId] = mark;
    for (const auto &arrival : m_arrivals) {
        if (arrival->request->adopted && arrival->request->seat.projectId == projectId)
            arrival->hasMissed = true;
    }
    for (const auto &[connection, owner] : m_connections) {
        if (connection->seat().projectId == projectId && connection->shard())
            connection->loseDirects();
    }
}

void Worker::loseSeat(const std::string &projectId, const std::string &clientId)
{
    if (Connection *connection = clientOf(projectId, clientId))
        connection->sendAway(Refusal::SeatLost, {});
}

void Worker::loseSession(const Engine::Session &session)
{
    std::vector<std::shared_ptr<Arrival>> lost;
    std::erase_if(m_arrivals, [&](const auto &arrival) {
        const auto &adopted = arrival->request->adopted;
        const bool isLost = adopted && adopted->session.clientId == session.clientId
            && adopted->session.generation <= session.generation;
        if (isLost)
            lost.push_back(arrival);
        return isLost;
    });
    for (const auto &arrival : lost)
        endArrival(*arrival);
    Connection *connection = clientOf(session.shard.projectId, session.clientId);
    if (connection && connection->isOlderThan(session))
        connection->loseSession();
}

void Worker::cameBack(Connection &connection)
{
    if (m_drain)
        sendAwayLater(connection);
}

void Worker::deliverHeld()
{
    for (const auto &[id, shard] : m_shards)
        shard->deliverHeld();
}

} // namespace Dispatch

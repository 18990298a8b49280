// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

// What a client has to do with other servers.

#include "connection_p.h"

#include "adoptedsession_p.h"
#include "cluster_p.h"
#include "clusterevent_p.h"
#include "eventnames_p.h"
#include "hub_p.h"
#include "mailing_p.h"
#include "shard_p.h"
#include "upgraderequest_p.h"
#include "worker_p.h"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <tuple>
#include <utility>

namespace Dispatch {

void Connection::enterCluster()
{
    if (isBackend())
        return;
    m_membership->directMark = m_worker.directMark(m_seat.projectId);
    if (m_membership->generation == 0) {
        m_membership->notedMark = m_membership->directMark;
        if (m_session)
            createSession();
    }
    setMember(true);
}

void Connection::setMember(bool takesOver)
{
    m_worker.cluster()->node().setMember(
        {m_seat.projectId, m_seat.shardName},
        {m_person.clientId, packedPerson(m_person, m_address, m_connectedSince)}, takesOver, {});
}

void Connection::createSession()
{
    m_membership->generation = 1;
    m_worker.cluster()->node().createSession(sessionForOthers(), m_session->secret, {});
}

void Connection::tellMember()
{
    if (!m_membership)
        return;
    setMember(false);
    if (m_session)
        noteState(false);
}

Engine::Session Connection::sessionForOthers() const
{
    const EmitLedger &emits = m_session->emits;
    Engine::Session session;
    session.clientId = m_person.clientId;
    session.shard = {m_seat.projectId, m_seat.shardName};
    session.userId = m_person.userId;
    session.data = packedState({m_person.userInfoFields, emits.refused(), emits.refusedSince()});
    session.directMark = m_membership->notedMark;
    session.direct = m_membership->direct;
    return session;
}

void Connection::noteState(bool isConfirmed)
{
    m_membership->isStateNoted = true;
    if (m_session && m_session->id != 0)
        m_worker.cluster()->node().updateSession(sessionForOthers(), isConfirmed, {});
}

void Connection::noteDirects()
{
    if (!m_session || m_session->id == 0)
        return;
    // What was sent before the ping has arrived. It is told others before their log forgets it.
    const Engine::Mark reached =
        std::exchange(m_membership->directMark, m_worker.directMark(m_seat.projectId));
    const std::uint64_t direct =
        std::exchange(m_membership->directAtPing, m_session->direct.last());
    const std::uint64_t noted = m_membership->notedMark.seq;
    if (reached.epoch == m_membership->notedMark.epoch
        && reached.seq - noted < m_worker.replayBounds().events / 4) {
        return;
    }
    m_membership->notedMark = reached;
    m_membership->direct = direct;
    noteState(false);
}

void Connection::publishEmission(Engine::StreamId stream, std::string data,
                                 std::optional<StateChange> change)
{
    Membership &member = *m_membership;
    const std::uint64_t emit = m_session ? m_session->emit : 0;
    if (member.pending.isFull())
        return refuseEmission(emit, Refusal::EngineUnavailable);
    Engine::Emission emission;
    emission.clientId = m_person.clientId;
    emission.emit = emit;
    if (emit > 0) {
        std::uint64_t &last = stream.isShard() ? member.lastInShard : member.lastDirect;
        emission.after = std::exchange(last, emit);
        member.holdsEmit = true;
    } else {
        // Numbers of its own, which go on when another server goes on with the client.
        constexpr int GenerationShift = 32;
        emission.clientId += '~';
        emission.emit = (member.generation << GenerationShift) + ++member.lastOwn;
    }
    emission.stream = std::move(stream);
    emission.data = std::move(data);
    emission.change = std::move(change);
    emission.limit = milliseconds(m_worker.settings().engineEmitTimeout);
    member.pending.add(emit, std::move(emission));
    publishPending();
}

void Connection::publishEverywhere(const std::shared_ptr<Mailing> &mailing)
{
    m_worker.cluster()->publish(mailing,
                                [member = std::weak_ptr(m_membership),
                                 executor = m_worker.executor()](std::optional<Refusal> refusal) {
                                    if (!refusal)
                                        return;
                                    boost::asio::post(executor, [member, refusal] {
                                        if (const auto there = member.lock())
                                            there->connection.refuseEmission(0, *refusal);
                                    });
                                });
}

void Connection::publishPending()
{
    while (auto step = m_membership->pending.takeStep()) {
        // Where it belongs among the events of the shard, for who gets it later.
        if (!step->emission.stream.isShard())
            step->emission.data += packedPlace(m_seat.shardName, m_membership->lastMark);
        send(*std::move(step));
    }
}

void Connection::send(PendingEmissions::Step step)
{
    const bool isHere = m_shard && step.emission.stream.isShard();
    m_worker.cluster()->node().publish(
        std::move(step.emission),
        {m_worker.executor(),
         [member = std::weak_ptr(m_membership), ticket = step.ticket,
          isHere](const Engine::Outcome<Engine::Published> &outcome) {
             const auto there = member.lock();
             if (!there)
                 return;
             there->connection.m_worker.turn().tick();
             const auto take = [member, ticket, outcome](bool isLost) {
                 if (const auto still = member.lock())
                     still->connection.answered(ticket,
                                                isLost ? Engine::Failure::Unavailable : outcome);
             };
             // Acknowledged is what was delivered: an engine that ends may say the one alone.
             const auto *published = std::get_if<Engine::Published>(&outcome);
             if (published && isHere)
                 there->connection.m_shard->whenAt(published->mark, take);
             else
                 take(false);
         }});
}

void Connection::answered(std::uint64_t ticket, const Engine::Outcome<Engine::Published> &outcome)
{
    m_membership->pending.answer(ticket, outcome);
    settleEmissions();
}

void Connection::settleEmissions()
{
    PendingEmissions &pending = m_membership->pending;
    while (const auto settled = pending.takeSettled()) {
        if (settled->failure)
            refuseEmission(settled->emit, refusalOf(*settled->failure));
        if (settled->emit > 0)
            m_session->emits.settle(settled->emit, settled->mark.seq);
        if (settled->mark.seq > 0)
            m_membership->lastMark = settled->mark;
    }
    publishPending();
    if (m_session && !m_hasEnded && m_session->emits.isAckDue())
        m_worker.acknowledgeLater(*this);
}

void Connection::beginAdopted(const UpgradeRequest &request)
{
    const AdoptedSession &adopted = *request.adopted;
    const Engine::Session &session = adopted.session;
    m_person.userId = session.userId;
    m_person.userInfoFields = adopted.state.userInfoFields;
    m_membership->generation = session.generation;
    m_membership->notedMark = session.directMark;
    m_membership->direct = session.direct;
    m_membership->lastMark = adopted.lastMark;
    std::tie(m_session->id, m_session->secret) = m_worker.sessions().add(
        {0, m_seat.projectId, m_seat.shardName, m_person.userId, m_seat.worker},
        request.nextSecret);
    m_session->position = request.position;
    m_session->emits.resumeAt(adopted.lastEmit, adopted.state.refused, adopted.state.refusedSince);
    m_session->direct = DirectLog(session.direct);
    m_session->isAway = true;
    m_session->awaySince = m_worker.turn().now;
    m_session->lastHeard = m_worker.turn().now;
    m_worker.enter(*this);
    m_shard->countAway(1);
    m_worker.turn().counters.sessionsAway.add();
    takeDirects(adopted);
    m_membership->directAtPing = m_session->direct.last();
}

void Connection::takeDirects(const AdoptedSession &adopted)
{
    if (!adopted.hasAllDirects)
        return loseDirects();
    const auto isHere = [this](const std::string &name) {
        return name == m_person.clientId || (!m_person.userId.empty() && name == m_person.userId);
    };
    const std::uint64_t epoch = m_shard->position().epoch;
    std::uint64_t afterSeq = m_session->position.seq;
    for (const Engine::Entry &entry : adopted.directs) {
        const auto direct = unpackedDirect(entry.data);
        if (!direct)
            continue;
        if (direct->isIn(m_seat.shardName, epoch))
            afterSeq = std::max(afterSeq, direct->after.seq);
        if (std::ranges::any_of(direct->recipients, isHere)
            || std::ranges::any_of(direct->clients, isHere)
            || std::ranges::any_of(direct->users, isHere)) {
            m_session->direct.append(afterSeq, m_worker.encoded(direct->event, true),
                                     m_worker.replayBounds());
        }
    }
}

bool Connection::isOlderThan(const Engine::Session &session) const
{
    return m_membership->generation <= session.generation;
}

void Connection::loseSession()
{
    if (m_hasEnded)
        return;
    m_membership->staysElsewhere = true;
    tellReplaced();
    if (m_hasEnded)
        return;
    if (m_transport)
        detach();
    leave(info(Refusal::Replaced).slug);
}

void Connection::loseStream(bool isKnown)
{
    if (!m_isOpen)
        return;
    if (isExtended()) {
        sendAway(Refusal::StreamReset, {});
    } else if (isKnown) {
        sendEvent(EventName::Error, refusalPayload(Refusal::StreamReset));
        close(CloseCode::ServiceRestart, info(Refusal::StreamReset).slug);
    }
}

void Connection::loseDirects()
{
    if (!isExtended())
        return;
    // One more than there were: who comes back is told that not everything is there.
    m_session->direct = DirectLog(m_session->direct.last() + 1);
    loseStream(false);
}

void Connection::leaveCluster()
{
    if (isBackend())
        return;
    Engine::Node &node = m_worker.cluster()->node();
    if (staysElsewhere()) {
        m_seat.clientId.clear();
        return;
    }
    if (m_session && m_session->id != 0)
        node.endSession(m_person.clientId, {});
    if (m_shard)
        node.removeMember({m_seat.projectId, m_seat.shardName}, m_person.clientId, {});
}

} // namespace Dispatch

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

// What clients of the extended profile have that outlives their connections.

#include "connection_p.h"

#include "eventnames_p.h"
#include "greetingmessage_p.h"
#include "recovery_p.h"
#include "shard_p.h"
#include "upgraderequest_p.h"
#include "worker_p.h"

#include <QtCore/qrandom.h>

#include <algorithm>
#include <tuple>

namespace Dispatch {

bool Connection::resume(const std::shared_ptr<Transport> &transport, const UpgradeRequest &request)
{
    // One that its client gave up may speak after the next one.
    if (m_hasEnded || request.acceptedAt < m_acceptedAt)
        return false;
    std::string secret = request.nextSecret.empty()
        ? m_worker.sessions().renewSecret(*request.claim)
        : m_worker.sessions().renewSecret(*request.claim, request.nextSecret);
    if (secret.empty())
        return false;
    tellReplaced();
    if (m_hasEnded)
        return false;
    detach();
    m_session->secret = std::move(secret);
    m_session->position = request.position;
    m_session->isConfirmed = false;
    m_acceptedAt = request.acceptedAt;
    m_address = request.address;
    m_lease = request.lease;
    const DispatchServerSettings &settings = m_worker.settings();
    m_heartbeat =
        Heartbeat(milliseconds(settings.heartbeatInterval), milliseconds(settings.heartbeatTimeout),
                  m_worker.turn().now, QRandomGenerator::global()->generateDouble());
    m_badTokens = 0;
    m_expiry.askAgain();
    if (!request.userId.empty()) {
        m_expiry.renew(request.tokenExpiresAt, std::chrono::system_clock::now(),
                       m_worker.turn().now);
    }
    if (m_membership) {
        m_membership->generation = request.generation;
        if (request.isForgotten)
            createSession();
    }
    m_transport = transport;
    m_transport->start(this, request);
    return true;
}

void Connection::tellReplaced()
{
    if (!m_isOpen && m_transport)
        m_transport->abort();
    if (!m_isOpen)
        return;
    const std::string_view slug = info(Refusal::Replaced).slug;
    sendEvent(EventName::Error, refusalPayload(Refusal::Replaced));
    if (!m_isOpen)
        return;
    m_transport->close(CloseCode::Replaced, slug);
    m_worker.turn().counters.departures.add(slug);
}

void Connection::beginSession()
{
    std::tie(m_session->id, m_session->secret) = m_worker.sessions().add(
        {0, m_seat.projectId, m_seat.shardName, m_person.userId, m_seat.worker});
    // The greeting has the list that the newcomer is in.
    m_worker.enter(*this);
    StreamPosition from = m_shard->position();
    from.seq -= std::min(historyToGive(), m_shard->log().size());
    const std::optional<Recovery> history = missedSince(from);
    greetExtended(false, history ? from : m_shard->position(), history);
}

std::size_t Connection::historyToGive() const
{
    const DispatchServerSettings &settings = m_worker.settings();
    const int most = std::min({m_session->history, settings.maxHistory, settings.maxReplayEvents});
    const bool isAllowed = most > 0
        && (settings.historyProjects.isEmpty()
            || settings.historyProjects.contains(QString::fromStdString(m_seat.projectId)));
    return isAllowed ? static_cast<std::size_t>(most) : 0;
}

void Connection::comeBack()
{
    m_session->isAway = false;
    m_session->lease.reset();
    m_shard->countAway(-1);
    const std::optional<Recovery> missed = missedSince(m_session->position);
    Counters &counters = m_worker.turn().counters;
    counters.sessionsAway.add(-1);
    (missed ? counters.resumesRecovered : counters.resumesUnrecovered).add();
    counters.eventsReplayed.add(missed ? static_cast<std::int64_t>(missed->events) : 0);
    StreamPosition present = m_shard->position();
    present.direct = m_session->direct.last();
    if (missed) {
        greetExtended(true, m_session->position, missed);
    } else {
        const std::optional<Recovery> life = newLife(present);
        greetExtended(false, life ? StreamPosition{present.epoch, 0, present.direct} : present,
                      life);
    }
    if (m_membership)
        m_worker.cameBack(*this);
}

std::optional<Recovery> Connection::newLife(const StreamPosition &present) const
{
    // Where servers share an engine that was lost, emitters go on as soon as it is back.
    if (!m_membership || m_session->position.epoch == present.epoch)
        return std::nullopt;
    return missedSince({present.epoch, 0, present.direct});
}

std::optional<Recovery> Connection::missedSince(const StreamPosition &position) const
{
    // The greeting and what comes next wait beside it; who is over the bound is dropped.
    const auto bytes = static_cast<std::size_t>(m_worker.settings().maxWriteQueueBytes / 2);
    return recover(position, m_shard->position().epoch, m_shard->log(), m_session->direct,
                   {m_worker.replayBounds().events, bytes});
}

void Connection::greetExtended(bool isRecovered, const StreamPosition &from,
                               const std::optional<Recovery> &replay)
{
    const DispatchServerSettings &settings = m_worker.settings();
    const std::string clients = m_shard->list(m_worker.turn().now);
    // Who goes on without a gap gets what has changed.
    const std::string state = isRecovered ? std::string() : m_shard->wholeState();
    EmitLedger &emits = m_session->emits;
    Greeting greeting;
    greeting.clientId = m_person.clientId;
    greeting.shardName = m_seat.shardName;
    greeting.limits = m_worker.limitsForClients();
    greeting.session = m_session->secret;
    greeting.sessionWindow = settings.sessionWindow;
    greeting.recovered = isRecovered;
    greeting.position = from;
    greeting.lastEmit = emits.settled();
    greeting.refused = emits.refused();
    greeting.refusedSince = emits.refusedSince();
    greeting.replay = replay ? replay->events : 0;
    greeting.userId = m_person.userId;
    greeting.revision = m_shard->presence().revision();
    greeting.serverTime = msSinceEpoch();
    greeting.heartbeatInterval = settings.heartbeatInterval;
    greeting.heartbeatTimeout = settings.heartbeatTimeout;
    greeting.connectedClients = clients;
    greeting.state = state;
    sendEvent(EventName::Connected, greetingPayload(greeting));
    if (replay) {
        for (const Chunk &frames : replay->frames)
            push(frames);
    }
    std::string().swap(m_session->secret); // an assignment would keep its memory
    emits.takeAck();
}

void Connection::confirm()
{
    if (!m_session || !m_isOpen || std::exchange(m_session->isConfirmed, true))
        return;
    m_worker.sessions().confirm(m_session->id);
    if (m_membership)
        noteState(true);
}

void Connection::keepDirect(const Chunk &frames)
{
    m_session->direct.append(m_shard->position().seq, frames, m_worker.replayBounds());
}

bool Connection::goAway(std::string_view reason)
{
    if (!m_session || m_session->id == 0)
        return false;
    if (m_worker.isEnding()) {
        // Whoever is sent away by a server that ends goes on with another one.
        if (m_membership)
            m_membership->staysElsewhere = true;
        return false;
    }
    const DispatchServerSettings &settings = m_worker.settings();
    if (!m_session->isAway) {
        if (settings.sessionWindow == 0)
            return false;
        // Who is away counts where he was, so that nobody can pile up sessions.
        if (m_lease) {
            m_session->lease =
                m_worker.awayAddresses().take(m_lease->key(), settings.maxConnectionsPerAddress);
            if (!m_session->lease)
                return false;
        }
    }
    m_session->reason = reason;
    detach();
    return true;
}

void Connection::detach()
{
    if (!m_session->isAway) {
        m_session->isAway = true;
        m_session->awaySince = m_worker.turn().now;
        m_session->lastHeard = m_transport->lastHeard();
        m_shard->countAway(1);
        m_worker.turn().counters.sessionsAway.add();
    }
    m_isOpen = false;
    m_lease.reset();
    // It may be the transport itself that has us called: somebody else has to keep it.
    if (m_transport)
        m_worker.retire(std::exchange(m_transport, nullptr));
}

void Connection::leave(std::string_view reason)
{
    m_hasEnded = true;
    if (isAway())
        m_worker.turn().counters.sessionsAway.add(-1);
    if (m_session && m_session->id != 0)
        m_worker.sessions().remove(m_session->id);
    m_worker.leaveLater(*this, reason);
}

void Connection::sweepAway(TimePoint now)
{
    const milliseconds window(m_worker.settings().sessionWindow);
    if (m_transport || now - m_session->awaySince < window)
        return;
    // Somebody may be on his way to it.
    if (m_worker.sessions().expire(m_session->id))
        leave(std::string(m_session->reason));
}

} // namespace Dispatch

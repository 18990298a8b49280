// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "connection_p.h"

#include "allowedshards_p.h"
#include "clientid_p.h"
#include "clientmessage_p.h"
#include "eventnames_p.h"
#include "frame_p.h"
#include "hub_p.h"
#include "limits_p.h"
#include "servermessage_p.h"
#include "shard_p.h"
#include "text_p.h"
#include "tokenrefusal_p.h"
#include "upgraderequest_p.h"
#include "worker_p.h"

#include <QtCore/qrandom.h>

namespace Dispatch {

namespace {

/// Whether who is closed with \a code may come back to the session.
bool keepsSession(CloseCode code)
{
    // After a restart nobody knows it, and whose token has ended is not that user any more.
    return isRetryable(static_cast<std::uint16_t>(code)) && code != CloseCode::ServiceRestart
        && code != CloseCode::TokenExpired;
}

constexpr int MostBadTokens = 5;

} // namespace

Connection::Connection(Worker &worker, const std::shared_ptr<Transport> &transport,
                       const UpgradeRequest &request)
    : m_worker(worker)
    , m_transport(transport)
    , m_seat(request.seat)
    , m_address(request.address)
    , m_lease(request.lease)
    , m_acceptedAt(request.acceptedAt)
    , m_connectedSince(msSinceEpoch())
    , m_person{request.clientId.empty() ? newClientId() : request.clientId, {}, request.userId, 0}
    , m_heartbeat(milliseconds(worker.settings().heartbeatInterval),
                  milliseconds(worker.settings().heartbeatTimeout), worker.turn().now,
                  QRandomGenerator::global()->generateDouble())
    , m_session(request.isExtended ? std::make_unique<ExtendedSession>() : nullptr)
    , m_membership(worker.cluster() ? std::make_shared<Membership>(*this) : nullptr)
    , m_refusal(request.refusal)
{
    if (m_session)
        m_session->history = request.history;
    m_expiry.renew(request.tokenExpiresAt, std::chrono::system_clock::now(), worker.turn().now);
}

Connection::~Connection() = default;

void Connection::start(const UpgradeRequest &request)
{
    if (request.adopted)
        beginAdopted(request);
    m_transport->start(this, request);
}

void Connection::sweep(TimePoint now)
{
    if (m_hasEnded)
        return;
    if (m_membership && !m_membership->isStateNoted)
        noteState(false);
    if (isAway())
        return sweepAway(now);
    if (!m_isOpen)
        return;
    if (m_isLeaving)
        return m_transport->endIfLate(now, milliseconds(m_worker.settings().flushTimeout));
    if (m_transport->isStalled(now, milliseconds(m_worker.settings().writeStallTimeout)))
        return drop("slow_consumer");
    checkToken(now);
    if (m_hasEnded || !m_isOpen)
        return;
    if (const int timeout = m_worker.settings().messageTimeout;
        m_transport->isMessageLate(now, milliseconds(timeout))) {
        return refuse(Refusal::MessageTimeout, "at most " + std::to_string(timeout) + " ms");
    }
    if (m_record) {
        if (const int dropped = m_record->flood.untold(now))
            tellDropped(dropped, {}, {});
    }
    acknowledge();
    if (m_hasEnded || !m_isOpen)
        return;
    if (m_transport->isBehind())
        m_heartbeat.excuse(now);
    switch (m_heartbeat.check(now, m_transport->lastHeard())) {
    case Heartbeat::Action::None:
        break;
    case Heartbeat::Action::Ping:
        sendPing();
        break;
    case Heartbeat::Action::Dead:
        drop("heartbeat_timeout");
        break;
    }
}

void Connection::checkToken(TimePoint now)
{
    switch (m_expiry.check(now, milliseconds(m_worker.settings().tokenExpiryGrace))) {
    case Expiry::Action::None:
        break;
    case Expiry::Action::AskForToken:
        sendEvent(EventName::Error, refusalPayload(Refusal::TokenExpired));
        break;
    case Expiry::Action::Close:
        refuse(Refusal::TokenNotRenewed);
        break;
    }
}

void Connection::updateLastPing(TimePoint now)
{
    m_person.lastPing = msSinceEpoch(now - lastHeard());
}

void Connection::close(CloseCode code, std::string_view reason)
{
    if (m_hasEnded)
        return;
    if (m_shard)
        m_shard->seal();
    if (m_transport)
        m_transport->close(code, reason);
    // Another server knows it after a restart of this one.
    const bool movesOn = m_membership && code == CloseCode::ServiceRestart && m_worker.isEnding();
    stop(reason, movesOn || keepsSession(code));
}

bool Connection::sendAway(Refusal refusal, std::string_view detail)
{
    if (m_hasEnded || !(m_isOpen || isAway()))
        return false;
    const RefusalInfo &row = info(refusal);
    sendEvent(EventName::Error, refusalPayload(refusal, detail));
    close(row.closeCode.value_or(CloseCode::Normal), row.slug);
    return true;
}

void Connection::sendElsewhere(std::optional<milliseconds> retryAfter)
{
    sendEvent(EventName::Error, refusalPayload(Refusal::Draining, {}, retryAfter));
    if (!m_isOpen)
        return;
    m_isLeaving = true;
    m_transport->closeSoftly(CloseCode::ServiceRestart, info(Refusal::Draining).slug);
}

void Connection::opened()
{
    const bool wasAway = isAway();
    // What others emitted in this turn is missed by one who comes back, too.
    if (wasAway)
        m_shard->seal();
    m_isOpen = true;
    if (m_refusal) {
        sendEvent(EventName::Error, refusalPayload(*m_refusal));
        close(CloseCode::TryAgainLater, info(*m_refusal).slug);
        return;
    }
    // A ban that came after the seat was taken has not found this one.
    if (const auto ban = banOf(m_person.userId)) {
        sendAway(Refusal::Banned, *ban);
        return;
    }
    if (wasAway)
        comeBack();
    else
        greet();
    sendPing();
}

std::optional<std::string> Connection::banOf(const std::string &userId) const
{
    return isBackend() ? std::nullopt : m_worker.banOf(m_seat.projectId, userId, m_address);
}

void Connection::greet()
{
    m_worker.turn().counters.joinTimes.observe(Clock::now() - m_acceptedAt);
    if (m_session)
        return beginSession();
    const std::string_view shardName = isBackend() ? std::string_view() : m_seat.shardName;
    sendEvent(EventName::Connected,
              connectedPayload(m_person.clientId, shardName, m_worker.limitsForClients()));
    m_worker.enter(*this);
}

void Connection::received(std::string_view text)
{
    m_worker.turn().counters.eventsReceived.add();
    m_worker.turn().arrivals.add(m_worker.turn().now);
    if (m_session)
        return receivedExtended(text);
    if (!isWithinRates(text.size()) || isTooLong(text))
        return;
    auto parsed = m_worker.parser().parse(text);
    if (const auto *error = std::get_if<ClientMessageError>(&parsed))
        return refuse(*error);
    handle(std::get<ClientMessage>(parsed));
}

bool Connection::isTooLong(std::string_view text)
{
    if (text.size() <= Limits::MessageUtf16Units)
        return false;
    const std::size_t units = Text::utf16Length(text);
    if (units <= Limits::MessageUtf16Units)
        return false;
    refuse(Refusal::MessageTooBig, "it has " + std::to_string(units));
    return true;
}

void Connection::receivedBinary()
{
    refuse(Refusal::BinaryMessage);
}

void Connection::ponged(std::string_view payload)
{
    if (!m_heartbeat.pong(m_transport->lastHeard(), payload))
        return;
    m_worker.turn().counters.roundTrips.observe(2 * m_heartbeat.halfRoundTrip());
    confirm();
    if (m_membership)
        noteDirects();
}

void Connection::tooBig()
{
    m_worker.turn().counters.refusedMessages.add(Refusal::MessageTooBig);
    const std::string bytes = std::to_string(m_worker.settings().maxMessageBytes);
    sendEvent(EventName::Error,
              refusalPayload(Refusal::MessageTooBig, "and at most " + bytes + " bytes"));
}

void Connection::misbehaved(FrameWatch::Fault fault)
{
    const DispatchServerSettings &settings = m_worker.settings();
    switch (fault) {
    case FrameWatch::Fault::None:
        break;
    case FrameWatch::Fault::BadLength:
        close(CloseCode::ProtocolError, info(Refusal::BadMessage).slug);
        break;
    case FrameWatch::Fault::TooManyFragments:
        refuse(Refusal::TooManyFragments, "at most " + std::to_string(settings.maxFragments));
        break;
    case FrameWatch::Fault::TooManyControlFrames:
        refuse(Refusal::TooManyControlFrames,
               "at most " + std::to_string(settings.controlFramesPerSecond) + " a second");
        break;
    }
}

void Connection::ended(std::string_view reason, bool saidGoodbye)
{
    stop(reason, !saidGoodbye || (m_membership && m_isLeaving));
}

void Connection::stop(std::string_view reason, bool mayComeBack)
{
    if (m_hasEnded)
        return;
    if (reason == info(Refusal::SlowConsumer).slug)
        m_worker.logEnd(*this, reason);
    else if (m_isLeaving)
        reason = info(Refusal::Draining).slug;
    if (!isAway())
        m_worker.turn().counters.departures.add(reason);
    if (!mayComeBack || !goAway(reason))
        leave(reason);
}

void Connection::handle(const ClientMessage &message)
{
    if (message.eventName == EventName::SetUserInfo)
        setUserInfo(message.payload);
    else if (message.eventName == EventName::Identify)
        identify(message.payload);
    else if (message.eventName == EventName::SetState && isExtended())
        changeState(message.payload);
    else if (EventName::isReserved(message.eventName))
        refuseReserved(message.eventName);
    else if (message.recipients)
        emitToRecipients(message);
    else if (!m_shard)
        publish(message);
    else if (mayReach(m_shard->size()))
        emitToShard(message);
}

void Connection::setUserInfo(std::string_view payload)
{
    if (!m_shard)
        return refuse(Refusal::BadUserInfo, "a back end is in no list");
    if (!maySetUserInfo())
        return;
    if (payload.size() > static_cast<std::size_t>(m_worker.settings().maxUserInfoBytes)) {
        return refuse(Refusal::UserInfoTooBig,
                      "at most " + std::to_string(m_worker.settings().maxUserInfoBytes) + " bytes");
    }
    auto fields = m_worker.parser().parseUserInfo(m_worker.padded(payload));
    if (const auto *error = std::get_if<ClientMessageError>(&fields))
        return refuse(*error);
    if (m_shard->presence().setUserInfo(m_person, std::get<std::string>(std::move(fields)))) {
        m_shard->presenceChanged();
        tellMember();
    }
}

void Connection::identify(std::string_view payload)
{
    const std::optional<std::string> token = m_worker.parser().parseToken(m_worker.padded(payload));
    const DispatchTokenVerdict verdict =
        token ? m_worker.verify(*token, m_seat.projectId) : DispatchTokenVerdict();
    if (!verdict && token && isBackend()) {
        // It goes on as what it is.
        if (const auto renewed = m_worker.verifyBackend(*token, m_seat.projectId))
            return accept(renewed);
    }
    if (!verdict) {
        if (++m_badTokens >= MostBadTokens)
            return refuse(Refusal::TooManyBadTokens, std::to_string(MostBadTokens) + " in a row");
        return refuse(refusalOf(verdict.fault, Refusal::InvalidToken));
    }
    const bool needsClaim = m_worker.settings().requireShardClaim;
    if (!isBackend() && allowedShards(m_seat.shardName, verdict.shards, needsClaim).empty())
        return refuse(Refusal::ShardNotAllowed);
    const std::string userId = verdict.userId.toStdString();
    if (const auto ban = banOf(userId))
        return refuse(Refusal::Banned, *ban);
    if (userId != m_person.userId && !m_worker.changeUser(*this, userId)) {
        return refuse(Refusal::TooManyConnections,
                      "at most " + std::to_string(m_worker.settings().maxConnectionsPerUser));
    }
    accept(verdict);
}

void Connection::accept(const DispatchTokenVerdict &verdict)
{
    m_badTokens = 0;
    m_expiry.renew(verdict.expiresAt, std::chrono::system_clock::now(), m_worker.turn().now);
}

void Connection::sendEvent(std::string_view name, std::string_view payload)
{
    const Chunk frames = m_worker.encoded({Text::jsonString(name), payload, 0, {}}, false);
    if (m_shard)
        m_shard->seal();
    push(frames);
}

void Connection::sendPing()
{
    // The time of now, not of the turn: the way to the client is measured by it.
    auto frame = std::make_shared<std::string>();
    Frame::appendPing(*frame, m_heartbeat.ping(Clock::now()));
    push(frame);
}

void Connection::refuse(const ClientMessageError &error)
{
    refuse(error.refusal, error.detail);
}

void Connection::refuse(Refusal refusal, std::string_view detail)
{
    m_worker.turn().counters.refusedMessages.add(refusal);
    sendRefusal(refusal, detail, {});
    const RefusalInfo &row = info(refusal);
    if (row.closeCode) {
        m_worker.logEnd(*this, row.slug);
        return close(*row.closeCode, row.slug);
    }
    if (record().errors.spend(m_worker.turn().now)) {
        refuse(Refusal::TooManyErrors,
               std::to_string(ErrorBudget::Errors) + " in "
                   + std::to_string(ErrorBudget::Window.count()) + " s");
    }
}

void Connection::drop(std::string_view reason)
{
    if (reason == info(Refusal::HeartbeatTimeout).slug)
        m_worker.logEnd(*this, reason);
    m_transport->abort();
    stop(reason, true);
}

double Connection::latencyMs() const
{
    const Duration latency =
        m_heartbeat.halfRoundTrip() + (Clock::now() - m_transport->lastHeard());
    return std::chrono::duration<double, std::milli>(latency).count();
}

} // namespace Dispatch

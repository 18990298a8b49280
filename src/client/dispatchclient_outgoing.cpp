// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "dispatchclient_p.h"

#include "dispatchclientlog_p.h"
#include "eventnames_p.h"
#include "outgoing_p.h"

using namespace Qt::StringLiterals;
using namespace Dispatch;

namespace {

// More than this in the socket's buffer, and events wait in the queue, where they have a policy.
constexpr qint64 WriteHighMark = 1024 * 1024;

DispatchError errorOf(DispatchError::Code code, const DispatchQueuePolicy &policy)
{
    switch (code) {
    case DispatchError::NotConnected:
        return {code, u"Not connected, and the queue policy allows no waiting events."_s, true};
    case DispatchError::QueueFull:
        return {code,
                u"The queue is full: %1 events or %2 bytes may wait."_s.arg(policy.maxMessages)
                    .arg(policy.maxBytes),
                true};
    case DispatchError::MessageTooBig:
        return {code, u"The message is longer than this server takes."_s};
    case DispatchError::NotSupported:
        return notSupported();
    case DispatchError::Expired:
        return {code, u"The event waited for longer than %1 ms."_s.arg(policy.maxAge), true};
    default:
        return {code, u"The client was told to disconnect before the event could be sent."_s, true};
    }
}

} // namespace

bool DispatchClient::Private::canSendNow() const
{
    return m_flushed && !m_moveDue && m_transport && m_transport->bytesToWrite() < WriteHighMark
        && hasRoomInFlight();
}

bool DispatchClient::Private::send(const std::string &message)
{
    return m_transport->send(QString::fromUtf8(message.data(), qsizetype(message.size())));
}

DispatchClient::SendStatus
DispatchClient::Private::emitEvent(const QString &eventName, const QJsonValue &payload,
                                   const std::optional<QStringList> &recipients,
                                   std::uint64_t ticket, const EmitDetails &details)
{
    Outgoing outgoing = composeEvent(eventName, payload, recipients, details);
    if (const auto *refusal = std::get_if<DispatchError>(&outgoing))
        return refuse(ticket, *refusal);
    Outbox::Entry entry{eventName, std::move(std::get<std::string>(outgoing)), {}, ticket};
    entry.needsExtended = !details.request.empty() || !details.reply.empty();
    if (outbox.isEmpty() && canSendNow()) {
        const DispatchError failure = transmit(entry);
        if (!failure)
            return Sent;
        if (failure.code() != DispatchError::NotConnected)
            return refuse(ticket, failure);
    }
    const auto outcome = outbox.push(std::move(entry), now());
    queueChanged();
    reportDropped(outcome.dropped);
    if (outcome.refused == DispatchError::NoError)
        return Queued;
    return refuse(ticket, errorOf(outcome.refused, outbox.policy()));
}

DispatchClient::SendStatus DispatchClient::Private::refuse(std::uint64_t ticket,
                                                           const DispatchError &reason)
{
    failAwaited(ticket, reason);
    report(reason);
    return Refused;
}

void DispatchClient::Private::setQueuePolicy(const DispatchQueuePolicy &policy)
{
    if (outbox.policy() == policy)
        return;
    const auto dropped = outbox.setPolicy(policy, now());
    queueChanged();
    notify(&DispatchClient::queuePolicyChanged);
    reportDropped(dropped);
}

void DispatchClient::Private::queueChanged()
{
    scheduleStep();
    const auto due = outbox.nextExpiry();
    if (!due)
        return m_expiryTimer->stop();
    m_expiryTimer->start(delayUntil(*due, now()));
}

void DispatchClient::Private::expireQueue()
{
    const auto dropped = outbox.expire(now());
    queueChanged();
    reportDropped(dropped);
}

void DispatchClient::Private::reportDropped(const std::vector<Outbox::Dropped> &dropped)
{
    if (dropped.empty())
        return;
    queueChanged();
    for (const Outbox::Dropped &one : dropped) {
        const DispatchError reason = errorOf(one.reason, outbox.policy());
        failAwaited(one.entry.ticket, reason);
        notify(&DispatchClient::eventDropped, one.entry.eventName, payloadOf(one.entry.message),
               reason);
    }
}

bool DispatchClient::Private::sendPlatformEvent(std::string_view eventName,
                                                const QJsonObject &payload)
{
    const Outgoing outgoing = composePlatformEvent(eventName, payload);
    if (const auto *refusal = std::get_if<DispatchError>(&outgoing)) {
        report(*refusal);
        return false;
    }
    return send(std::get<std::string>(outgoing));
}

void DispatchClient::Private::sendUserInfo()
{
    if (m_hasUserInfo)
        sendPlatformEvent(EventName::SetUserInfo, userInfo);
}

void DispatchClient::Private::setUserInfo(const QJsonObject &newInfo)
{
    if (userInfo == newInfo)
        return;
    userInfo = newInfo;
    m_hasUserInfo = true;
    if (m_flushed)
        sendUserInfo();
    notify(&DispatchClient::userInfoChanged);
}

/// Who we are goes before what we say.
void DispatchClient::Private::flush()
{
    heartbeat.start(now());
    m_sleep.start(moment());
    m_heartbeatTimer->start(heartbeat.checkInterval());
    ping();
    m_tokens.joined();
    sendIdentity(tokenToIdentifyWith());
    if (m_transport)
        sendUserInfo();
    m_flushed = m_transport != nullptr;
    armTokenTimer();
    sendInFlightAgain();
    flushQueue();
}

void DispatchClient::Private::flushQueue()
{
    if (outbox.isEmpty() || !canSendNow())
        return;
    auto dropped = outbox.expire(now());
    while (canSendNow()) {
        auto entry = outbox.take();
        if (!entry)
            break;
        const DispatchError failure = transmit(*entry);
        if (failure.code() == DispatchError::NotConnected) {
            outbox.putBack(*std::move(entry));
            break;
        }
        if (failure)
            dropped.push_back({*std::move(entry), failure.code()});
    }
    queueChanged();
    reportDropped(dropped);
}

void DispatchClient::Private::transportWritten()
{
    const Hold hold(this);
    if (m_transport && m_transport->bytesToWrite() > 0)
        heartbeat.progressed(now());
    flushQueue();
}

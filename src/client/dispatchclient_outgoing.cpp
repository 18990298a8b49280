// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "dispatchclient_p.h"

#include "dispatchclientlog_p.h"
#include "eventnames_p.h"
#include "outgoing_p.h"
#include "policybounds_p.h"
#include "utf8_p.h"

#include <QtCore/qmetaobject.h>

using namespace Qt::StringLiterals;
using namespace Dispatch;

namespace {

// More than this in the socket's buffer, and events wait in the queue, where they have a policy.
constexpr qint64 WriteHighMark = 1024 * 1024;

} // namespace

bool DispatchClient::Private::canSendNow() const
{
    return m_flushed && !m_moveDue && m_transport && m_transport->bytesToWrite() < WriteHighMark
        && hasRoomInFlight() && m_nextAgain == 0;
}

DispatchClient::SendStatus
DispatchClient::Private::emitEvent(const QString &eventName, const QJsonValue &payload,
                                   const DispatchEmitOptions &options,
                                   const SharedPromise<DispatchAcknowledgement> &promise)
{
    OutgoingEvent event{.eventName = eventName, .id = ++m_lastEventId};
    if (promise) {
        event.isAwaited = true;
        m_awaited.insert(event.id, promise);
    }
    return emitEvent(std::move(event), payload, options);
}

/// Completes \a event, and sends it.
DispatchClient::SendStatus DispatchClient::Private::emitEvent(OutgoingEvent &&event,
                                                              const QJsonValue &payload,
                                                              const DispatchEmitOptions &options,
                                                              const EmitDetails &details)
{
    if (const DispatchError wrong = checkOptions(options, event.isAwaited))
        return refuse(event, wrong);
    Outgoing outgoing = composeEvent(event.eventName, payload, options.recipients, details);
    if (const auto *refusal = std::get_if<DispatchError>(&outgoing))
        return refuse(event, *refusal);
    event.message = std::move(std::get<std::string>(outgoing));
    event.needsExtended = !details.request.empty() || !details.reply.empty();
    event.isVolatile = options.ifDelayed == DispatchEmitOptions::Drop;
    event.isDirect = options.recipients.has_value();
    event.key = options.key;
    event.maxAge = options.maxAge;
    event.tag = options.tag;
    return submit(std::move(event));
}

/// Sends \a event, or does what is to be done if that can't be at once.
DispatchClient::SendStatus DispatchClient::Private::submit(OutgoingEvent &&event)
{
    if (outbox.isEmpty() && canSendNow()) {
        const std::uint64_t id = event.id;
        const DispatchError failure = transmit(event);
        if (!failure) {
            showSent(id, event);
            return Sent;
        }
        if (failure.code() != DispatchError::NotConnected)
            return refuse(event, failure);
    }
    return event.isVolatile ? drop(event) : enqueue(std::move(event));
}

DispatchClient::SendStatus DispatchClient::Private::enqueue(OutgoingEvent &&event)
{
    const auto outcome = outbox.push(std::move(event), now());
    queueChanged();
    SendStatus status = Queued;
    // Rows come in the order of emitting: before any handler that may emit, too.
    if (outcome.refused != DispatchError::NoError)
        status = refuse(event, errorOf(outcome.refused, event));
    else
        show(outbox.entries().rbegin()->second, DispatchPendingEventsModel::Queued);
    reportDropped(outcome.dropped);
    return status;
}

/// Tells that \a event, which is not to wait, would have to. That is no error.
DispatchClient::SendStatus DispatchClient::Private::drop(const OutgoingEvent &event)
{
    const bool isConnected = m_transport && m_flushed && !m_moveDue;
    tell(&DispatchClient::eventDropped, event,
         errorOf(isConnected ? DispatchError::QueueFull : DispatchError::NotConnected, event));
    return Dropped;
}

DispatchClient::SendStatus DispatchClient::Private::refuse(const OutgoingEvent &event,
                                                           const DispatchError &reason)
{
    failAwaited(event, reason);
    if (!event.message.empty())
        show(event, DispatchPendingEventsModel::Failed, reason);
    report(reason);
    return Refused;
}

/// Why \a event was not sent, for people.
DispatchError DispatchClient::Private::errorOf(DispatchError::Code code,
                                               const OutgoingEvent &event) const
{
    const DispatchQueuePolicy &policy = outbox.policy();
    switch (code) {
    case DispatchError::NotConnected:
        if (event.isVolatile)
            return {code, u"Not connected, and the event is not to wait."_s, true};
        return {code,
                (m_flushed ? u"No more can be sent now"_s : u"Not connected"_s)
                    + u", and the queue policy allows no waiting events."_s,
                true};
    case DispatchError::QueueFull:
        if (event.isVolatile)
            return {code, u"No more can be sent now, and the event is not to wait."_s, true};
        return {code,
                u"The queue is full: %1 events or %2 bytes may wait."_s.arg(policy.maxMessages)
                    .arg(policy.maxBytes),
                true};
    case DispatchError::MessageTooBig:
        return {code, u"The message is longer than this server takes."_s};
    case DispatchError::NotSupported:
        return event.stateKey.isEmpty() ? notSupported() : noSharedState();
    case DispatchError::Expired:
        return {code,
                u"The event waited for longer than %1 ms."_s.arg(outbox.maxAgeOf(event).count()),
                true};
    case DispatchError::Superseded:
        if (!event.stateKey.isEmpty()) {
            return {code,
                    u"A newer change of '%1' in the shared state took its place."_s.arg(
                        event.stateKey)};
        }
        return {code, u"A newer event with the key '%1' took its place."_s.arg(event.key)};
    default:
        return {code, u"The client was told to disconnect before the event could be sent."_s, true};
    }
}

void DispatchClient::Private::setQueuePolicy(const DispatchQueuePolicy &policy)
{
    const DispatchQueuePolicy wished = usable(q, policy, outbox.policy());
    if (outbox.policy() == wished)
        return;
    const auto dropped = outbox.setPolicy(wished, now());
    queueChanged();
    notify(&DispatchClient::queuePolicyChanged);
    reportDropped(dropped);
    goOnSending();
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
    for (const auto &[event, code] : dropped) {
        const DispatchError reason = errorOf(code, event);
        if (code == DispatchError::Superseded)
            showGone(event.id);
        settleFailed(event, DispatchPendingEventsModel::Failed, reason);
        tell(&DispatchClient::eventDropped, event, reason);
    }
}

/// The payload is only decoded if somebody listens.
void DispatchClient::Private::tell(EventSignal signal, const OutgoingEvent &event,
                                   const DispatchError &reason)
{
    // Of changes of the state DispatchSharedState tells.
    if (q && event.stateKey.isEmpty() && q->isSignalConnected(QMetaMethod::fromSignal(signal)))
        notify(signal, event.eventName, payloadOf(event.message), reason);
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

void DispatchClient::Private::setUserInfo(const QJsonObject &newInfo)
{
    if (!userInfo.set(newInfo))
        return;
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
    m_paceTimer->stop();
    m_nextAgain = m_inFlight.isEmpty() ? 0 : m_inFlight.events().front().number;
    goOnSending();
}

void DispatchClient::Private::flushQueue()
{
    if (outbox.isEmpty() || !canSendNow())
        return;
    auto dropped = outbox.expire(now());
    std::vector<std::uint64_t> handedOver;
    while (canSendNow()) {
        auto event = outbox.take();
        if (!event)
            break;
        const std::uint64_t id = event->id;
        const DispatchError failure = transmit(*event);
        if (failure.code() == DispatchError::NotConnected) {
            outbox.putBack(*std::move(event));
            break;
        }
        if (failure)
            dropped.push_back({*std::move(event), failure.code()});
        else if (isShowing())
            handedOver.push_back(id);
    }
    queueChanged();
    showHandedOver(handedOver);
    reportDropped(dropped);
}

void DispatchClient::Private::transportWritten()
{
    const Hold hold(this);
    if (m_transport && m_transport->bytesToWrite() > 0)
        heartbeat.progressed(now());
    flushQueue();
}

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "dispatchclient_p.h"

#include "dispatchclientlog_p.h"
#include "outgoing_p.h"
#include "refusal_p.h"
#include "statehub_p.h"
#include "utf8_p.h"

#include <QtCore/qthread.h>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace Dispatch;

namespace {

DispatchError fateUnknown(const QString &why)
{
    return {DispatchError::FateUnknown,
            u"The event was sent, and may have arrived or not: "_s + why};
}

/// What the server's \a code stands for, in its own words if they are known.
DispatchError refusedWith(const std::string &code)
{
    const RefusalInfo *known = findRefusal(code);
    if (!known) {
        return {DispatchError::RefusedByServer, u"The server refused the event."_s, false,
                QString::fromStdString(code)};
    }
    return {DispatchError::RefusedByServer, toQString(known->sentence), known->retry,
            QString::fromStdString(code)};
}

} // namespace

QFuture<DispatchAcknowledgement>
DispatchClient::emitAcknowledged(const QString &eventName, const QJsonValue &payload,
                                 const DispatchEmitOptions &options)
{
    const auto promise = Dispatch::startedPromise<DispatchAcknowledgement>();
    const auto begin = [=, this] {
        const Private::Hold hold(d.get());
        d->emitEvent(eventName, payload, options, promise);
    };
    if (thread() == QThread::currentThread())
        begin();
    else
        QMetaObject::invokeMethod(this, begin, Qt::QueuedConnection);
    return promise->future();
}

/// The server took \a event, as \a seq of the shard; 0: it told none, or that of a later one.
void DispatchClient::Private::finishAwaited(const OutgoingEvent &event, std::uint64_t seq)
{
    if (!event.stateKey.isEmpty()) {
        sharedState->settled.push_back({event.id, event.stateKey, true, qint64(seq)});
        return settleChanges();
    }
    if (const auto promise = event.isAwaited ? m_awaited.take(event.id) : nullptr)
        finishLater(promise, DispatchAcknowledgement{qint64(seq)});
}

void DispatchClient::Private::failAwaited(const OutgoingEvent &event, const DispatchError &reason)
{
    if (const auto promise = event.isAwaited ? m_awaited.take(event.id) : nullptr)
        failLater(promise, reason);
    if (event.isRequest)
        failRequest(event.id, reason);
    changeFailed(event, reason);
}

/// Whether another event may be sent whose fate is not known.
bool DispatchClient::Private::hasRoomInFlight() const
{
    const DispatchQueuePolicy &policy = outbox.policy();
    return m_inFlight.isEmpty()
        || (m_inFlight.size() < policy.maxInFlight && m_inFlight.bytes() < policy.maxInFlightBytes);
}

/// Whether somebody waits to hear of \a event.
bool DispatchClient::Private::wantsAcknowledgement(const OutgoingEvent &event) const
{
    return event.isAwaited || isFollowed(event);
}

/// Hands \a event to the connection, which there is; in the extended profile under a number,
/// unless it must not come again. NotConnected if it was not taken, another error if it never will
/// be.
DispatchError DispatchClient::Private::transmit(OutgoingEvent &event)
{
    static const DispatchError notTaken(DispatchError::NotConnected, {}, true);
    if (!event.stateKey.isEmpty() && m_stateKeys == 0)
        return noSharedState();
    if (event.needsExtended && !m_greeting.extended)
        return notSupported();
    const bool isNumbered = m_greeting.extended && !event.isVolatile;
    std::string text;
    const bool wantsAck =
        isNumbered && (wantsAcknowledgement(event) || m_inFlight.hasToAsk(event, outbox.policy()));
    if (isNumbered)
        text = numbered(event.message, m_inFlight.nextNumber(), wantsAck);
    const std::string &message = isNumbered ? text : event.message;
    if (const DispatchError tooBig = checkLength(message, m_messageLimits))
        return tooBig;
    if (!isDue(message) || !send(message))
        return notTaken;
    if (event.isRequest)
        m_requests.markSent(event.id);
    if (isNumbered)
        m_inFlight.add(std::move(event), wantsAck);
    else
        failAwaited(event, fateUnknown(u"the server acknowledges nothing."_s));
    return {};
}

void DispatchClient::Private::acknowledged(std::string_view payload)
{
    const auto ack = readAcknowledgement(payload);
    if (!ack)
        return loseThread(u"The server acknowledged something that can't be read."_s);
    if (ack->emit >= m_inFlight.nextNumber())
        return loseThread(u"The server acknowledged an event that there was not."_s);
    settleAccepted(m_inFlight.acknowledge(ack->emit, ack->seq));
    flushQueue();
}

/// The server refused emit \a number, for \a reason.
void DispatchClient::Private::emitRefused(std::uint64_t number, const DispatchError &reason)
{
    if (const auto event = m_inFlight.take(number))
        settleRefused(*event, reason);
    flushQueue();
}

/// The session goes on: what the server dealt with before is settled, the rest is sent again.
void DispatchClient::Private::settleResumed(const ReceivedGreeting &greeting)
{
    for (const ReceivedRefusal &refusal : greeting.refused) {
        if (const auto event = m_inFlight.take(refusal.emit)) {
            const DispatchError reason = refusedWith(refusal.code);
            settleRefused(*event, reason);
            report(reason);
        }
    }
    auto accepted = m_inFlight.acknowledge(greeting.lastEmit, 0);
    const auto known =
        std::ranges::lower_bound(accepted, greeting.refusedSince, {}, &InFlight::Accepted::number);
    for (auto one = accepted.begin(); one != known; ++one) {
        settleUncertain(one->entry, fateUnknown(u"more were refused than the server remembers."_s));
    }
    accepted.erase(accepted.begin(), known);
    settleAccepted(accepted);
}

/// Whether the server ends each connection over the event that is next, before it counts it: a
/// session that can't go on is given up, or no other event would ever arrive.
bool DispatchClient::Private::isStuck(const Verdict &verdict)
{
    if (!session.isJoined())
        return false;
    constexpr int MostEnds = 3;
    const std::uint64_t next = m_inFlight.isEmpty() ? 0 : m_inFlight.events().front().number;
    // What a network does says nothing.
    const bool counts = next > 0 && verdict.code == DispatchError::ServerUnavailable;
    m_endsAtNext = !counts ? 0 : next == m_lastNext ? m_endsAtNext + 1 : 1;
    m_lastNext = next;
    return m_endsAtNext >= MostEnds;
}

/// What is in flight will not be acknowledged any more. What the client left behind by wish went
/// out before its good-bye; other losses are told.
void DispatchClient::Private::abandonInFlight(Abandoned why)
{
    const DispatchError reason = why == Abandoned::ByWish
        ? fateUnknown(u"the client left before the server had acknowledged it."_s)
        : fateUnknown(u"the connection was lost before the server had acknowledged it."_s);
    abandonRequests(why);
    m_nextAgain = 0;
    m_lastNext = 0;
    m_endsAtNext = 0;
    for (const OutgoingEvent &event : m_inFlight.abandon()) {
        if (why == Abandoned::ByLoss)
            settleUncertain(event, reason);
        else
            settleFailed(event, DispatchPendingEventsModel::Uncertain, reason);
    }
    finishChanges();
    sharedState->numbers.forgetHeard();
}

void DispatchClient::Private::settleAccepted(const std::vector<InFlight::Accepted> &accepted)
{
    std::vector<std::uint64_t> ids;
    for (const InFlight::Accepted &one : accepted) {
        finishAwaited(one.entry, one.seq);
        if (isShowing())
            ids.push_back(one.entry.id);
    }
    showArrived(ids);
}

/// Whoever waits for \a event hears that it did not arrive, or that nobody knows.
void DispatchClient::Private::settleFailed(const OutgoingEvent &event,
                                           DispatchPendingEventsModel::Status status,
                                           const DispatchError &reason)
{
    failAwaited(event, reason);
    showFailed(event.id, status, reason);
}

void DispatchClient::Private::settleRefused(const OutgoingEvent &event, const DispatchError &reason)
{
    settleFailed(event, DispatchPendingEventsModel::Failed, reason);
    tell(&DispatchClient::eventDropped, event, reason);
}

void DispatchClient::Private::settleUncertain(const OutgoingEvent &event,
                                              const DispatchError &reason)
{
    settleFailed(event, DispatchPendingEventsModel::Uncertain, reason);
    tell(&DispatchClient::eventUncertain, event, reason);
}

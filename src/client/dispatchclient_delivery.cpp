// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "dispatchclient_p.h"

#include "dispatchclientlog_p.h"
#include "outgoing_p.h"
#include "refusal_p.h"

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
    const auto known = std::ranges::find(refusals(), code, &RefusalInfo::slug);
    if (known == refusals().end()) {
        return {DispatchError::RefusedByServer, u"The server refused the event."_s, false,
                QString::fromStdString(code)};
    }
    return {DispatchError::RefusedByServer,
            QString::fromUtf8(known->sentence.data(), qsizetype(known->sentence.size())),
            known->retry, QString::fromStdString(code)};
}

} // namespace

QFuture<DispatchAcknowledgement>
DispatchClient::emitAcknowledged(const QString &eventName, const QJsonValue &payload,
                                 const std::optional<QStringList> &recipients)
{
    const auto promise = Dispatch::startedPromise<DispatchAcknowledgement>();
    const auto begin = [=, this] {
        const Private::Hold hold(d.get());
        d->emitAcknowledged(promise, eventName, payload, recipients);
    };
    if (thread() == QThread::currentThread())
        begin();
    else
        QMetaObject::invokeMethod(this, begin, Qt::QueuedConnection);
    return promise->future();
}

void DispatchClient::Private::emitAcknowledged(
    const SharedPromise<DispatchAcknowledgement> &promise, const QString &eventName,
    const QJsonValue &payload, const std::optional<QStringList> &recipients)
{
    const std::uint64_t ticket = ++m_lastTicket;
    m_awaited.insert(ticket, promise);
    emitEvent(eventName, payload, recipients, ticket);
}

void DispatchClient::Private::finishAwaited(std::uint64_t ticket, std::uint64_t seq)
{
    if (const auto promise = m_awaited.take(ticket))
        finishLater(promise, DispatchAcknowledgement{qint64(seq)});
}

void DispatchClient::Private::failAwaited(std::uint64_t ticket, const DispatchError &reason)
{
    if (const auto promise = m_awaited.take(ticket))
        failLater(promise, reason);
    failRequest(ticket, reason);
}

/// Whether another event may be sent whose fate is not known.
bool DispatchClient::Private::hasRoomInFlight() const
{
    const DispatchQueuePolicy &policy = outbox.policy();
    return m_inFlight.isEmpty()
        || (m_inFlight.size() < policy.maxInFlight && m_inFlight.bytes() < policy.maxBytes);
}

/// Hands \a entry to the connection, which there is; in the extended profile under a number.
/// NotConnected if it was not taken, another error if it never will be.
DispatchError DispatchClient::Private::transmit(Outbox::Entry &entry)
{
    static const DispatchError notTaken(DispatchError::NotConnected, {}, true);
    if (!m_greeting.extended) {
        if (entry.needsExtended)
            return notSupported();
        if (const DispatchError tooBig = checkLength(entry.message, m_longestMessage))
            return tooBig;
        if (!send(entry.message))
            return notTaken;
        if (entry.ticket > 0)
            failAwaited(entry.ticket, fateUnknown(u"the server acknowledges nothing."_s));
        return {};
    }
    // The last one that may go has the server acknowledge all of them, so that others can follow.
    const bool wantsAck = entry.ticket > 0 || m_inFlight.size() + 1 >= outbox.policy().maxInFlight;
    const std::string message = numbered(entry.message, m_inFlight.nextNumber(), wantsAck);
    if (const DispatchError tooBig = checkLength(message, m_longestMessage))
        return tooBig;
    if (!send(message))
        return notTaken;
    m_requests.markSent(entry.ticket);
    m_inFlight.add(std::move(entry));
    return {};
}

void DispatchClient::Private::acknowledged(std::string_view payload)
{
    const auto ack = readAcknowledgement(payload);
    if (!ack)
        return loseThread(u"The server acknowledged something that can't be read."_s);
    for (const InFlight::Accepted &one : m_inFlight.acknowledge(ack->emit, ack->seq))
        finishAwaited(one.entry.ticket, one.seq);
    flushQueue();
}

/// The server refused emit \a number, for \a reason.
void DispatchClient::Private::emitRefused(std::uint64_t number, const DispatchError &reason)
{
    if (const auto entry = m_inFlight.take(number))
        failAwaited(entry->ticket, reason);
    flushQueue();
}

/// The session goes on: what the server dealt with before is settled, the rest is sent again.
void DispatchClient::Private::settleResumed(const ReceivedGreeting &greeting)
{
    for (const ReceivedRefusal &refusal : greeting.refused) {
        if (const auto entry = m_inFlight.take(refusal.emit)) {
            const DispatchError reason = refusedWith(refusal.code);
            failAwaited(entry->ticket, reason);
            report(reason);
        }
    }
    for (const InFlight::Accepted &one : m_inFlight.acknowledge(greeting.lastEmit, 0)) {
        if (one.number < greeting.refusedSince)
            settleUncertain(one.entry,
                            fateUnknown(u"more were refused than the server remembers."_s));
        else
            finishAwaited(one.entry.ticket, one.seq);
    }
}

/// Under their old numbers, so that the server knows those that it had.
void DispatchClient::Private::sendInFlightAgain()
{
    if (!m_transport || m_inFlight.isEmpty())
        return;
    const std::uint64_t last = m_inFlight.nextNumber() - 1;
    for (const InFlight::Event &event : m_inFlight.events())
        send(numbered(event.entry.message, event.number,
                      event.entry.ticket > 0 || event.number == last));
}

/// What is in flight will not be acknowledged any more. What the client left behind by wish went
/// out before its good-bye; other losses are told.
void DispatchClient::Private::abandonInFlight(Abandoned why)
{
    const DispatchError reason = why == Abandoned::ByWish
        ? fateUnknown(u"the client left before the server had acknowledged it."_s)
        : fateUnknown(u"the connection was lost before the server had acknowledged it."_s);
    abandonRequests(why);
    for (const Outbox::Entry &entry : m_inFlight.abandon()) {
        if (why == Abandoned::ByLoss)
            settleUncertain(entry, reason);
        else
            failAwaited(entry.ticket, reason);
    }
}

void DispatchClient::Private::settleUncertain(const Outbox::Entry &entry,
                                              const DispatchError &reason)
{
    failAwaited(entry.ticket, reason);
    notify(&DispatchClient::eventUncertain, entry.eventName, payloadOf(entry.message), reason);
}

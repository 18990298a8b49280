// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "dispatchclient_p.h"

#include "../threadcheck/threadcheck_p.h"
#include "dispatchclientlog_p.h"
#include "outgoing_p.h"
#include "policybounds_p.h"

#include <QtCore/qthread.h>
#include <QtCore/quuid.h>

using namespace Qt::StringLiterals;
using namespace Dispatch;

namespace {

/// A timer counts ms in an int.
constexpr Milliseconds LongestWait{std::numeric_limits<int>::max()};

/// Why there is no answer in \a future, which has ended; empty if it was cancelled, as by one who
/// has told the reason himself.
QString failureOf(QFuture<QJsonValue> future)
{
    try {
        future.waitForFinished();
        return {};
    } catch (const std::exception &error) {
        return QString::fromUtf8(error.what());
    } catch (...) {
        return u"it threw something that is no std::exception"_s;
    }
}

} // namespace

DispatchRequestPolicy DispatchClient::requestPolicy() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return d->requestPolicy;
}

void DispatchClient::setRequestPolicy(const DispatchRequestPolicy &policy)
{
    requireThreadOf(this, Q_FUNC_INFO);
    const DispatchRequestPolicy wished = usable(this, policy, d->requestPolicy);
    if (std::exchange(d->requestPolicy, wished) != wished)
        Q_EMIT requestPolicyChanged();
}

QFuture<DispatchEvent> DispatchClient::request(const QString &eventName, const QJsonValue &payload,
                                               const DispatchRequestOptions &options)
{
    const auto promise = startedPromise<DispatchEvent>();
    const auto begin = [=, this] {
        const Private::Hold hold(d.get());
        d->request(promise, eventName, payload, options);
    };
    if (thread() == QThread::currentThread())
        begin();
    else
        QMetaObject::invokeMethod(this, begin, Qt::QueuedConnection);
    return promise->future();
}

DispatchSubscription DispatchClient::answerRequests(const QString &eventName, QObject *context,
                                                    RequestHandler handler)
{
    requireThreadOf(this, Q_FUNC_INFO);
    return d->answerRequests(eventName, context, std::move(handler));
}

void DispatchClient::Private::request(const SharedPromise<DispatchEvent> &promise,
                                      const QString &eventName, const QJsonValue &payload,
                                      const DispatchRequestOptions &options)
{
    if (session.isJoined() && !m_greeting.extended)
        return failLater(promise, notSupported());
    if (m_requests.size() >= std::max(requestPolicy.maxPending, 1)) {
        return failLater(
            promise,
            {DispatchError::QueueFull,
             u"%1 requests wait for their replies, and no more may."_s.arg(m_requests.size()),
             true});
    }
    const Milliseconds timeout = options.timeout.value_or(Milliseconds(requestPolicy.timeout));
    // Whoever could guess it could reply in the place of those who were asked.
    const std::string id = QUuid::createUuid().toString(QUuid::Id128).toStdString();
    OutgoingEvent event{.eventName = eventName, .id = ++m_lastEventId, .isRequest = true};
    m_requests.add(event.id, id, now() + std::clamp(timeout, Milliseconds(1), LongestWait));
    m_replies.insert(event.id, promise);
    armRequestTimer();
    emitEvent(std::move(event), payload, {.recipients = options.recipients}, {.request = id});
}

/// A reply is for who asked alone, also one that comes late.
void DispatchClient::Private::takeReply(const ServerMessage &message)
{
    const auto ticket = m_requests.settle(message.details.reply);
    if (!ticket) {
        qCDebug(lcClient) << q << "ignores a reply that nobody waits for, one of"
                          << m_requests.unexpected();
        return;
    }
    armRequestTimer();
    finishLater(m_replies.take(*ticket), toEvent(message, {}));
}

void DispatchClient::Private::failRequest(std::uint64_t ticket, const DispatchError &reason)
{
    if (!m_requests.remove(ticket))
        return;
    armRequestTimer();
    failLater(m_replies.take(ticket), reason);
}

/// Replies to what was sent can't come any more.
void DispatchClient::Private::abandonRequests(Abandoned why)
{
    const DispatchError reason = why == Abandoned::ByWish
        ? DispatchError(DispatchError::Cancelled, u"The client left before a reply came."_s)
        : DispatchError(DispatchError::FateUnknown,
                        u"The connection was lost, and with its session the way of the reply."_s,
                        true);
    for (const std::uint64_t ticket : m_requests.abandonSent())
        failLater(m_replies.take(ticket), reason);
    armRequestTimer();
}

void DispatchClient::Private::expireRequests()
{
    for (const std::uint64_t ticket : m_requests.expire(now())) {
        const bool wasSent = !outbox.withdraw(ticket);
        failLater(m_replies.take(ticket),
                  {DispatchError::NoReply,
                   wasSent
                       ? u"Nobody answered the request in time."_s
                       : u"The request was never sent: it waited in the queue for as long as it "
                         "had time, mostly because the client was not connected."_s,
                   true});
    }
    armRequestTimer();
    queueChanged();
}

void DispatchClient::Private::armRequestTimer()
{
    const auto due = m_requests.nextDeadline();
    if (!due)
        return m_requestTimer->stop();
    m_requestTimer->start(delayUntil(*due, now()));
}

DispatchSubscription DispatchClient::Private::answerRequests(const QString &eventName,
                                                             QObject *context,
                                                             RequestHandler handler)
{
    return subscribeIn(m_requestHandlers, eventName, context,
                       [this, handler = std::move(handler)](const DispatchEvent &event) {
                           answer(event, handler);
                       });
}

/// Who has to answer \a message, if it is a request that is to be answered.
Subscriptions::BucketPointer
DispatchClient::Private::handlersOfRequest(const ServerMessage &message) const
{
    const EventDetails &details = message.details;
    if (details.request.empty() || details.from.empty() || !m_greeting.extended)
        return nullptr;
    // What was asked before this session began was not asked of it.
    if (m_stream.isReplaying() && !m_greeting.recovered)
        return nullptr;
    if (m_greeting.clientId.toStdString() == details.from)
        return nullptr;
    return m_requestHandlers.find(message.eventName);
}

void DispatchClient::Private::answer(const DispatchEvent &request, const RequestHandler &handler)
{
    const auto answer = futureOf([&] { return handler(request); });
    if (!q)
        return;
    m_answers.await(answer, std::max(requestPolicy.maxPending, 1),
                    [this, about = request.metadata()](const QFuture<QJsonValue> &ended) {
                        const Hold hold(this);
                        reply(about, ended);
                    });
}

void DispatchClient::Private::reply(const DispatchEventMetadata &request,
                                    const QFuture<QJsonValue> &answer)
{
    if (const QString failure = failureOf(answer); !failure.isEmpty()) {
        qCWarning(lcClient) << q << "answers nothing to" << displayed(request.eventName) << ':'
                            << displayed(failure);
        return;
    }
    if (answer.resultCount() == 0 || answer.resultAt(0).isUndefined())
        return;
    const std::string id = request.requestId.toStdString();
    emitEvent({.eventName = request.eventName, .id = ++m_lastEventId}, answer.resultAt(0),
              {.recipients = QStringList{request.senderId}}, {.reply = id});
}

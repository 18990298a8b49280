// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "dispatchclient_p.h"

#include "dispatchclientlog_p.h"
#include "inforequest_p.h"
#include "proxychoice_p.h"
#include "tlssettings_p.h"

#include <QtCore/qmetaobject.h>
#include <QtNetwork/qnetworkaccessmanager.h>

using namespace Qt::StringLiterals;
using namespace Dispatch;

namespace {

/// What \a request asks for, for who listens: without what the URL has beside \a wish, which may be
/// anything.
QString describe(const TransportRequest &request, Wish wish, int history)
{
    wish.url = QUrl(displayUrl(wish.url));
    QString text = joinUrl(wish, history).toString();
    if (!request.subprotocols.isEmpty())
        text += u" Sec-WebSocket-Protocol: "_s + request.subprotocols.join(", "_L1);
    if (!request.authorization.isEmpty())
        text += u" Authorization: Bearer ***"_s;
    return text;
}

QString describe(const Verdict &verdict)
{
    const auto *code = QMetaEnum::fromType<DispatchError::Code>().valueToKey(verdict.code);
    return u"%1: %2"_s.arg(QLatin1StringView(code), verdict.message);
}

} // namespace

/// What the way to the server is secured with: nothing where it need not be.
std::variant<QSslConfiguration, DispatchError> DispatchClient::Private::security() const
{
    if (const DispatchError invalid = checkServerUrl(wish.url, wish.allowInsecure))
        return invalid;
    if (wish.url.scheme() != "wss"_L1 || m_environment)
        return QSslConfiguration();
    return tlsConfiguration(sslConfiguration, wish.caFile);
}

std::variant<TransportRequest, DispatchError> DispatchClient::Private::composeRequest() const
{
    if (const DispatchError invalid = checkWish(wish))
        return invalid;
    if (const DispatchError invalid = checkProxy(proxy))
        return invalid;
    const auto secured = security();
    if (const auto *unusable = std::get_if<DispatchError>(&secured))
        return *unusable;
    return TransportRequest{joinUrl(wish, baseProfileOnly ? 0 : history),
                            {},
                            std::get<QSslConfiguration>(secured),
                            incomingLimits,
                            chooseProxy(proxy, wish.url)};
}

void DispatchClient::Private::beginAttempt()
{
    m_openDue = false;
    lookAround(wish.url);
    m_joinedWish = wish;
    m_lastRefusal = {};
    m_retryAfter.reset();
    if (tokenProvider)
        askForAttempt();
    else
        openTransport({});
}

/// \a token is the provider's, if there is one.
void DispatchClient::Private::openTransport(const QString &token)
{
    m_joinedWish = wish;
    auto request = composeRequest();
    if (const auto *invalid = std::get_if<DispatchError>(&request))
        return end({invalid->code(), false, invalid->message(), {}});
    perform(session.asked(now()));

    m_turnWatch = QObject::connect(QAbstractEventDispatcher::instance(q->thread()),
                                   &QAbstractEventDispatcher::awake, m_turnTimer,
                                   [this] { m_inbox.newTurn(); });
    m_complained = false;
    m_transport = makeTransport();
    auto &ready = std::get<TransportRequest>(request);
    if (const QString &bearer = wish.authorization.isEmpty() ? token : wish.authorization;
        !bearer.isEmpty())
        ready.authorization = "Bearer " + bearer.toUtf8();
    ready.subprotocols = subprotocols();
    m_offeredSession = ready.subprotocols.size() > 1;
    qCDebug(lcClient) << q << "opens" << displayUrl(wish.url);
    if (m_tap->isObserved())
        m_tap->tell(WireEvent::Opening, describe(ready, wish, baseProfileOnly ? 0 : history));
    m_transport->open(ready);
}

QFuture<QList<DispatchShardInfo>> DispatchClient::Private::requestInfo()
{
    lookAround(wish.url);
    const auto secured = security();
    if (const auto *unusable = std::get_if<DispatchError>(&secured)) {
        const auto promise = startedPromise<QList<DispatchShardInfo>>();
        failLater(promise, *unusable);
        return promise->future();
    }
    if (m_environment)
        return m_environment->requestInfo(wish.projectId);
    if (!network)
        network = new QNetworkAccessManager(q);
    network->setProxy(chooseProxy(proxy, wish.url));
    return Dispatch::requestInfo(network, infoUrl(wish.url, wish.projectId), attemptTimeout,
                                 incomingLimits.maxMessageSize,
                                 std::get<QSslConfiguration>(secured));
}

void DispatchClient::Private::dropTransport(bool politely)
{
    m_openDue = false;
    m_userInfoTimer->stop();
    const bool wasJoined = std::exchange(m_flushed, false);
    m_paused = false;
    m_inbox.clear();
    m_endDue.reset();
    m_tokens.left();
    m_tokenQuestion.drop();
    QObject::disconnect(m_turnWatch);
    if (!m_transport)
        return;
    m_heartbeatTimer->stop();
    if (politely) {
        if (m_tap->isObserved())
            m_tap->tell(WireEvent::Left);
        m_transport->goodbye();
    }
    m_transport.reset();
    // What a connection before this one was lost with has not gone out before the good-bye.
    if (politely && wasJoined)
        abandonInFlight(Abandoned::ByWish);
}

void DispatchClient::Private::transportOpened()
{
    const Hold hold(this);
    if (m_tap->isObserved())
        m_tap->tell(WireEvent::Opened, m_transport->subprotocol());
    perform(session.opened());
}

void DispatchClient::Private::transportHeard()
{
    heartbeat.heard(now());
}

void DispatchClient::Private::transportRefused(const StatusLine &answer)
{
    const Hold hold(this);
    Verdict verdict = judgeHttpStatus(answer, session.hasJoined());
    // It may be the offered session that somebody on the way does not understand.
    if (answer.status == 400 && m_offeredSession) {
        m_stream.forget();
        verdict.retry = true;
    }
    end(verdict);
}

void DispatchClient::Private::transportEnded(const Verdict &verdict)
{
    const Hold hold(this);
    if (m_inbox.isEmpty() && !m_working)
        end(verdict);
    else
        m_endDue = verdict;
}

void DispatchClient::Private::end(const Verdict &verdict)
{
    Verdict judged = verdict;
    judged.message = displayed(judged.message);
    judged.reason = displayed(judged.reason);
    // What the server said before it closed is a better reason than the code that it closed with.
    if (m_lastRefusal && judged.code != DispatchError::NetworkError) {
        judged.message = m_lastRefusal.message();
        judged.reason = m_lastRefusal.reason();
    }
    judged.retryAfter = m_retryAfter;
    if (m_tap->isObserved())
        m_tap->tell(WireEvent::Ended, describe(judged));
    if (isStuck(judged))
        m_stream.forget();
    m_tokens.left();
    if (isAboutToken(judged.reason))
        m_tokens.refused(moment());
    // The provider has, or will have, another one.
    if (judged.code == DispatchError::Unauthorized && tokenProvider && isAboutToken(judged.reason)
        && m_joinedWish.authorization.isEmpty())
        judged.retry = true;
    perform(session.ended(now(), judged));
}

void DispatchClient::Private::transportPong(const QByteArray &payload)
{
    const Hold hold(this);
    if (m_tap->isObserved())
        m_tap->tell(WireEvent::Pong);
    const auto half = heartbeat.pong(payload.toUInt(), now());
    if (!half)
        return;
    latency = half->count();
    if (m_clockOffset.measured(latency))
        clockOffsetChanged();
    bindable.latency = latency;
    notify(&DispatchClient::latencyChanged);
}

void DispatchClient::Private::setHeartbeat(int interval, int timeout)
{
    interval =
        usable(q, interval, int(heartbeat.interval().count()), Bounds{"heartbeatInterval"_L1, 1});
    timeout =
        usable(q, timeout, int(heartbeat.timeout().count()), Bounds{"heartbeatTimeout"_L1, 1});
    heartbeat.setTimes(Milliseconds(interval), Milliseconds(timeout));
    if (m_heartbeatTimer->isActive())
        m_heartbeatTimer->start(heartbeat.checkInterval());
}

void DispatchClient::Private::beat()
{
    const bool slept = hasSlept(heartbeat.checkInterval());
    checkToken();
    if (!m_transport)
        return;
    if (slept)
        return wokeUp();
    // What waits for us, or for a handler that runs an event loop of its own, proves nothing
    // against the server.
    if (m_working || !m_inbox.isEmpty())
        heartbeat.excuse(now());
    switch (heartbeat.check(now())) {
    case Heartbeat::Verdict::Fine:
        return;
    case Heartbeat::Verdict::SendPing:
        return ping();
    case Heartbeat::Verdict::Silent:
        return end({DispatchError::HeartbeatTimeout,
                    true,
                    u"Nothing was heard of the server any more."_s,
                    {}});
    case Heartbeat::Verdict::Deaf:
        return end({DispatchError::HeartbeatTimeout,
                    true,
                    u"The server did not answer any more: what was sent does not reach it."_s,
                    {}});
    }
}

void DispatchClient::Private::ping()
{
    if (!m_transport)
        return;
    if (m_tap->isObserved())
        m_tap->tell(WireEvent::Ping);
    m_transport->ping(QByteArray::number(heartbeat.sendPing(now())));
}

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "dispatchclient_p.h"

#include "connectparameters_p.h"
#include "dispatchclientlog_p.h"
#include "text_p.h"
#include "websockettransport_p.h"

using namespace Qt::StringLiterals;
using namespace Dispatch;

DispatchError DispatchClient::Private::checkWish() const
{
    const bool isWebSocket = wish.url.scheme() == "ws"_L1 || wish.url.scheme() == "wss"_L1;
    if (!wish.url.isValid() || !isWebSocket || wish.url.host().isEmpty())
        return {DispatchError::InvalidUrl,
                u"'%1' is no ws:// or wss:// address: set url."_s.arg(wish.url.toDisplayString())};
    if (!wish.projectId.isEmpty() && !isValidProjectId(wish.projectId.toStdString()))
        return {DispatchError::InvalidParameters,
                u"projectId has 1 to 128 of the characters A-Z a-z 0-9 . _ ~ -"_s};
    if (!wish.shardName.isEmpty() && !isValidShardName(wish.shardName.toStdString()))
        return {DispatchError::InvalidParameters,
                u"shardName has at most 128 bytes and no control characters."_s};
    if (wish.maxConnectionsPerShard < 1
        || wish.maxConnectionsPerShard > Limits::MaximumConnectionsPerShard)
        return {DispatchError::InvalidParameters,
                u"maxConnectionsPerShard is a number from 1 to %1."_s.arg(
                    Limits::MaximumConnectionsPerShard)};
    if (Text::hasControlCharacter(wish.authorization.toStdString()))
        return {DispatchError::InvalidParameters, u"authorization has a control character."_s};
    return {};
}

QUrl DispatchClient::Private::requestUrl() const
{
    ConnectParameters parameters;
    parameters.projectId = wish.projectId.toStdString();
    parameters.shardName = wish.shardName.toStdString();
    parameters.maxConnectionsPerShard = wish.maxConnectionsPerShard;

    QUrl url = wish.url;
    // QWebSocket would send a request line without a path.
    if (url.path().isEmpty())
        url.setPath(u"/"_s);
    url.setFragment({});
    QString query = url.query(QUrl::FullyEncoded);
    if (!query.isEmpty())
        query += u'&';
    url.setQuery(query + QString::fromStdString(toQuery(parameters)), QUrl::StrictMode);
    return url;
}

void DispatchClient::Private::openTransport()
{
    m_openDue = false;
    m_joinedWish = wish;
    m_lastRefusal = {};
    if (const DispatchError invalid = checkWish())
        return end({invalid.code(), false, invalid.message(), {}});

    m_turnWatch = QObject::connect(QAbstractEventDispatcher::instance(q->thread()),
                                   &QAbstractEventDispatcher::awake, m_turnTimer,
                                   [this] { m_inbox.newTurn(); });
    m_transport = std::make_unique<WebSocketTransport>(this);
    TransportRequest request{requestUrl(), {}, sslConfiguration};
    if (!wish.authorization.isEmpty())
        request.authorization = "Bearer " + wish.authorization.toUtf8();
    qCDebug(lcClient) << q << "opens"
                      << wish.url.toDisplayString(QUrl::RemoveUserInfo | QUrl::RemoveQuery);
    m_transport->open(request);
}

void DispatchClient::Private::dropTransport(bool politely)
{
    m_openDue = false;
    m_flushed = false;
    m_paused = false;
    m_inbox.clear();
    m_endDue.reset();
    QObject::disconnect(m_turnWatch);
    if (!m_transport)
        return;
    m_heartbeatTimer->stop();
    if (politely)
        m_transport->goodbye();
    m_transport.reset();
}

void DispatchClient::Private::transportOpened()
{
    const Hold hold(this);
    perform(session.opened());
}

void DispatchClient::Private::transportRefused(int httpStatus)
{
    const Hold hold(this);
    end(judgeHttpStatus(httpStatus, session.hasJoined()));
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
    // What the server said before it closed is a better reason than the code that it closed with.
    if (m_lastRefusal && judged.code != DispatchError::NetworkError) {
        judged.message = m_lastRefusal.message();
        judged.reason = m_lastRefusal.reason();
    }
    perform(session.ended(now(), judged));
}

void DispatchClient::Private::transportPong(const QByteArray &payload)
{
    const Hold hold(this);
    const auto half = heartbeat.pong(payload.toUInt(), now());
    if (!half)
        return;
    latency = half->count();
    notify(&DispatchClient::latencyChanged);
}

void DispatchClient::Private::setHeartbeat(int interval, int timeout)
{
    heartbeat.setTimes(Milliseconds(interval), Milliseconds(timeout));
    if (m_heartbeatTimer->isActive())
        m_heartbeatTimer->start(heartbeat.checkInterval());
}

void DispatchClient::Private::beat()
{
    // What waits for us, or for a handler that runs an event loop of its own, proves nothing
    // against the server.
    if (m_working || !m_inbox.isEmpty())
        heartbeat.heard(now());
    switch (heartbeat.check(now(), Milliseconds(QDateTime::currentMSecsSinceEpoch()))) {
    case Heartbeat::Verdict::Fine:
        return;
    case Heartbeat::Verdict::SendPing:
        return ping();
    case Heartbeat::Verdict::Dead:
        return end({DispatchError::HeartbeatTimeout,
                    true,
                    u"Nothing was heard of the server any more."_s,
                    {}});
    }
}

void DispatchClient::Private::ping()
{
    if (m_transport)
        m_transport->ping(QByteArray::number(heartbeat.sendPing(now())));
}

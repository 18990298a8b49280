// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "inforequest_p.h"

#include "connectparameters_p.h"
#include "promises_p.h"
#include "text_p.h"
#include "verdict_p.h"

#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qtimer.h>
#include <QtNetwork/qnetworkaccessmanager.h>
#include <QtNetwork/qnetworkreply.h>
#include <QtNetwork/qnetworkrequest.h>

#include <memory>

using namespace Qt::StringLiterals;

namespace Dispatch {

namespace {

using ShardList = QList<DispatchShardInfo>;

DispatchError errorOf(QNetworkReply &reply, const QList<QSslError> &tlsErrors)
{
    const int status = reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (status >= 300) {
        const QString code = QJsonDocument::fromJson(reply.readAll())["code"_L1].toString();
        return judgeHttpStatus({status, code}, false).toError();
    }
    if (reply.error() == QNetworkReply::OperationCanceledError)
        return {DispatchError::Timeout, u"The server did not answer in time."_s, true};
    if (!tlsErrors.isEmpty())
        return judgeTlsErrors(tlsErrors).toError();
    const QString text = asSentence(reply.errorString());
    if (reply.error() == QNetworkReply::SslHandshakeFailedError)
        return {DispatchError::TlsError, text, true};
    return {DispatchError::NetworkError, text, true};
}

/// Ends the promise with what became of the request; at the latest when it is destroyed.
class InfoAnswer {
public:
    explicit InfoAnswer(qint64 maxBody)
        : m_maxBody(maxBody)
    {
    }
    Q_DISABLE_COPY_MOVE(InfoAnswer)
    ~InfoAnswer()
    {
        if (!m_done)
            failLater(m_promise, clientIsGone());
    }

    QFuture<ShardList> future() { return m_promise->future(); }

    void take(QNetworkReply &reply)
    {
        m_done = true;
        const bool isRedirected =
            reply.attribute(QNetworkRequest::RedirectionTargetAttribute).isValid();
        if (reply.error() != QNetworkReply::NoError || isRedirected)
            return failLater(m_promise, m_tooBig ? tooBig() : errorOf(reply, m_tlsErrors));
        const auto shards = parseInfo(reply.readAll());
        if (!shards)
            return failLater(m_promise,
                             {DispatchError::ProtocolError,
                              u"The answer is no list of shards: is this a Dispatch server?"_s});
        finishLater(m_promise, *shards);
    }

    void watchSize(QNetworkReply &reply)
    {
        if (reply.bytesAvailable() <= m_maxBody)
            return;
        m_tooBig = true;
        reply.abort();
    }

    void note(const QList<QSslError> &tlsErrors) { m_tlsErrors = tlsErrors; }

private:
    DispatchError tooBig() const
    {
        return judgeBrokenLimit(u"answers with more than %1 bytes"_s.arg(m_maxBody),
                                u"maxMessageSize"_s)
            .toError();
    }

    const qint64 m_maxBody;
    SharedPromise<ShardList> m_promise = startedPromise<ShardList>();
    bool m_done = false;
    bool m_tooBig = false;
    QList<QSslError> m_tlsErrors;
};

} // namespace

QUrl infoUrl(const QUrl &server, const QString &projectId)
{
    QUrl url;
    url.setScheme(server.scheme() == "wss"_L1 ? u"https"_s : u"http"_s);
    url.setHost(server.host());
    url.setPort(server.port());
    const std::string project =
        projectId.isEmpty() ? std::string(DefaultProjectId) : projectId.toStdString();
    url.setPath(u"/info/"_s + QString::fromStdString(Text::percentEncoded(project)),
                QUrl::StrictMode);
    return url;
}

std::optional<ShardList> parseInfo(const QByteArray &body)
{
    const QJsonDocument document = QJsonDocument::fromJson(body);
    if (!document.isArray())
        return std::nullopt;
    ShardList shards;
    for (const QJsonValue &value : document.array()) {
        if (!value.isObject() || !value["shardName"_L1].isString())
            return std::nullopt;
        DispatchShardInfo shard;
        shard.shardName = value["shardName"_L1].toString();
        shard.numConnectedClients = value["numConnectedClients"_L1].toInt();
        shards.append(shard);
    }
    return shards;
}

QFuture<ShardList> requestInfo(QNetworkAccessManager *network, const QUrl &url, int timeout,
                               qint64 maxBody, const QSslConfiguration &sslConfiguration)
{
    QNetworkRequest request(url);
    // What is compressed could be far more than was counted.
    request.setRawHeader("Accept-Encoding"_ba, "identity"_ba);
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute,
                         QNetworkRequest::ManualRedirectPolicy);
    request.setAttribute(QNetworkRequest::CacheLoadControlAttribute,
                         QNetworkRequest::AlwaysNetwork);
    if (!sslConfiguration.isNull())
        request.setSslConfiguration(sslConfiguration);
    const auto answer = std::make_shared<InfoAnswer>(maxBody);
    QNetworkReply *reply = network->get(request);
    QObject::connect(reply, &QNetworkReply::readyRead, reply,
                     [answer, reply] { answer->watchSize(*reply); });
    // Of all of it: a transfer timeout would begin anew with each byte.
    QTimer::singleShot(timeout, reply, &QNetworkReply::abort);
    QObject::connect(reply, &QNetworkReply::sslErrors, reply,
                     [answer](const QList<QSslError> &errors) { answer->note(errors); });
    QObject::connect(reply, &QNetworkReply::finished, reply, [answer, reply] {
        answer->take(*reply);
        reply->deleteLater();
    });
    return answer->future();
}

} // namespace Dispatch

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "apiclient_p.h"

#include "connectparameters_p.h"

#include <QtCore/qjsondocument.h>
#include <QtNetwork/qnetworkreply.h>

#include <memory>

using namespace Qt::StringLiterals;

namespace Dispatch::Ctl {

namespace {

// A page of a thousand clients with their infos is below it.
constexpr qint64 MaximumAnswer = 16 * 1024 * 1024;

QUrl urlOf(const ApiRequest &request, const Settings &settings)
{
    const std::string project = settings.projectId.toStdString();
    QString path = u"/api/v1/projects/"_s
        + (project.empty() ? QString::fromStdString(std::string(DefaultProjectId))
                           : settings.projectId);
    for (const QString &segment : request.path)
        path += u'/' + QString::fromLatin1(QUrl::toPercentEncoding(segment));
    QUrl url = httpUrl(settings.url);
    url.setPath(path, QUrl::StrictMode);
    url.setQuery(request.query);
    return url;
}

Failure refusalOf(int status, const QByteArray &body)
{
    const QJsonObject refusal = QJsonDocument::fromJson(body).object();
    const QString code = refusal["code"_L1].toString();
    if (code.isEmpty()) {
        // No refusal of ours: something that stands before the server, or another one.
        const ExitCode exit = status >= 500 ? ExitCode::Unreachable : ExitCode::Refused;
        return {exit,
                u"The answer was HTTP status %1. Is a Dispatch server there? "
                "'dispatchctl doctor' looks for the cause."_s.arg(status)};
    }
    return {ExitCode::Refused, refusal["message"_L1].toString(), code};
}

DispatchError errorOf(const QNetworkReply &reply)
{
    switch (reply.error()) {
    case QNetworkReply::OperationCanceledError:
    case QNetworkReply::TimeoutError:
        return {DispatchError::Timeout, u"The server did not answer in time."_s, true};
    case QNetworkReply::SslHandshakeFailedError:
        return {DispatchError::TlsError, reply.errorString(), true};
    default:
        return {DispatchError::NetworkError, reply.errorString(), true};
    }
}

ApiClient::Answer answerOf(QNetworkReply &reply, const QUrl &server, bool isTooLong)
{
    if (isTooLong)
        return Failure{ExitCode::Failed, u"The answer is over %1 bytes."_s.arg(MaximumAnswer)};
    const QByteArray body = reply.read(MaximumAnswer);
    const int status = reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (status >= 300)
        return refusalOf(status, body);
    if (reply.error() != QNetworkReply::NoError)
        return failureOf(errorOf(reply), server);
    const QJsonDocument document = QJsonDocument::fromJson(body);
    if (!document.isObject())
        return Failure{ExitCode::Unreachable,
                       u"The answer is no JSON object: is this a Dispatch server?"_s};
    return document.object();
}

} // namespace

QUrl httpUrl(const QUrl &server)
{
    QUrl url;
    url.setScheme(server.scheme() == "wss"_L1 ? u"https"_s : u"http"_s);
    url.setHost(server.host());
    url.setPort(server.port());
    return url;
}

ApiClient::ApiClient(const Settings &settings)
    : m_settings(settings)
{
}

void ApiClient::send(const ApiRequest &request, std::function<void(const Answer &)> handler)
{
    QNetworkRequest http(urlOf(request, m_settings));
    http.setRawHeader("Authorization"_ba, "Bearer " + m_settings.projectToken);
    http.setTransferTimeout(int(m_settings.timeout.count()));
    // A token is not for whoever an answer names.
    http.setAttribute(QNetworkRequest::RedirectPolicyAttribute,
                      QNetworkRequest::ManualRedirectPolicy);
    http.setAttribute(QNetworkRequest::CacheLoadControlAttribute, QNetworkRequest::AlwaysNetwork);
    if (m_settings.ssl)
        http.setSslConfiguration(*m_settings.ssl);
    QByteArray body;
    if (!request.body.isEmpty()) {
        http.setHeader(QNetworkRequest::ContentTypeHeader, u"application/json"_s);
        body = QJsonDocument(request.body).toJson(QJsonDocument::Compact);
    }
    QNetworkReply *reply = m_network.sendCustomRequest(http, request.method, body);
    const auto isTooLong = std::make_shared<bool>(false);
    QObject::connect(reply, &QNetworkReply::downloadProgress, reply,
                     [reply, isTooLong](qint64 received) {
                         if (received <= MaximumAnswer)
                             return;
                         *isTooLong = true;
                         reply->abort();
                     });
    QObject::connect(reply, &QNetworkReply::finished, reply,
                     [reply, isTooLong, server = m_settings.url, handler = std::move(handler)] {
                         reply->deleteLater();
                         handler(answerOf(*reply, server, *isTooLong));
                     });
}

} // namespace Dispatch::Ctl

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "backendcall.h"

#include <QtCore/qjsondocument.h>
#include <QtNetwork/qnetworkreply.h>
#include <QtTest/qtest.h>

#include <memory>

using namespace Qt::StringLiterals;

BackendCall::Answer BackendCall::ask(QUrl server, const char *method, const QString &path,
                                     const QByteArray &body, const Headers &headers,
                                     const QByteArray &token)
{
    server.setScheme(u"http"_s);
    QNetworkRequest request(QUrl(server.toString() + u"/api/v1/projects/"_s + path));
    if (!body.isNull())
        request.setHeader(QNetworkRequest::ContentTypeHeader, "application/json");
    if (!token.isEmpty())
        request.setRawHeader("Authorization", "Bearer " + token);
    for (const auto &[name, value] : headers)
        request.setRawHeader(name, value);
    const std::unique_ptr<QNetworkReply> reply(m_network.sendCustomRequest(request, method, body));
    if (!QTest::qWaitFor([&reply] { return reply->isFinished(); }, 10'000))
        return {};
    Answer answer;
    answer.status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    for (const auto &[name, value] : reply->rawHeaderPairs())
        answer.headers.insert(name.toLower(), value);
    answer.text = reply->readAll();
    answer.body = QJsonDocument::fromJson(answer.text).object();
    return answer;
}

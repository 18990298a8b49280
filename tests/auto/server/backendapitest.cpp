// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "backendapitest.h"

#include "plainverifier.h"
#include "rawpeer.h"

#include <QtCore/qjsondocument.h>
#include <QtNetwork/qnetworkreply.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

void BackendApiTest::init()
{
    m_server = std::make_unique<DispatchServer>();
    configure([](DispatchServerSettings &settings) { settings.threads = 2; });
    m_server->setTokenVerifier(std::make_shared<PlainVerifier>());
    QVERIFY(m_server->listen());
}

void BackendApiTest::configure(const std::function<void(DispatchServerSettings &)> &change)
{
    DispatchServerSettings settings = m_server->settings();
    change(settings);
    m_server->setSettings(settings);
}

BackendApiTest::Answer BackendApiTest::ask(const char *method, const QString &path,
                                           const QByteArray &body, const Headers &headers,
                                           const QByteArray &token)
{
    QUrl url = m_server->url();
    url.setScheme(u"http"_s);
    QNetworkRequest request(QUrl(url.toString() + u"/api/v1/projects/"_s + path));
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

QString BackendApiTest::client(const QString &more)
{
    return u"projectId=p&shardName="_s + more;
}

int BackendApiTest::statusOfJoin(const QByteArray &query)
{
    RawPeer raw(m_server->port());
    raw.send(RawPeer::upgradeRequest("/?" + query));
    return raw.response().status;
}

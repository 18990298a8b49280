// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "clustertest.h"

#include "plainverifier.h"

#include <QtNetwork/qnetworkaccessmanager.h>
#include <QtNetwork/qnetworkreply.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

const QString ClusterTest::Room = u"projectId=p&shardName=s"_s;

bool ClusterTest::addServer(const std::function<void(DispatchServerSettings &)> &change)
{
    DispatchServerSettings settings;
    settings.threads = 2;
    settings.engine = u"redis+unix://"_s + QString::fromStdString(m_redis->socketPath());
    if (change)
        change(settings);
    auto server = std::make_unique<DispatchServer>();
    server->setTokenVerifier(std::make_shared<PlainVerifier>());
    server->setSettings(settings);
    const bool listens = server->listen();
    if (!listens)
        qWarning().noquote() << server->errorString();
    m_servers.push_back(std::move(server));
    return listens;
}

QByteArray ClusterTest::info(std::size_t index) const
{
    QUrl address = url(index);
    address.setScheme(u"http"_s);
    address.setPath(u"/info/p"_s);
    QNetworkAccessManager manager;
    const std::unique_ptr<QNetworkReply> reply(manager.get(QNetworkRequest(address)));
    if (!QTest::qWaitFor([&] { return reply->isFinished(); }))
        return {};
    return reply->readAll();
}

BackendCall::Answer ClusterTest::ask(std::size_t index, const char *method, const QString &path,
                                     const QByteArray &body)
{
    return m_call.ask(url(index), method, u"p/"_s + path, body);
}

bool ClusterTest::isRecovered(const ExtendedPeer &peer)
{
    return peer.greeting()["recovered"_L1].toBool();
}

QList<int> ClusterTest::numbers(const ExtendedPeer &peer, const QString &eventName)
{
    QList<int> numbers;
    for (const QJsonObject &message : peer.messages(eventName))
        numbers << message["payload"_L1].toInt();
    return numbers;
}

void ClusterTest::init()
{
    m_redis = std::make_unique<RedisServer>(RedisServer::Kind::Alone);
    QVERIFY(m_redis->start());
    QVERIFY(addServer());
    QVERIFY(addServer());
}

void ClusterTest::cleanup()
{
    m_servers.clear();
    m_redis.reset();
}

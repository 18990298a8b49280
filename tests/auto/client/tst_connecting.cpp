// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "roomtest.h"

#include <QtCore/qthread.h>
#include <QtNetwork/qtcpsocket.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <atomic>

using namespace Qt::StringLiterals;

/// connect(), disconnect() and info(), against a real server.
class tst_Connecting : public RoomTest {
    Q_OBJECT

private Q_SLOTS:
    void connectGivesClientIdAndShardName();
    void connectJoinsTheNamedShard();
    void connectTakesAnyShardName_data();
    void connectTakesAnyShardName();
    void connectTakesTheLimitAsNumberOrText_data();
    void connectTakesTheLimitAsNumberOrText();
    void connectRefusesALimitThatIsNoNumber();
    void connectSendsTheAuthorization();
    void connectAgainWithTheSameWishGivesTheSameInfo();
    void connectToAFullShardFails();
    void refusedClientsAreToldWhy_data();
    void refusedClientsAreToldWhy();
    void clientIsToldThatTheServerDrains();
    void connectWithoutUrlFails();
    void connectWithWrongParametersFails_data();
    void connectWithWrongParametersFails();
    void qobjectsConnectAndDisconnectAreStillThere();
    void disconnectLeavesTheShard();
    void disconnectEndsAPendingConnect();
    void clientLeavesTheShardWithItsThread();
    void eventsEmittedBeforeDisconnectArrive();
    void infoListsShardsAndNumbers();
    void infoOfAnUnknownProjectIsEmpty();
    void infoWithoutAProjectIsThatOfTheDefault();
    void infoWithoutServerFails();
    void infoEndsWithTheClient();
};

void tst_Connecting::connectGivesClientIdAndShardName()
{
    const auto client = makeClient();
    QSignalSpy connected(client.get(), &DispatchClient::connected);
    const auto future = client->connect();
    QCOMPARE(client->state(), DispatchClient::Connecting);
    WAIT(future);
    const DispatchConnectionInfo info = future.result();
    QVERIFY(!info.clientId.isEmpty());
    QVERIFY(!info.shardName.isEmpty());
    QCOMPARE(client->clientId(), info.clientId);
    QCOMPARE(client->currentShardName(), info.shardName);
    QCOMPARE(client->state(), DispatchClient::Connected);
    QCOMPARE(connected.size(), 1);
    QCOMPARE(connected.first().first().value<DispatchConnectionInfo>(), info);
}

void tst_Connecting::connectJoinsTheNamedShard()
{
    const auto client = makeClient();
    const auto future = client->connect(QVariantMap{{u"shardName"_s, u"blue"_s}});
    WAIT(future);
    QCOMPARE(future.result().shardName, u"blue"_s);
    QCOMPARE(client->shardName(), u"blue"_s);
}

void tst_Connecting::connectTakesAnyShardName_data()
{
    QTest::addColumn<QString>("name");
    for (const QString &name : {u"a b"_s, u"1+1=2&x=y#z?"_s, u"100%"_s, u"größe 漢 😀"_s,
                                u"\"quoted\\"_s, QString(128, u'x')})
        QTest::addRow("%s", qPrintable(name.left(20))) << name;
}

void tst_Connecting::connectTakesAnyShardName()
{
    QFETCH(QString, name);
    QCOMPARE(join(name)->currentShardName(), name);
}

void tst_Connecting::connectTakesTheLimitAsNumberOrText_data()
{
    QTest::addColumn<QVariant>("limit");
    QTest::newRow("number") << QVariant(2);
    QTest::newRow("as JavaScript has it") << QVariant(2.0);
    QTest::newRow("text") << QVariant(u"2"_s);
}

void tst_Connecting::connectTakesTheLimitAsNumberOrText()
{
    QFETCH(QVariant, limit);
    QStringList shards;
    std::vector<std::unique_ptr<DispatchClient>> clients;
    for (int i = 0; i < 3; ++i) {
        clients.push_back(makeClient());
        const auto future =
            clients.back()->connect(QVariantMap{{u"maxConnectionsPerShard"_s, limit}});
        WAIT(future);
        shards.append(future.result().shardName);
    }
    QCOMPARE(clients.front()->maxConnectionsPerShard(), 2);
    QCOMPARE(shards[0], shards[1]);
    QVERIFY(shards[2] != shards[1]);
}

void tst_Connecting::connectRefusesALimitThatIsNoNumber()
{
    const auto client = makeClient();
    for (const QVariant &limit : {QVariant(u"many"_s), QVariant(2.5), QVariant(QVariantList{1})}) {
        const auto future = client->connect(QVariantMap{{u"maxConnectionsPerShard"_s, limit}});
        WAIT(future);
        QCOMPARE(errorOf(future), DispatchError::InvalidParameters);
    }
    QVERIFY(!client->isActive());
}

void tst_Connecting::connectSendsTheAuthorization()
{
    const auto good = makeClient();
    const auto joined = good->connect(QVariantMap{{u"authorization"_s, u"user:ann"_s}});
    WAIT(joined);
    QVERIFY(!joined.result().clientId.isEmpty());
    QTRY_COMPARE(good->connectedClients().size(), 1);
    QTRY_COMPARE(good->connectedClients().first().userId, u"ann"_s);

    const auto bad = makeClient();
    const auto refused = bad->connect(QVariantMap{{u"authorization"_s, u"nonsense"_s}});
    WAIT(refused);
    QCOMPARE(errorOf(refused), DispatchError::Unauthorized);
    QCOMPARE(bad->state(), DispatchClient::Failed);
}

void tst_Connecting::connectAgainWithTheSameWishGivesTheSameInfo()
{
    const auto client = join(u"s"_s);
    const auto again = client->connectToServer({.shardName = u"s"_s});
    WAIT(again);
    QCOMPARE(again.result().clientId, client->clientId());

    const auto other = client->connectToServer({.shardName = u"t"_s});
    WAIT(other);
    QCOMPARE(other.result().shardName, u"t"_s);
    QCOMPARE(client->currentShardName(), u"t"_s);
}

void tst_Connecting::connectToAFullShardFails()
{
    const auto first = makeClient();
    WAIT(first->connectToServer({.shardName = u"tiny"_s, .maxConnectionsPerShard = 1}));
    const auto second = makeClient();
    QSignalSpy failed(second.get(), &DispatchClient::failed);
    const auto future =
        second->connectToServer({.shardName = u"tiny"_s, .maxConnectionsPerShard = 1});
    WAIT(future);
    QCOMPARE(errorOf(future), DispatchError::ShardFull);
    QCOMPARE(second->state(), DispatchClient::Failed);
    QCOMPARE(second->error(), DispatchError::ShardFull);
    QCOMPARE(second->lastError().reason(), u"shard_full"_s);
    QCOMPARE(failed.size(), 1);
    // Another shard is another wish.
    second->setShardName(u"roomy"_s);
    QTRY_COMPARE(second->state(), DispatchClient::Connected);
    QCOMPARE(second->error(), DispatchError::NoError);
}

void tst_Connecting::refusedClientsAreToldWhy_data()
{
    QTest::addColumn<DispatchServerSettings>("settings");
    QTest::addColumn<DispatchError::Code>("code");
    QTest::addColumn<QString>("reason");
    const auto row = [](const DispatchServerSettings &settings, DispatchError::Code code,
                        const char *reason) {
        QTest::newRow(reason) << settings << code << QString::fromLatin1(reason);
    };
    row({.maxConnections = 1}, DispatchError::ServerUnavailable, "server_full");
    row({.maxConnectionsPerUser = 1}, DispatchError::ServerUnavailable, "too_many_connections");
    row({.requireProjectId = true}, DispatchError::InvalidParameters, "project_required");
    row({.requireShardClaim = true}, DispatchError::Unauthorized, "shard_not_allowed");
    row({.requireOrigin = true}, DispatchError::Unauthorized, "origin_not_allowed");
}

void tst_Connecting::refusedClientsAreToldWhy()
{
    QFETCH(DispatchServerSettings, settings);
    QFETCH(DispatchError::Code, code);
    QFETCH(QString, reason);
    const auto connect = [](DispatchClient &client) {
        client.setProjectId({});
        return client.connectToServer({.authorization = u"user:ann"_s});
    };
    const auto first = makeClient();
    WAIT(connect(*first));
    QCOMPARE(first->state(), DispatchClient::Connected);

    m_server->setSettings(settings);
    const auto client = makeClient();
    QSignalSpy errors(client.get(), &DispatchClient::errorOccurred);
    connect(*client);
    QTRY_VERIFY(!errors.isEmpty());
    const auto error = errors.first().first().value<DispatchError>();
    QCOMPARE(error.reason(), reason);
    QCOMPARE(error.code(), code);
}

void tst_Connecting::clientIsToldThatTheServerDrains()
{
    m_server->setSettings({.flushTimeout = 600'000});
    // As long as somebody does not answer its farewell, the server is there.
    QTcpSocket silent;
    silent.connectToHost(m_server->address(), m_server->port());
    silent.write(
        "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n");
    QTRY_COMPARE(m_server->statistics().connections, 1);
    m_server->drain();

    const auto client = makeClient();
    QSignalSpy errors(client.get(), &DispatchClient::errorOccurred);
    client->connectToServer();
    QTRY_VERIFY(!errors.isEmpty());
    const auto error = errors.first().first().value<DispatchError>();
    QCOMPARE(error.reason(), u"draining"_s);
    QCOMPARE(error.code(), DispatchError::ServerUnavailable);
    QVERIFY(error.isRetryable());
}

void tst_Connecting::connectWithoutUrlFails()
{
    DispatchClient client;
    const auto future = client.connectToServer();
    WAIT(future);
    QCOMPARE(errorOf(future), DispatchError::InvalidUrl);
    QCOMPARE(client.state(), DispatchClient::Failed);
}

void tst_Connecting::connectWithWrongParametersFails_data()
{
    QTest::addColumn<QString>("project");
    QTest::addColumn<QString>("shard");
    QTest::addColumn<int>("limit");
    QTest::newRow("project with a space") << u"a b"_s << u"s"_s << 10;
    QTest::newRow("shard too long") << u"p"_s << QString(129, u'x') << 10;
    QTest::newRow("shard with a control character") << u"p"_s << u"a\nb"_s << 10;
    QTest::newRow("limit 0") << u"p"_s << u"s"_s << 0;
    QTest::newRow("limit over 1000") << u"p"_s << u"s"_s << 1001;
}

void tst_Connecting::connectWithWrongParametersFails()
{
    QFETCH(QString, project);
    QFETCH(QString, shard);
    QFETCH(int, limit);
    const auto client = makeClient();
    client->setProjectId(project);
    const auto future =
        client->connectToServer({.shardName = shard, .maxConnectionsPerShard = limit});
    WAIT(future);
    QCOMPARE(errorOf(future), DispatchError::InvalidParameters);
}

void tst_Connecting::qobjectsConnectAndDisconnectAreStillThere()
{
    DispatchClient client;
    int calls = 0;
    const auto connection =
        client.connect(&client, &DispatchClient::urlChanged, &client, [&] { ++calls; });
    client.setUrl(QUrl(u"ws://a"_s));
    client.disconnect(connection);
    client.setUrl(QUrl(u"ws://b"_s));
    QCOMPARE(calls, 1);
}

void tst_Connecting::disconnectLeavesTheShard()
{
    const auto stays = join(u"s"_s);
    const auto goes = join(u"s"_s);
    QTRY_COMPARE(stays->connectedClients().size(), 2);
    QSignalSpy disconnected(goes.get(), &DispatchClient::disconnected);
    goes->disconnect();
    QCOMPARE(goes->state(), DispatchClient::Disconnected);
    QVERIFY(goes->clientId().isEmpty());
    QVERIFY(goes->currentShardName().isEmpty());
    QVERIFY(goes->connectedClients().isEmpty());
    QCOMPARE(disconnected.size(), 1);
    QCOMPARE(disconnected.first().first().value<DispatchError>().code(), DispatchError::NoError);
    QTRY_COMPARE(stays->connectedClients().size(), 1);
}

void tst_Connecting::disconnectEndsAPendingConnect()
{
    const auto client = makeClient();
    const auto future = client->connectToServer();
    client->disconnectFromServer();
    WAIT(future);
    QCOMPARE(errorOf(future), DispatchError::Cancelled);
    QCOMPARE(client->state(), DispatchClient::Disconnected);
}

void tst_Connecting::clientLeavesTheShardWithItsThread()
{
    std::atomic<bool> isThere = false;
    std::atomic<bool> leaves = false;
    std::atomic<bool> wasTold = false;
    const std::unique_ptr<QThread> thread(QThread::create([&, url = m_server->url()] {
        DispatchClient client;
        client.setUrl(url);
        client.setProjectId(u"test"_s);
        client.setActive(true);
        wasTold = QTest::qWaitFor(
            [&] {
                isThere = client.state() == DispatchClient::Connected;
                return leaves.load();
            },
            60'000);
        // No turn of the loop is left for the good-bye to be answered in.
    }));
    thread->start();
    QTRY_VERIFY(isThere);
    QCOMPARE(m_server->statistics().connections, 1);
    leaves = true;
    QVERIFY(thread->wait());
    QVERIFY(wasTold);
    QTRY_COMPARE(m_server->statistics().connections, 0);
}

void tst_Connecting::eventsEmittedBeforeDisconnectArrive()
{
    const auto hears = join(u"s"_s);
    int calls = 0;
    hears->on(u"n"_s, this, [&] { ++calls; });
    const auto goes = join(u"s"_s);
    const QJsonValue large = QString(100'000, u'x');
    int sent = 0;
    for (int i = 0; i < 9; ++i)
        sent += goes->emitEvent(u"n"_s, large) == DispatchClient::Sent;
    goes->disconnectFromServer();
    QCOMPARE(sent, 9);
    QTRY_COMPARE(calls, sent);
}

void tst_Connecting::infoListsShardsAndNumbers()
{
    const auto a = join(u"größe 1"_s);
    const auto b = join(u"größe 1"_s);
    const auto c = join(u"other"_s);
    const auto future = a->info();
    WAIT(future);
    auto shards = future.result();
    std::ranges::sort(shards, {}, &DispatchShardInfo::shardName);
    QCOMPARE(shards.size(), 2);
    QCOMPARE(shards[0].shardName, u"größe 1"_s);
    QCOMPARE(shards[0].numConnectedClients, 2);
    QCOMPARE(shards[1].shardName, u"other"_s);
    QCOMPARE(shards[1].numConnectedClients, 1);
}

void tst_Connecting::infoOfAnUnknownProjectIsEmpty()
{
    const auto client = makeClient();
    client->setProjectId(u"nobody-ever-came"_s);
    const auto future = client->info();
    WAIT(future);
    QCOMPARE(future.result(), QList<DispatchShardInfo>());
}

void tst_Connecting::infoWithoutAProjectIsThatOfTheDefault()
{
    const auto client = makeClient();
    client->setProjectId({});
    WAIT(client->connectToServer({.shardName = u"s"_s}));
    const auto future = client->info();
    WAIT(future);
    QCOMPARE(errorOf(future), DispatchError::NoError);
    QCOMPARE(future.result().size(), 1);
    QCOMPARE(future.result().first().shardName, u"s"_s);
}

void tst_Connecting::infoWithoutServerFails()
{
    const auto client = makeClient();
    m_server->close();
    const auto gone = client->info();
    WAIT(gone);
    QCOMPARE(errorOf(gone), DispatchError::NetworkError);
    client->setUrl({});
    const auto nowhere = client->info();
    WAIT(nowhere);
    QCOMPARE(errorOf(nowhere), DispatchError::InvalidUrl);
}

void tst_Connecting::infoEndsWithTheClient()
{
    auto client = makeClient();
    const auto future = client->info();
    client.reset();
    WAIT(future);
    QCOMPARE(errorOf(future), DispatchError::Cancelled);
}

QTEST_GUILESS_MAIN(tst_Connecting)
#include "tst_connecting.moc"

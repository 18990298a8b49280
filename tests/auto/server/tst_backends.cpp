// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "peer.h"
#include "plainverifier.h"
#include "rawpeer.h"

#include <DispatchServer>

#include <QtCore/qjsonarray.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <array>

using namespace Qt::StringLiterals;

/// Back ends on a WebSocket: with a project token, without a seat.
class tst_Backends : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();

    void isGreetedAndInNoList();
    void takesNoSeat();
    void countsForTheWholeServer();
    void tokenMayBeInTheHeader();
    void badTokensAreRefused_data();
    void badTokensAreRefused();
    void reachesAllShardsOfItsProject();
    void reachesTheShardThatItNames();
    void reachesRecipients();
    void keepsItsOrder();
    void hearsWhatIsAddressedToIt();
    void hasNoUserInfo();
    void namesOfThePlatformAreRefused();

private:
    QString backendQuery(const QString &more = {}) const
    {
        return u"projectId=p&projectToken=p%2Fbackend"_s + more;
    }
    QString client(const QString &shard) const { return u"projectId=p&shardName="_s + shard; }

    std::unique_ptr<DispatchServer> m_server;
};

void tst_Backends::init()
{
    m_server = std::make_unique<DispatchServer>();
    DispatchServerSettings settings;
    settings.threads = 3;
    m_server->setSettings(settings);
    m_server->setTokenVerifier(std::make_shared<PlainVerifier>());
    QVERIFY(m_server->listen());
}

void tst_Backends::isGreetedAndInNoList()
{
    QSignalSpy joined(m_server.get(), &DispatchServer::clientJoined);
    Peer ann;
    Peer backend;
    QVERIFY(backend.join(m_server->url(), backendQuery()));
    QVERIFY(!backend.clientId().isEmpty());
    QCOMPARE(backend.messages(Connected).first().payload["shardName"_L1], QJsonValue(QString()));
    QVERIFY(ann.join(m_server->url(), client(u"a"_s)));
    QVERIFY(ann.waitForClients(1));
    QCOMPARE(ann.clients().keys(), QStringList{ann.clientId()});
    QTRY_COMPARE(joined.size(), 1);
    QCOMPARE(joined.first().at(2).toString(), ann.clientId());
    QCOMPARE(backend.count(ClientsChanged), 0);
}

void tst_Backends::takesNoSeat()
{
    Peer backend;
    QVERIFY(
        backend.join(m_server->url(), backendQuery(u"&shardName=a&maxConnectionsPerShard=1"_s)));
    RawPeer raw(m_server->port());
    raw.send(RawPeer::request("GET", "/info/p"));
    QCOMPARE(raw.response().body, QByteArray("[]"));
    Peer ann;
    QVERIFY(ann.join(m_server->url(), client(u"a&maxConnectionsPerShard=1"_s)));
    Peer second;
    QVERIFY(second.join(m_server->url(), backendQuery(u"&shardName=a"_s)));
    QCOMPARE(m_server->statistics().shards, 1);
    QCOMPARE(m_server->statistics().connections, 3);
    second.close();
    backend.close();
    QTRY_COMPARE(m_server->statistics().connections, 1);
}

void tst_Backends::countsForTheWholeServer()
{
    DispatchServerSettings settings = m_server->settings();
    settings.maxConnections = 1;
    m_server->setSettings(settings);
    Peer backend;
    QVERIFY(backend.join(m_server->url(), backendQuery()));
    RawPeer second(m_server->port());
    second.send(RawPeer::upgradeRequest("/?projectId=p&projectToken=p/backend"));
    QCOMPARE(second.response().status, 503);
}

void tst_Backends::tokenMayBeInTheHeader()
{
    RawPeer backend(m_server->port());
    backend.send(RawPeer::upgradeRequest("/?projectId=p", "Authorization: Bearer p/backend\r\n"));
    QCOMPARE(backend.response().status, 101);
    QVERIFY(backend.waitForText("\"shardName\":\"\""));
}

void tst_Backends::badTokensAreRefused_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("headers");
    QTest::newRow("unknown") << QByteArray("/?projectId=p&projectToken=x") << QByteArray();
    QTest::newRow("of another project")
        << QByteArray("/?projectId=p&projectToken=q/backend") << QByteArray();
    QTest::newRow("of a user") << QByteArray("/?projectId=p&projectToken=p/ann") << QByteArray();
    QTest::newRow("in the header")
        << QByteArray("/?projectId=p") << QByteArray("Authorization: Bearer q/backend\r\n");
}

void tst_Backends::badTokensAreRefused()
{
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, headers);
    RawPeer raw(m_server->port());
    raw.send(RawPeer::upgradeRequest(target, headers));
    const auto response = raw.response();
    QCOMPARE(response.status, 401);
    QVERIFY(response.body.contains("\"unauthorized\""));
}

void tst_Backends::reachesAllShardsOfItsProject()
{
    // Shards are spread over three threads; the back end is on one of them.
    std::array<Peer, 7> peers;
    for (int i = 0; i < int(peers.size()); ++i)
        QVERIFY(peers[i].join(m_server->url(), client(u"shard%1"_s.arg(i / 2))));
    Peer stranger;
    QVERIFY(stranger.join(m_server->url(), u"projectId=q"_s));
    Peer backend;
    QVERIFY(backend.join(m_server->url(), backendQuery()));
    backend.sendText(uR"({"eventName":"news","payload":{"b":1.0,"a":-0}})"_s);
    for (Peer &peer : peers) {
        QVERIFY(peer.waitFor(u"news"_s));
        QVERIFY(peer.messages(u"news"_s).first().text.contains(uR"("payload":{"b":1.0,"a":-0})"_s));
        QVERIFY(peer.messages(u"news"_s).first().latencyMs >= 0);
    }
    backend.emitEvent(u"end"_s, {}, QJsonArray{backend.clientId()});
    QVERIFY(backend.waitFor(u"end"_s));
    stranger.emitEvent(u"end"_s);
    QVERIFY(stranger.waitFor(u"end"_s));
    QCOMPARE(stranger.count(u"news"_s), 0);
    QCOMPARE(backend.count(u"news"_s), 0);
    for (Peer &peer : peers)
        QCOMPARE(peer.count(u"news"_s), 1);
}

void tst_Backends::reachesTheShardThatItNames()
{
    std::array<Peer, 4> peers;
    for (int i = 0; i < int(peers.size()); ++i)
        QVERIFY(peers[i].join(m_server->url(), client(u"shard%1"_s.arg(i))));
    Peer backend;
    QVERIFY(backend.join(m_server->url(), backendQuery(u"&shardName=shard2"_s)));
    backend.emitEvent(u"news"_s);
    QVERIFY(peers[2].waitFor(u"news"_s));
    for (Peer &peer : peers) {
        peer.emitEvent(u"end"_s);
        QVERIFY(peer.waitFor(u"end"_s));
        QCOMPARE(peer.count(u"news"_s), &peer == &peers[2] ? 1 : 0);
    }
}

void tst_Backends::reachesRecipients()
{
    Peer ann;
    Peer ben;
    QVERIFY(ann.join(m_server->url(), client(u"a"_s)));
    QVERIFY(ben.join(m_server->url(), client(u"b&authorization=p%2Fben"_s)));
    Peer backend;
    QVERIFY(backend.join(m_server->url(), backendQuery()));
    backend.emitEvent(u"secret"_s, 1, QJsonArray{ann.clientId()});
    backend.emitEvent(u"secret"_s, 2, QJsonArray{u"ben"_s});
    backend.emitEvent(u"end"_s);
    QVERIFY(ann.waitFor(u"end"_s));
    QVERIFY(ben.waitFor(u"end"_s));
    QCOMPARE(ann.count(u"secret"_s), 1);
    QCOMPARE(ben.count(u"secret"_s), 1);
    QCOMPARE(ben.messages(u"secret"_s).first().payload, QJsonValue(2));
}

void tst_Backends::keepsItsOrder()
{
    constexpr int Events = 300;
    std::array<Peer, 3> peers;
    for (int i = 0; i < int(peers.size()); ++i)
        QVERIFY(peers[i].join(m_server->url(), client(u"shard%1"_s.arg(i))));
    Peer backend;
    QVERIFY(backend.join(m_server->url(), backendQuery()));
    // To the shards and to single clients in turn: one order all the same.
    const QJsonArray everybody{peers[0].clientId(), peers[1].clientId(), peers[2].clientId()};
    for (int i = 0; i < Events; ++i)
        backend.emitEvent(u"n"_s, i, i % 3 ? QJsonValue(QJsonValue::Undefined) : everybody);
    for (Peer &peer : peers) {
        QVERIFY(peer.waitFor(u"n"_s, Events));
        const QList<Peer::Message> messages = peer.messages(u"n"_s);
        for (int i = 0; i < Events; ++i)
            QCOMPARE(messages[i].payload.toInt(), i);
    }
}

void tst_Backends::hearsWhatIsAddressedToIt()
{
    Peer ann;
    QVERIFY(ann.join(m_server->url(), client(u"a"_s)));
    Peer backend;
    QVERIFY(backend.join(m_server->url(), backendQuery(u"&shardName=a"_s)));
    ann.emitEvent(u"chatter"_s);
    ann.emitEvent(u"answer"_s, 42, QJsonArray{backend.clientId()});
    QVERIFY(backend.waitFor(u"answer"_s));
    QCOMPARE(backend.count(u"chatter"_s), 0);
}

void tst_Backends::hasNoUserInfo()
{
    Peer backend;
    QVERIFY(backend.join(m_server->url(), backendQuery()));
    backend.emitEvent(SetUserInfo, QJsonObject{{u"name"_s, u"x"_s}});
    QVERIFY(backend.waitForError(u"bad_user_info"_s));
    backend.emitEvent(Identify, QJsonObject{{u"token"_s, u"p/robot"_s}});
    Peer ann;
    QVERIFY(ann.join(m_server->url(), client(u"a"_s)));
    // What the back end says is heard after it was identified.
    backend.emitEvent(u"ready"_s);
    QVERIFY(ann.waitFor(u"ready"_s));
    ann.emitEvent(u"hello"_s, {}, QJsonArray{u"robot"_s});
    QVERIFY(backend.waitFor(u"hello"_s));
}

void tst_Backends::namesOfThePlatformAreRefused()
{
    Peer backend;
    QVERIFY(backend.join(m_server->url(), backendQuery()));
    backend.emitEvent(Connected);
    QVERIFY(backend.waitForError(u"reserved_event"_s));
}

QTEST_GUILESS_MAIN(tst_Backends)
#include "tst_backends.moc"

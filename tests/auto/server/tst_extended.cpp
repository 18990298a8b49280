// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "extendedpeer.h"
#include "peer.h"
#include "plainverifier.h"
#include "rawpeer.h"

#include <DispatchServer>

#include <QtCore/qjsonarray.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

/// What clients of the extended profile hear, beside others of the base profile.
class tst_Extended : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup() { m_server.reset(); }

    void profileIsNegotiated_data();
    void profileIsNegotiated();
    void offerThatCantBeReadIsRefused();
    void backEndsSpeakTheBaseProfile();
    void greetingSaysAllThatAClientMustKnow();
    void greetingIsFollowedByWhatComesAfterIt();
    void eventsHaveTheirDetails();
    void eventsWithRecipientsHaveNoNumber();
    void whatAClientSaysOfTheDetailsIsNotPassedOn();
    void baseClientsGetTheSameBytes();
    void shardsWithoutExtendedClientsAreNotNumbered();
    void backEndsReachNumberedShardsInOrder();
    void presenceComesAsDifferences();
    void presenceConverges();
    void sameInfoIsNoDifference();
    void eventsComeBeforeTheNewsOfALeaver();

private:
    QUrl url() const { return m_server->url(); }

    std::unique_ptr<DispatchServer> m_server;
};

void tst_Extended::init()
{
    m_server = std::make_unique<DispatchServer>();
    m_server->setTokenVerifier(std::make_shared<PlainVerifier>());
    QVERIFY2(m_server->listen(), qPrintable(m_server->errorString()));
}

void tst_Extended::profileIsNegotiated_data()
{
    QTest::addColumn<QByteArray>("offer");
    QTest::addColumn<QByteArray>("answer");
    QTest::newRow("none") << QByteArray() << QByteArray();
    QTest::newRow("the extended one")
        << QByteArray("Sec-WebSocket-Protocol: dispatch.v2\r\n") << QByteArray("dispatch.v2");
    QTest::newRow("another") << QByteArray("Sec-WebSocket-Protocol: chat\r\n") << QByteArray();
    QTest::newRow("in two fields")
        << QByteArray("Sec-WebSocket-Protocol: chat\r\nSec-WebSocket-Protocol: dispatch.v2\r\n")
        << QByteArray("dispatch.v2");
}

void tst_Extended::profileIsNegotiated()
{
    QFETCH(QByteArray, offer);
    QFETCH(QByteArray, answer);
    RawPeer peer(m_server->port());
    peer.send(RawPeer::upgradeRequest("/?projectId=p", offer));
    const RawPeer::Response response = peer.response(false);
    QCOMPARE(response.status, 101);
    QCOMPARE(response.headers.value("sec-websocket-protocol"), answer);
    QVERIFY(peer.waitForText("@@KOJI_DISPATCH/CONNECTED\""));
    QCOMPARE(peer.hasText("\"revision\""), !answer.isEmpty());
}

void tst_Extended::offerThatCantBeReadIsRefused()
{
    RawPeer peer(m_server->port());
    peer.send(RawPeer::upgradeRequest("/", "Sec-WebSocket-Protocol: dispatch.v2, resume.x\r\n"));
    const RawPeer::Response response = peer.response();
    QCOMPARE(response.status, 400);
    QVERIFY(response.body.contains("bad_parameters"));
    QVERIFY(response.body.contains("Sec-WebSocket-Protocol"));
}

void tst_Extended::backEndsSpeakTheBaseProfile()
{
    RawPeer peer(m_server->port());
    peer.send(RawPeer::upgradeRequest("/?projectId=p&projectToken=p/backend",
                                      "Sec-WebSocket-Protocol: dispatch.v2\r\n"));
    const RawPeer::Response response = peer.response(false);
    QCOMPARE(response.status, 101);
    QVERIFY(!response.headers.contains("sec-websocket-protocol"));
    QVERIFY(peer.waitForText("\"shardName\":\"\""));
}

void tst_Extended::greetingSaysAllThatAClientMustKnow()
{
    Peer ben;
    QVERIFY(ben.join(url(), u"projectId=p&shardName=s"_s));
    ben.emitEvent(SetUserInfo, QJsonObject{{u"name"_s, u"Ben"_s}});
    QTRY_COMPARE(ben.clients()[ben.clientId()]["name"_L1].toString(), u"Ben"_s);
    ExtendedPeer ann;
    QVERIFY(ann.join(url(), u"projectId=p&shardName=s&authorization=p/ann"_s));
    QCOMPARE(ann.all().first()["eventName"_L1].toString(), Connected);
    const QJsonObject greeting = ann.greeting();
    QCOMPARE(greeting["shardName"_L1].toString(), u"s"_s);
    QCOMPARE(greeting["userId"_L1].toString(), u"ann"_s);
    QCOMPARE(greeting["seq"_L1].toInt(-1), 0);
    QCOMPARE(greeting["direct"_L1].toInt(-1), 0);
    QCOMPARE(greeting["epoch"_L1].toString().size(), 16);
    QCOMPARE(greeting["heartbeatMs"_L1].toInt(), m_server->settings().heartbeatInterval);
    QCOMPARE(greeting["heartbeatTimeoutMs"_L1].toInt(), m_server->settings().heartbeatTimeout);
    QVERIFY(qAbs(greeting["serverTime"_L1].toInteger() - QDateTime::currentMSecsSinceEpoch())
            < 10'000);
    QCOMPARE(greeting["limits"_L1]["recipients"_L1].toInt(), m_server->settings().maxRecipients);
    const QJsonObject clients = greeting["connectedClients"_L1].toObject();
    QCOMPARE(clients.size(), 2);
    QCOMPARE(clients[ben.clientId()]["name"_L1].toString(), u"Ben"_s);
    QCOMPARE(clients[ann.clientId()]["userId"_L1].toString(), u"ann"_s);
}

void tst_Extended::greetingIsFollowedByWhatComesAfterIt()
{
    ExtendedPeer ben;
    QVERIFY(ben.join(url()));
    ben.emitEvent(u"before"_s);
    QVERIFY(ben.waitFor(u"before"_s));
    ExtendedPeer ann;
    QVERIFY(ann.join(url()));
    QCOMPARE(ann.greeting()["seq"_L1].toInt(), 1);
    QCOMPARE(ann.greeting()["epoch"_L1], ben.greeting()["epoch"_L1]);
    ben.emitEvent(u"after"_s);
    QVERIFY(ann.waitFor(u"after"_s));
    QCOMPARE(ann.messages(u"after"_s).first()["seq"_L1].toInt(), 2);
    QCOMPARE(ann.count(u"before"_s), 0);
}

void tst_Extended::eventsHaveTheirDetails()
{
    ExtendedPeer ann;
    ExtendedPeer ben;
    QVERIFY(ann.join(url(), u"projectId=p&authorization=p/ann"_s));
    QVERIFY(ben.join(url(), u"projectId=p"_s));
    const qint64 before = QDateTime::currentMSecsSinceEpoch();
    ann.emitEvent(u"one"_s);
    ann.emitEvent(u"two"_s);
    QVERIFY(ben.waitFor(u"two"_s));
    const QJsonObject one = ben.messages(u"one"_s).first();
    QCOMPARE(one["seq"_L1].toInt(), 1);
    QCOMPARE(one["from"_L1].toString(), ann.clientId());
    QCOMPARE(one["fromUser"_L1].toString(), u"ann"_s);
    QVERIFY(one["time"_L1].toInteger() >= before);
    QVERIFY(one["time"_L1].toInteger() <= QDateTime::currentMSecsSinceEpoch());
    QCOMPARE(ben.messages(u"two"_s).first()["seq"_L1].toInt(), 2);
    ben.emitEvent(u"three"_s);
    QVERIFY(ann.waitFor(u"three"_s));
    QVERIFY(!ann.messages(u"three"_s).first().contains("fromUser"_L1));
}

void tst_Extended::eventsWithRecipientsHaveNoNumber()
{
    ExtendedPeer ann;
    ExtendedPeer ben;
    Peer cem;
    QVERIFY(ann.join(url(), u"shardName=a"_s));
    QVERIFY(ben.join(url(), u"shardName=b"_s));
    QVERIFY(cem.join(url(), u"shardName=c"_s));
    ann.emitEvent(u"secret"_s, 1, {{u"recipients"_s, QJsonArray{ben.clientId(), cem.clientId()}}});
    QVERIFY(ben.waitFor(u"secret"_s));
    const QJsonObject event = ben.messages(u"secret"_s).first();
    QVERIFY(!event.contains("seq"_L1));
    QCOMPARE(event["from"_L1].toString(), ann.clientId());
    QVERIFY(event["time"_L1].toInteger() > 0);
    // A base client that shares no shard with extended ones sees nothing of them.
    QVERIFY(cem.waitFor(u"secret"_s));
    QVERIFY(!cem.messages(u"secret"_s).first().text.contains("from"_L1));
}

void tst_Extended::whatAClientSaysOfTheDetailsIsNotPassedOn()
{
    ExtendedPeer ann;
    QVERIFY(ann.join(url()));
    ann.emitEvent(
        u"e"_s, 1,
        {{u"seq"_s, 99}, {u"from"_s, u"x"_s}, {u"fromUser"_s, u"root"_s}, {u"time"_s, 1}});
    QVERIFY(ann.waitFor(u"e"_s));
    const QJsonObject event = ann.messages(u"e"_s).first();
    QCOMPARE(event["seq"_L1].toInt(), 1);
    QCOMPARE(event["from"_L1].toString(), ann.clientId());
    QVERIFY(!event.contains("fromUser"_L1));
    QVERIFY(event["time"_L1].toInteger() > 1);
}

void tst_Extended::baseClientsGetTheSameBytes()
{
    ExtendedPeer ann;
    Peer ben;
    QVERIFY(ann.join(url()));
    QVERIFY(ben.join(url()));
    QString heard;
    connect(&ann.socket(), &QWebSocket::textMessageReceived, this,
            [&heard](const QString &text) { heard = text; });
    ben.emitEvent(u"e"_s, QJsonObject{{u"n"_s, 1}});
    QVERIFY(ben.waitFor(u"e"_s));
    QTRY_VERIFY(!heard.isEmpty());
    QCOMPARE(ben.messages(u"e"_s).first().text, heard);
    QCOMPARE(ben.count(PresenceChanged), 0);
    QCOMPARE(ann.count(ClientsChanged), 0);
}

void tst_Extended::shardsWithoutExtendedClientsAreNotNumbered()
{
    ExtendedPeer ann;
    Peer ben;
    QVERIFY(ann.join(url(), u"shardName=a"_s));
    QVERIFY(ben.join(url(), u"shardName=b"_s));
    ben.emitEvent(u"e"_s);
    QVERIFY(ben.waitFor(u"e"_s));
    const QString text = ben.messages(u"e"_s).first().text;
    QVERIFY2(!text.contains("seq"_L1) && !text.contains("time"_L1), qPrintable(text));
}

void tst_Extended::backEndsReachNumberedShardsInOrder()
{
    ExtendedPeer ann;
    Peer ben;
    Peer backend;
    QVERIFY(ann.join(url(), u"projectId=p&shardName=a"_s));
    QVERIFY(ben.join(url(), u"projectId=p&shardName=b"_s));
    QVERIFY(backend.join(url(), u"projectId=p&projectToken=p/backend"_s));
    ann.emitEvent(u"own"_s);
    QVERIFY(ann.waitFor(u"own"_s));
    backend.emitEvent(u"news"_s, 1);
    backend.emitEvent(u"news"_s, 2);
    QVERIFY(ann.waitFor(u"news"_s, 2));
    QVERIFY(ben.waitFor(u"news"_s, 2));
    const QList<QJsonObject> news = ann.messages(u"news"_s);
    QCOMPARE(news[0]["seq"_L1].toInt(), 2);
    QCOMPARE(news[1]["seq"_L1].toInt(), 3);
    QCOMPARE(news[1]["payload"_L1].toInt(), 2);
    QCOMPARE(news[0]["from"_L1].toString(), backend.clientId());
    QVERIFY(!ben.messages(u"news"_s).first().text.contains("seq"_L1));
}

void tst_Extended::presenceComesAsDifferences()
{
    ExtendedPeer ann;
    QVERIFY(ann.join(url()));
    QVERIFY(ann.waitFor(PresenceChanged));
    Peer ben;
    QVERIFY(ben.join(url()));
    QTRY_VERIFY(ann.clients().contains(ben.clientId()));
    ben.emitEvent(SetUserInfo, QJsonObject{{u"name"_s, u"Ben"_s}});
    QTRY_COMPARE(ann.clients()[ben.clientId()]["name"_L1].toString(), u"Ben"_s);
    ben.close();
    QTRY_VERIFY(!ann.clients().contains(ben.clientId()));
    qint64 revision = ann.greeting()["revision"_L1].toInteger();
    for (const QJsonObject &change : ann.messages(PresenceChanged)) {
        QCOMPARE(change["payload"_L1]["revision"_L1].toInteger(), ++revision);
        QVERIFY(change["payload"_L1]["joined"_L1].toObject().size() <= 1);
    }
    QCOMPARE(ann.clients().keys(), QStringList{ann.clientId()});
}

void tst_Extended::presenceConverges()
{
    constexpr int Count = 12;
    std::array<ExtendedPeer, Count> peers;
    for (ExtendedPeer &peer : peers)
        peer.open(url());
    for (ExtendedPeer &peer : peers)
        QVERIFY(peer.waitForGreeting());
    for (std::size_t i = 0; i < Count; i += 2)
        peers[i].emitEvent(SetUserInfo, QJsonObject{{u"n"_s, int(i)}});
    for (std::size_t i = 1; i < Count; i += 4)
        peers[i].close();
    Peer witness;
    QVERIFY(witness.join(url()));
    QVERIFY(witness.waitForClients(Count - 3 + 1));
    for (std::size_t i = 0; i < Count; i += 2) {
        // lastPing is as old as what was told last of a client.
        const auto withoutTimes = [](QJsonObject clients) {
            for (QJsonValueRef entry : clients) {
                QJsonObject fields = entry.toObject();
                fields.remove("lastPing"_L1);
                entry = fields;
            }
            return clients;
        };
        QTRY_COMPARE(withoutTimes(peers[i].clients()), withoutTimes(witness.clients()));
    }
}

void tst_Extended::sameInfoIsNoDifference()
{
    ExtendedPeer ann;
    QVERIFY(ann.join(url()));
    const QJsonObject info{{u"name"_s, u"Ann"_s}};
    ann.emitEvent(SetUserInfo, info);
    QTRY_COMPARE(ann.clients()[ann.clientId()]["name"_L1].toString(), u"Ann"_s);
    const int told = ann.count(PresenceChanged);
    ann.emitEvent(SetUserInfo, info);
    ann.emitEvent(SetUserInfo, QJsonObject{{u"name"_s, u"Anne"_s}});
    QTRY_COMPARE(ann.clients()[ann.clientId()]["name"_L1].toString(), u"Anne"_s);
    QCOMPARE(ann.count(PresenceChanged), told + 1);
}

void tst_Extended::eventsComeBeforeTheNewsOfALeaver()
{
    ExtendedPeer ann;
    Peer ben;
    QVERIFY(ann.join(url()));
    QVERIFY(ben.join(url()));
    QTRY_COMPARE(ann.clients().size(), 2);
    ben.emitEvent(u"last"_s);
    ben.close();
    QTRY_COMPARE(ann.clients().size(), 1);
    QCOMPARE(ann.all().last()["eventName"_L1].toString(), PresenceChanged);
    QCOMPARE(ann.count(u"last"_s), 1);
}

QTEST_GUILESS_MAIN(tst_Extended)
#include "tst_extended.moc"

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "clustertest.h"

#include <QtCore/qdatetime.h>
#include <QtCore/qelapsedtimer.h>
#include <QtCore/qjsonarray.h>
#include <QtCore/qtimer.h>
#include <QtTest/qtest.h>

#include <array>

using namespace Qt::StringLiterals;

/// What back ends ask of one server, and several do.
class tst_ClusterApi : public ClusterTest {
    Q_OBJECT

private Q_SLOTS:
    void clientIsDisconnectedWhicheverServerIsAsked_data();
    void clientIsDisconnectedWhicheverServerIsAsked();
    void userIsDisconnectedAndCountedOnAllServers();
    void serverWithoutTheProjectDisconnectsItsClients();
    void sessionThatWaitsElsewhereEnds();
    void backEndIsDisconnectedOnTheServerThatIsAsked();
    void nobodyHadTheClient();
    void deadServerIsNotWaitedForForLong();
    void disconnectingIsRefusedWhileTheEngineIsAway();
    void serverThatClosesWhileItAsksJustCloses();
    void clientsOfAllServersAreListedByEach();
    void listIsPagedOverAllServers();
    void clientThatIsAwayIsKnownToItsServer();
    void shardThatIsNowhereIsNotFound();
    void listingIsRefusedWhileTheEngineIsAway();

private:
    /// The clients in the room, as \a index lists them, by id.
    QMap<QString, QJsonObject> listed(std::size_t index, const QString &more = {});
    QString inRoom(const QString &user) { return Room + u"&authorization=p%2F"_s + user; }
};

namespace {

int disconnected(const BackendCall::Answer &answer)
{
    return answer.body["disconnected"_L1].toInt(-1);
}

} // namespace

QMap<QString, QJsonObject> tst_ClusterApi::listed(std::size_t index, const QString &more)
{
    QMap<QString, QJsonObject> clients;
    QStringList order;
    const auto answer = ask(index, "GET", u"shards/s/clients"_s + more);
    for (const QJsonValue &client : answer.body["clients"_L1].toArray()) {
        order << client["clientId"_L1].toString();
        clients.insert(order.last(), client.toObject());
    }
    return order == clients.keys() ? clients : QMap<QString, QJsonObject>();
}

void tst_ClusterApi::clientIsDisconnectedWhicheverServerIsAsked_data()
{
    QTest::addColumn<int>("asked");
    QTest::newRow("its own") << 1;
    QTest::newRow("another") << 0;
}

void tst_ClusterApi::clientIsDisconnectedWhicheverServerIsAsked()
{
    QFETCH(int, asked);
    Peer ann;
    QVERIFY(ann.join(url(0), Room));
    Peer bob;
    QVERIFY(bob.join(url(1), Room));
    QVERIFY(ann.waitForClients(2));
    const auto answer = ask(std::size_t(asked), "DELETE", u"clients/"_s + bob.clientId());
    QCOMPARE(answer.status, 200);
    QCOMPARE(disconnected(answer), 1);
    QVERIFY(bob.waitForError(u"disconnected"_s));
    QVERIFY(bob.waitForClose());
    QCOMPARE(bob.closeCode(), 1000);
    QVERIFY(ann.waitForClients(1));
    QCOMPARE(ask(std::size_t(asked), "DELETE", u"clients/"_s + bob.clientId()).status, 404);
    ann.emitEvent(u"alive"_s);
    QVERIFY(ann.waitFor(u"alive"_s));
}

void tst_ClusterApi::userIsDisconnectedAndCountedOnAllServers()
{
    std::array<Peer, 3> ann;
    for (std::size_t i = 0; i < ann.size(); ++i)
        QVERIFY(ann.at(i).join(url(i % 2), inRoom(u"ann"_s)));
    Peer bob;
    QVERIFY(bob.join(url(1), inRoom(u"bob"_s)));
    QCOMPARE(disconnected(ask(0, "DELETE", u"users/ann"_s)), 3);
    for (Peer &peer : ann)
        QVERIFY(peer.waitForClose());
    QVERIFY(bob.waitForClients(1));
    QCOMPARE(ask(1, "DELETE", u"users/ann"_s).status, 404);
}

void tst_ClusterApi::serverWithoutTheProjectDisconnectsItsClients()
{
    QVERIFY(addServer());
    std::array<Peer, 2> ann;
    for (std::size_t i = 0; i < ann.size(); ++i)
        QVERIFY(ann.at(i).join(url(i), inRoom(u"ann"_s)));
    QCOMPARE(disconnected(ask(2, "DELETE", u"users/ann"_s)), 2);
    for (Peer &peer : ann)
        QVERIFY(peer.waitForClose());
}

void tst_ClusterApi::sessionThatWaitsElsewhereEnds()
{
    ExtendedPeer ann;
    QVERIFY(ann.join(url(0), Room));
    Peer bob;
    QVERIFY(bob.join(url(1), Room));
    const QString id = ann.clientId();
    ann.cut();
    QTRY_COMPARE(server(0).statistics().sessionsAway, 1);
    QCOMPARE(disconnected(ask(1, "DELETE", u"clients/"_s + id)), 1);
    QVERIFY(bob.waitForClients(1));
    QVERIFY(ann.resume(url(1), Room));
    QVERIFY(!isRecovered(ann));
    QVERIFY(ann.clientId() != id);
}

void tst_ClusterApi::backEndIsDisconnectedOnTheServerThatIsAsked()
{
    Peer backEnd;
    QVERIFY(backEnd.join(url(0), u"projectId=p&projectToken=p%2Fbackend"_s));
    QCOMPARE(disconnected(ask(0, "DELETE", u"clients/"_s + backEnd.clientId())), 1);
    QVERIFY(backEnd.waitForClose());
}

void tst_ClusterApi::nobodyHadTheClient()
{
    Peer ann;
    QVERIFY(ann.join(url(0), Room));
    Peer bob;
    QVERIFY(bob.join(url(1), u"projectId=q&shardName=s"_s));
    for (std::size_t i = 0; i < 2; ++i) {
        const auto answer = ask(i, "DELETE", u"clients/"_s + bob.clientId());
        QCOMPARE(answer.status, 404);
        QCOMPARE(answer.code(), u"no_such_client"_s);
    }
    bob.emitEvent(u"alive"_s);
    QVERIFY(bob.waitFor(u"alive"_s));
}

void tst_ClusterApi::deadServerIsNotWaitedForForLong()
{
    // One that is asked and never answers: it has a seat, and nobody hears for it.
    Peer ann;
    QVERIFY(ann.join(url(0), inRoom(u"ann"_s)));
    Peer bob;
    QVERIFY(bob.join(url(1), inRoom(u"ann"_s)));
    m_redis->ask({"ZADD", "dispatch:project:{p}:leases", "9999999999999", "0123456789abcdef"});
    m_redis->ask({"ZADD", "dispatch:project:{p}:bynode", "0", "0123456789abcdefeve"});
    QElapsedTimer time;
    time.start();
    QCOMPARE(disconnected(ask(0, "DELETE", u"users/ann"_s)), 2);
    QVERIFY(time.elapsed() >= server(0).settings().engineTimeout);
    QCOMPARE(ask(0, "DELETE", u"users/ann"_s).status, 404);
}

void tst_ClusterApi::disconnectingIsRefusedWhileTheEngineIsAway()
{
    Peer ann;
    QVERIFY(ann.join(url(0), inRoom(u"ann"_s)));
    m_redis->pause();
    for (const auto &path : {u"users/ann"_s, u"clients/"_s + ann.clientId()}) {
        const auto answer = ask(0, "DELETE", path);
        QCOMPARE(answer.status, 503);
        QCOMPARE(answer.code(), u"engine_unavailable"_s);
    }
    m_redis->goOn();
    // What was refused is not done later.
    QTRY_COMPARE(ask(1, "GET", u"shards"_s).status, 200);
    ann.emitEvent(u"alive"_s);
    QVERIFY(ann.waitFor(u"alive"_s));
    QCOMPARE(disconnected(ask(1, "DELETE", u"users/ann"_s)), 1);
}

void tst_ClusterApi::serverThatClosesWhileItAsksJustCloses()
{
    Peer ann;
    QVERIFY(ann.join(url(0), inRoom(u"ann"_s)));
    m_redis->ask({"ZADD", "dispatch:project:{p}:leases", "9999999999999", "0123456789abcdef"});
    m_redis->ask({"ZADD", "dispatch:project:{p}:bynode", "0", "0123456789abcdefeve"});
    QTimer::singleShot(0, this, [this, &ann] {
        if (ann.waitForClose())
            server(0).close();
    });
    QCOMPARE(ask(0, "DELETE", u"users/ann"_s).status, 0);
}

void tst_ClusterApi::clientsOfAllServersAreListedByEach()
{
    QVERIFY(addServer());
    ExtendedPeer ann;
    QVERIFY(ann.join(url(0), inRoom(u"ann"_s)));
    Peer bob;
    QVERIFY(bob.join(url(1), Room));
    ann.emitEvent(SetUserInfo, QJsonObject{{u"name"_s, u"Ann"_s}});
    QTRY_COMPARE(listed(2)[ann.clientId()]["userInfo"_L1]["name"_L1].toString(), u"Ann"_s);
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    for (std::size_t i = 0; i < 3; ++i) {
        auto clients = listed(i);
        QCOMPARE(clients.size(), 2);
        QVERIFY(clients.contains(bob.clientId()));
        QVERIFY(clients[bob.clientId()]["userId"_L1].isNull());
        const QJsonObject one = clients[ann.clientId()];
        QCOMPARE(one["userId"_L1].toString(), u"ann"_s);
        QCOMPARE(one["userInfo"_L1]["name"_L1].toString(), u"Ann"_s);
        QCOMPARE(one["connectedSince"_L1].toInteger(),
                 listed(0)[ann.clientId()]["connectedSince"_L1].toInteger());
        // Others live as long as their server says so.
        if (i > 0)
            QVERIFY(one["lastPing"_L1].toInteger() >= now);
    }
}

void tst_ClusterApi::listIsPagedOverAllServers()
{
    std::array<Peer, 5> peers;
    QStringList ids;
    for (std::size_t i = 0; i < peers.size(); ++i) {
        QVERIFY(peers.at(i).join(url(i % 2), Room));
        ids << peers.at(i).clientId();
    }
    QTRY_COMPARE(listed(0).size(), 5);
    ids.sort();
    QStringList found;
    QString after;
    for (int pages = 0; pages < 3; ++pages) {
        const auto answer = ask(1, "GET", u"shards/s/clients?limit=2"_s + after);
        for (const QJsonValue &client : answer.body["clients"_L1].toArray())
            found << client["clientId"_L1].toString();
        QCOMPARE(answer.body["next"_L1].isNull(), pages == 2);
        after = u"&after="_s + answer.body["next"_L1].toString();
    }
    QCOMPARE(found, ids);
}

void tst_ClusterApi::clientThatIsAwayIsKnownToItsServer()
{
    ExtendedPeer ann;
    QVERIFY(ann.join(url(0), Room));
    Peer bob;
    QVERIFY(bob.join(url(1), Room));
    QTRY_COMPARE(listed(1).size(), 2);
    const QString id = ann.clientId();
    ann.cut();
    QTRY_COMPARE(server(0).statistics().sessionsAway, 1);
    QVERIFY(listed(0)[id]["away"_L1].toBool());
    QVERIFY(listed(1).contains(id));
}

void tst_ClusterApi::shardThatIsNowhereIsNotFound()
{
    QCOMPARE(ask(0, "GET", u"shards/s/clients"_s).code(), u"no_such_shard"_s);
    Peer ann;
    QVERIFY(ann.join(url(1), Room));
    QTRY_COMPARE(ask(0, "GET", u"shards/s/clients"_s).status, 200);
    ann.close();
    QTRY_COMPARE(ask(0, "GET", u"shards/s/clients"_s).status, 404);
}

void tst_ClusterApi::listingIsRefusedWhileTheEngineIsAway()
{
    Peer ann;
    QVERIFY(ann.join(url(0), Room));
    m_redis->pause();
    const auto answer = ask(0, "GET", u"shards/s/clients"_s);
    QCOMPARE(answer.status, 503);
    QCOMPARE(answer.code(), u"engine_unavailable"_s);
    m_redis->goOn();
    QTRY_COMPARE(listed(0).size(), 1);
}

QTEST_GUILESS_MAIN(tst_ClusterApi)
#include "tst_clusterapi.moc"

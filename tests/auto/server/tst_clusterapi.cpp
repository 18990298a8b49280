// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "clustertest.h"

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

private:
    QString inRoom(const QString &user) { return Room + u"&authorization=p%2F"_s + user; }
};

namespace {

int disconnected(const BackendCall::Answer &answer)
{
    return answer.body["disconnected"_L1].toInt(-1);
}

} // namespace

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

QTEST_GUILESS_MAIN(tst_ClusterApi)
#include "tst_clusterapi.moc"

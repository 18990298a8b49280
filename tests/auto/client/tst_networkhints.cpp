// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "faultyservertest.h"
#include "networkhints_p.h"

#include <QtCore/qtimer.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

using namespace Dispatch;
using namespace Qt::StringLiterals;
using Reachability = NetworkHints::Reachability;

/// What clients make of what the system says of the network.
class tst_NetworkHints : public FaultyServerTest {
    Q_OBJECT

private Q_SLOTS:
    void whatIsBetterIsAHint_data();
    void whatIsBetterIsAHint();
    void whoWaitsTriesSoon();
    void whoIsConnectedAsks();
    void whoGetsNoAnswerComesBack();
    void whatIsStillComingIsASignOfLife();
    void hintsCanBeTurnedOff();
    void whoDoesNotWishToConnectHeedsNone();

private:
    static void hint() { Q_EMIT NetworkHints::instance()->changed(); }
    /// Waits for an attempt that is far away, with a policy whose first delay is short.
    void waitForLong();
};

void tst_NetworkHints::whatIsBetterIsAHint_data()
{
    QTest::addColumn<Reachability>("before");
    QTest::addColumn<Reachability>("now");
    QTest::addColumn<bool>("isBetter");
    QTest::newRow("came back") << Reachability::Disconnected << Reachability::Online << true;
    QTest::newRow("came back in part") << Reachability::Disconnected << Reachability::Local << true;
    QTest::newRow("more of it") << Reachability::Local << Reachability::Site << true;
    QTest::newRow("known now") << Reachability::Unknown << Reachability::Online << true;
    QTest::newRow("gone") << Reachability::Online << Reachability::Disconnected << false;
    QTest::newRow("known to be gone")
        << Reachability::Unknown << Reachability::Disconnected << false;
    QTest::newRow("less of it") << Reachability::Online << Reachability::Local << false;
    QTest::newRow("not known") << Reachability::Disconnected << Reachability::Unknown << false;
    QTest::newRow("the same") << Reachability::Online << Reachability::Online << false;
}

void tst_NetworkHints::whatIsBetterIsAHint()
{
    QFETCH(Reachability, before);
    QFETCH(Reachability, now);
    QTEST(NetworkHints::isBetter(before, now), "isBetter");
}

void tst_NetworkHints::waitForLong()
{
    m_server->onRequest = [](FakePeer *peer) { peer->drop(); };
    m_client->setReconnectPolicy({.minDelay = 1'000'000'000, .maxDelay = 1'000'000'000});
    m_client->setActive(true);
    QTRY_COMPARE(m_client->state(), DispatchClient::Waiting);
    m_client->setReconnectPolicy({.minDelay = 1, .maxDelay = 20});
    m_server->onRequest = {};
}

void tst_NetworkHints::whoWaitsTriesSoon()
{
    waitForLong();
    hint();
    QTRY_COMPARE(m_client->state(), DispatchClient::Connected);
}

void tst_NetworkHints::whoIsConnectedAsks()
{
    QVERIFY(join());
    QTRY_COMPARE(m_server->last()->pings(), 1);
    hint();
    QTRY_COMPARE(m_server->last()->pings(), 2);
    QCOMPARE(m_client->state(), DispatchClient::Connected);
}

void tst_NetworkHints::whoGetsNoAnswerComesBack()
{
    m_client->setHeartbeat(3'600'000, 200);
    QVERIFY(join());
    QTRY_VERIFY(m_client->latency() >= 0);
    m_server->last()->answerPings(false);
    QSignalSpy ended(m_client.get(), &DispatchClient::disconnected);
    hint();
    QTRY_COMPARE(ended.size(), 1);
    QCOMPARE(ended[0][0].value<DispatchError>().code(), DispatchError::HeartbeatTimeout);
    QTRY_COMPARE(m_client->state(), DispatchClient::Connected);
    QCOMPARE(m_server->count(), 2);
}

void tst_NetworkHints::whatIsStillComingIsASignOfLife()
{
    m_client->setHeartbeat(3'600'000, 600);
    QVERIFY(join());
    QTRY_VERIFY(m_client->latency() >= 0);
    QSignalSpy heard(m_client.get(), &DispatchClient::eventReceived);
    FakePeer *peer = m_server->last();
    peer->answerPings(false);
    hint();
    QTRY_COMPARE(peer->pings(), 2);
    // One message, which takes twice as long as the client has patience for.
    const QByteArray frame = FakePeer::frame(FakePeer::Text, message(u"slow"_s, "{}"));
    qsizetype sent = 0;
    QTimer trickle;
    connect(&trickle, &QTimer::timeout, peer, [&] {
        peer->sendRaw(frame.sliced(sent++, 1));
        if (sent == frame.size()) {
            trickle.stop();
            peer->sendFrame(FakePeer::Pong, "2");
        }
    });
    trickle.start(1'200 / int(frame.size()));
    QTRY_COMPARE(heard.size(), 1);
    QCOMPARE(m_client->state(), DispatchClient::Connected);
    QCOMPARE(m_server->count(), 1);
}

void tst_NetworkHints::hintsCanBeTurnedOff()
{
    QSignalSpy changes(m_client.get(), &DispatchClient::networkHintsChanged);
    QVERIFY(m_client->heedsNetworkHints());
    QVERIFY(join());
    QTRY_COMPARE(m_server->last()->pings(), 1);
    m_client->setNetworkHints(false);
    m_client->setNetworkHints(false);
    QCOMPARE(changes.size(), 1);
    hint();
    m_client->emitEvent(u"behind"_s);
    QTRY_COMPARE(eventsAtServer(), QStringList{u"behind"_s});
    QCOMPARE(m_server->last()->pings(), 1);
    m_client->setNetworkHints(true);
    hint();
    QTRY_COMPARE(m_server->last()->pings(), 2);
}

void tst_NetworkHints::whoDoesNotWishToConnectHeedsNone()
{
    waitForLong();
    m_client->disconnectFromServer();
    hint();
    QCOMPARE(m_client->state(), DispatchClient::Disconnected);
    m_client->setActive(true);
    QTRY_COMPARE(m_client->state(), DispatchClient::Connected);
    QTRY_COMPARE(m_server->last()->pings(), 1);
    hint();
    QTRY_COMPARE(m_server->last()->pings(), 2);
}

QTEST_GUILESS_MAIN(tst_NetworkHints)
#include "tst_networkhints.moc"

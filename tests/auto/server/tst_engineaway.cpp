// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "clustertest.h"

#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

/// What clients notice when the engine is slow, away, or has forgotten everything.
class tst_EngineAway : public ClusterTest {
    Q_OBJECT

private Q_SLOTS:
    void emitsAreRefusedAndClientsStay();
    void emitsAreHeldForAShortTime();
    void joinsAreRefusedMeanwhile();
    void emptyEngineBeginsANewLife();
    void sessionsOutliveAnEmptyEngine();
    void cutSubscriptionsLoseNothing();
    void presenceFreezes();
    void pausedServerIsGivenUpAndComesBack();

private:
    /// Two servers that soon give the engine up, with that \a change.
    void serve(const std::function<void(DispatchServerSettings &)> &change);
    /// Two servers that hold an event for so long, in ms.
    void patient(int emitTimeout);
};

namespace {

constexpr int EngineTimeout = 300;

} // namespace

void tst_EngineAway::serve(const std::function<void(DispatchServerSettings &)> &change)
{
    m_servers.clear();
    for (int i = 0; i < 2; ++i) {
        QVERIFY(addServer([&change](DispatchServerSettings &settings) {
            settings.engineTimeout = EngineTimeout;
            change(settings);
        }));
    }
}

void tst_EngineAway::patient(int emitTimeout)
{
    serve([emitTimeout](DispatchServerSettings &settings) {
        settings.engineEmitTimeout = emitTimeout;
    });
}

void tst_EngineAway::emitsAreRefusedAndClientsStay()
{
    patient(600);
    ExtendedPeer ann;
    QVERIFY(ann.join(url(0), Room));
    Peer bob;
    QVERIFY(bob.join(url(1), Room));
    m_redis->pause();
    ann.emitNumbered(u"n"_s, 1);
    QVERIFY(ann.waitForError(u"engine_unavailable"_s));
    QCOMPARE(ann.messages(Error).last()["payload"_L1]["emit"_L1].toInt(), 1);
    bob.emitEvent(u"n"_s, 2);
    QVERIFY(bob.waitForError(u"engine_unavailable"_s));
    m_redis->goOn();
    // What was refused does not come later, and what follows is not held up by it.
    ann.emitNumbered(u"end"_s, 3, {{u"ack"_s, true}});
    QVERIFY(ann.waitForAck(2));
    QVERIFY(bob.waitFor(u"end"_s));
    QCOMPARE(bob.count(u"n"_s), 0);
    QCOMPARE(ann.socket().state(), QAbstractSocket::ConnectedState);
    QCOMPARE(ann.gaps(), 0);
}

void tst_EngineAway::emitsAreHeldForAShortTime()
{
    patient(20'000);
    ExtendedPeer ann;
    QVERIFY(ann.join(url(0), Room));
    Peer bob;
    QVERIFY(bob.join(url(1), Room));
    m_redis->pause();
    for (int i = 1; i <= 20; ++i)
        ann.emitNumbered(u"n"_s, i);
    ann.socket().ping();
    QSignalSpy pongs(&ann, &ExtendedPeer::ponged);
    QTRY_VERIFY(!pongs.isEmpty());
    m_redis->goOn();
    QVERIFY(ann.waitForAck(20));
    QVERIFY(bob.waitFor(u"n"_s, 20));
    QCOMPARE(ann.count(Error), 0);
    QCOMPARE(bob.count(u"n"_s), 20);
    QCOMPARE(bob.messages(u"n"_s).last().payload.toInt(), 20);
}

void tst_EngineAway::joinsAreRefusedMeanwhile()
{
    patient(600);
    ExtendedPeer ann;
    QVERIFY(ann.join(url(0), Room));
    m_redis->pause();
    Peer bob;
    bob.open(url(1), Room);
    QVERIFY(bob.waitForClose());
    QVERIFY2(bob.socket().errorString().contains(u"engine_unavailable"_s)
                 || bob.socket().errorString().contains(u"503"_s),
             qPrintable(bob.socket().errorString()));
    m_redis->goOn();
    Peer eve;
    QVERIFY(QTest::qWaitFor([&] { return eve.join(url(1), Room); }, 20'000));
    QTRY_COMPARE(ann.clients().size(), 2);
}

void tst_EngineAway::emptyEngineBeginsANewLife()
{
    patient(600);
    ExtendedPeer ann;
    QVERIFY(ann.join(url(0), Room));
    const QString id = ann.clientId();
    Peer bob;
    QVERIFY(bob.join(url(1), Room));
    ann.emitNumbered(u"n"_s, 1);
    QVERIFY(bob.waitFor(u"n"_s));
    m_redis->stop();
    QVERIFY(m_redis->start());
    QVERIFY(ann.waitForError(u"stream_reset"_s));
    QVERIFY(ann.waitForClose());
    QVERIFY(QTest::qWaitFor([&] { return ann.resume(url(0), Room); }, 20'000));
    QVERIFY(!isRecovered(ann));
    QCOMPARE(ann.clientId(), id);
    QTRY_COMPARE(ann.clients().size(), 2);
    ann.emitNumbered(u"n"_s, 2);
    QVERIFY(bob.waitFor(u"n"_s, 2));
    bob.emitEvent(u"n"_s, 3);
    QVERIFY(ann.waitFor(u"n"_s, 2));
    QCOMPARE(ann.gaps(), 0);
    QTRY_COMPARE(info(1), QByteArray(R"([{"shardName":"s","numConnectedClients":2}])"));
}

void tst_EngineAway::sessionsOutliveAnEmptyEngine()
{
    patient(600);
    ExtendedPeer ann;
    QVERIFY(ann.join(url(0), Room));
    const QString id = ann.clientId();
    ann.cut();
    m_redis->stop();
    QVERIFY(m_redis->start());
    QVERIFY(QTest::qWaitFor([&] { return ann.resume(url(0), Room); }, 20'000));
    QCOMPARE(ann.clientId(), id);
    if (isRecovered(ann)) { // its server has not heard yet that there is a new life
        QVERIFY(ann.waitForError(u"stream_reset"_s));
        QVERIFY(ann.waitForClose());
        QVERIFY(ann.resume(url(0), Room));
        QCOMPARE(ann.clientId(), id);
    }
    // It is known everywhere again.
    ann.cut();
    QVERIFY(ann.resume(url(1), Room));
    QVERIFY(isRecovered(ann));
    QCOMPARE(ann.clientId(), id);
}

void tst_EngineAway::cutSubscriptionsLoseNothing()
{
    patient(600);
    ExtendedPeer ann;
    QVERIFY(ann.join(url(0), Room));
    ExtendedPeer bob;
    QVERIFY(bob.join(url(1), Room));
    const int rounds = 10;
    for (int i = 1; i <= rounds; ++i) {
        m_redis->ask({"CLIENT", "KILL", "TYPE", "pubsub"});
        for (int j = 0; j < 10; ++j)
            ann.emitNumbered(u"n"_s, 10 * i + j);
        QVERIFY(bob.waitFor(u"n"_s, 10 * i));
    }
    QVERIFY(ann.waitFor(u"n"_s, 10 * rounds));
    QCOMPARE(numbers(ann, u"n"_s), numbers(bob, u"n"_s));
    QCOMPARE(ann.gaps() + bob.gaps(), 0);
    QCOMPARE(ann.count(Error) + bob.count(Error), 0);
}

void tst_EngineAway::presenceFreezes()
{
    patient(600);
    ExtendedPeer ann;
    QVERIFY(ann.join(url(0), Room));
    ExtendedPeer bob;
    QVERIFY(bob.join(url(1), Room));
    QTRY_COMPARE(ann.clients().size(), 2);
    m_redis->pause();
    bob.emitNumbered(u"n"_s, 1);
    QVERIFY(bob.waitForError(u"engine_unavailable"_s));
    QCOMPARE(ann.clients().size(), 2);
    m_redis->goOn();
    bob.emitNumbered(u"n"_s, 2);
    QVERIFY(ann.waitFor(u"n"_s));
    QCOMPARE(ann.clients().size(), 2);
    bob.close();
    QTRY_COMPARE(ann.clients().size(), 1);
}

void tst_EngineAway::pausedServerIsGivenUpAndComesBack()
{
    // Its leases lapse while the engine does not hear of it, but of the other one.
    serve([](DispatchServerSettings &settings) { settings.engineLease = 1'000; });
    ExtendedPeer ann;
    QVERIFY(ann.join(url(0), Room));
    Peer bob;
    QVERIFY(bob.join(url(1), Room));
    QTRY_COMPARE(ann.clients().size(), 2);
    m_redis->pause();
    QTest::qWait(1'500); // longer than a lease: only time can end it
    m_redis->goOn();
    bob.emitEvent(u"n"_s, 1);
    QTRY_VERIFY_WITH_TIMEOUT(bob.count(Error) + ann.count(u"n"_s) > 0, 10'000);
    QTRY_VERIFY_WITH_TIMEOUT(([&] {
                                 bob.emitEvent(u"n"_s, 2);
                                 return QTest::qWaitFor([&] { return ann.count(u"n"_s) > 0; }, 500);
                             })(),
                             20'000);
    QTRY_COMPARE(ann.clients().size(), 2);
    QTRY_COMPARE(info(0), QByteArray(R"([{"shardName":"s","numConnectedClients":2}])"));
}

QTEST_GUILESS_MAIN(tst_EngineAway)
#include "tst_engineaway.moc"

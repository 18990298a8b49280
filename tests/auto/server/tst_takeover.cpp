// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "clustertest.h"

#include <QtCore/qjsonarray.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

/// Clients that go on with another server, and what happens while the engine is away.
class tst_Takeover : public ClusterTest {
    Q_OBJECT

private Q_SLOTS:
    void sessionGoesOnWithAnotherServer();
    void sessionGoesOnAfterItsServerHasClosed();
    void sessionGoesOnAfterItsServerHasDrained();
    void sessionGoesOnWhereItWas();
    void sessionGoesBackAndForth();
    void nobodySeesAMove();
    void userAndInfoMoveAlong();
    void missedRecipientsArriveOnce();
    void orderOutlivesAMoveOfTheSender();
    void emitsAreNeverDoneTwice();
    void numbersGoOnAfterARefusal();
    void seatIsTheSame();
    void unknownSessionsBeginAnew();
    void otherUsersMayNotResume();
    void sessionThatCantGoOnLeavesNoGhost();
    void whoSaysGoodbyeDuringADrainIsGone();

private:
    /// Loses the connection of \a peer to the first server, and waits until that knows.
    bool cut(ExtendedPeer &peer);
};

bool tst_Takeover::cut(ExtendedPeer &peer)
{
    peer.cut();
    return peer.waitForClose();
}

void tst_Takeover::sessionGoesOnWithAnotherServer()
{
    ExtendedPeer ann;
    QVERIFY(ann.join(url(0), Room));
    const QString id = ann.clientId();
    ExtendedPeer bob;
    QVERIFY(bob.join(url(0), Room));
    bob.emitNumbered(u"n"_s, 1);
    QVERIFY(ann.waitFor(u"n"_s));
    QVERIFY(cut(ann));
    for (int i = 2; i <= 10; ++i)
        bob.emitNumbered(u"n"_s, i);
    QVERIFY(bob.waitFor(u"n"_s, 10));
    QVERIFY(ann.resume(url(1), Room));
    QVERIFY(isRecovered(ann));
    QCOMPARE(ann.clientId(), id);
    QCOMPARE(ann.greeting()["replay"_L1].toInt(), 9);
    QVERIFY(ann.waitFor(u"n"_s, 10));
    bob.emitNumbered(u"n"_s, 11);
    QVERIFY(ann.waitFor(u"n"_s, 11));
    QCOMPARE(numbers(ann, u"n"_s), numbers(bob, u"n"_s));
    QCOMPARE(ann.gaps(), 0);
}

void tst_Takeover::sessionGoesOnAfterItsServerHasClosed()
{
    ExtendedPeer ann;
    QVERIFY(ann.join(url(0), Room));
    const QString id = ann.clientId();
    ann.emitNumbered(u"n"_s, 1, {{u"ack"_s, true}});
    QVERIFY(ann.waitForAck(1));
    QVERIFY(ann.waitFor(u"n"_s));
    server(0).close();
    QVERIFY(ann.waitForClose());
    QVERIFY(ann.resume(url(1), Room));
    QVERIFY(isRecovered(ann));
    QCOMPARE(ann.clientId(), id);
    QCOMPARE(ann.greeting()["lastEmit"_L1].toInt(), 1);
    QCOMPARE(ann.clients().size(), 1);
    ann.emitNumbered(u"n"_s, 2);
    QVERIFY(ann.waitFor(u"n"_s, 2));
}

void tst_Takeover::sessionGoesOnAfterItsServerHasDrained()
{
    ExtendedPeer ann;
    QVERIFY(ann.join(url(0), Room));
    Peer base;
    QVERIFY(base.join(url(0), Room));
    const QString id = ann.clientId();
    QSignalSpy drained(&server(0), &DispatchServer::drained);
    DispatchServerSettings settings = server(0).settings();
    settings.drainTime = 0;
    server(0).setSettings(settings);
    server(0).drain();
    QVERIFY(ann.waitForClose());
    QVERIFY(ann.resume(url(1), Room));
    QVERIFY(isRecovered(ann));
    QCOMPARE(ann.clientId(), id);
    QTRY_VERIFY(!drained.isEmpty());
    // The seat of the other one was given back.
    QTRY_COMPARE(ann.clients().size(), 1);
    QTRY_COMPARE(info(1), QByteArray(R"([{"shardName":"s","numConnectedClients":1}])"));
}

void tst_Takeover::sessionGoesOnWhereItWas()
{
    ExtendedPeer ann;
    QVERIFY(ann.join(url(0), Room));
    const QString id = ann.clientId();
    for (int i = 0; i < 3; ++i) {
        QVERIFY(cut(ann));
        QVERIFY(ann.resume(url(0), Room));
        QVERIFY(isRecovered(ann));
        QCOMPARE(ann.clientId(), id);
    }
    ann.emitNumbered(u"n"_s, 1);
    QVERIFY(ann.waitFor(u"n"_s));
}

void tst_Takeover::sessionGoesBackAndForth()
{
    ExtendedPeer ann;
    QVERIFY(ann.join(url(0), Room));
    ExtendedPeer bob;
    QVERIFY(bob.join(url(1), Room));
    const QString id = ann.clientId();
    for (int i = 1; i <= 8; ++i) {
        bob.emitNumbered(u"n"_s, i);
        ann.emitNumbered(u"m"_s, i);
        ann.cut();
        QVERIFY(ann.resume(url(std::size_t(i) % 2), Room));
        QVERIFY2(isRecovered(ann), qPrintable(QString::number(i)));
        QCOMPARE(ann.clientId(), id);
    }
    QVERIFY(ann.waitFor(u"n"_s, 8));
    QVERIFY(bob.waitFor(u"m"_s, 8));
    QCOMPARE(numbers(ann, u"n"_s), (QList<int>{1, 2, 3, 4, 5, 6, 7, 8}));
    QCOMPARE(numbers(bob, u"m"_s), (QList<int>{1, 2, 3, 4, 5, 6, 7, 8}));
    QCOMPARE(ann.gaps() + bob.gaps(), 0);
    QCOMPARE(bob.clients().size(), 2);
}

void tst_Takeover::nobodySeesAMove()
{
    ExtendedPeer ann;
    QVERIFY(ann.join(url(0), Room));
    ExtendedPeer here;
    QVERIFY(here.join(url(0), Room));
    ExtendedPeer there;
    QVERIFY(there.join(url(1), Room));
    QTRY_COMPARE(ann.clients().size(), 3);
    QTRY_COMPARE(here.clients().size(), 3);
    QTRY_COMPARE(there.clients().size(), 3);
    here.forget();
    there.forget();
    QVERIFY(cut(ann));
    QVERIFY(ann.resume(url(1), Room));
    // What is to be seen of the move comes before what follows it.
    ann.emitEvent(SetUserInfo, QJsonObject{{u"name"_s, u"Ann"_s}});
    QTRY_COMPARE(here.clients()[ann.clientId()]["name"_L1].toString(), u"Ann"_s);
    QTRY_COMPARE(there.clients()[ann.clientId()]["name"_L1].toString(), u"Ann"_s);
    for (const ExtendedPeer *peer : {&here, &there}) {
        for (const QJsonObject &message : peer->messages(PresenceChanged)) {
            const QJsonObject payload = message["payload"_L1].toObject();
            QVERIFY(!payload.contains("left"_L1));
            QVERIFY(!payload["joined"_L1].toObject().contains(ann.clientId()));
        }
    }
    // Nor that the first server closes, which had the client before.
    here.forget();
    there.forget();
    here.cut();
    server(0).close();
    QVERIFY(here.resume(url(1), Room));
    QCOMPARE(here.clients().size(), 3);
    QCOMPARE(there.count(PresenceChanged), 0);
}

void tst_Takeover::userAndInfoMoveAlong()
{
    ExtendedPeer ann;
    QVERIFY(ann.join(url(0), Room));
    ann.emitEvent(Identify, QJsonObject{{u"token"_s, u"p/ann"_s}});
    ann.emitEvent(SetUserInfo, QJsonObject{{u"name"_s, u"Ann"_s}});
    QTRY_COMPARE(ann.clients()[ann.clientId()]["name"_L1].toString(), u"Ann"_s);
    QVERIFY(cut(ann));
    QVERIFY(ann.resume(url(1), Room));
    QCOMPARE(ann.greeting()["userId"_L1].toString(), u"ann"_s);
    QCOMPARE(ann.clients()[ann.clientId()]["name"_L1].toString(), u"Ann"_s);
    ExtendedPeer bob;
    QVERIFY(bob.join(url(0), u"projectId=p"_s));
    bob.emitNumbered(u"n"_s, 1, {{u"recipients"_s, QJsonArray{u"ann"_s}}});
    QVERIFY(ann.waitFor(u"n"_s));
}

void tst_Takeover::missedRecipientsArriveOnce()
{
    ExtendedPeer ann;
    QVERIFY(ann.join(url(0), Room));
    ExtendedPeer bob;
    QVERIFY(bob.join(url(1), Room));
    const QJsonObject toAnn{{u"recipients"_s, QJsonArray{ann.clientId()}}};
    bob.emitNumbered(u"d"_s, 1, toAnn);
    QVERIFY(ann.waitFor(u"d"_s));
    QVERIFY(cut(ann));
    bob.emitNumbered(u"d"_s, 2, toAnn);
    bob.emitNumbered(u"n"_s, 1);
    bob.emitNumbered(u"d"_s, 3, toAnn);
    bob.emitNumbered(u"d"_s, 0, {{u"recipients"_s, QJsonArray{bob.clientId()}}, {u"ack"_s, true}});
    QVERIFY(bob.waitForAck(5));
    QVERIFY(ann.resume(url(1), Room));
    QVERIFY(isRecovered(ann));
    QCOMPARE(ann.greeting()["replay"_L1].toInt(), 3);
    bob.emitNumbered(u"d"_s, 4, toAnn);
    QVERIFY(ann.waitFor(u"d"_s, 4));
    QCOMPARE(numbers(ann, u"d"_s), (QList<int>{1, 2, 3, 4}));
    QCOMPARE(ann.count(u"n"_s), 1);
    QVERIFY(cut(ann));
    bob.emitNumbered(u"d"_s, 5, toAnn);
    QVERIFY(ann.resume(url(0), Room));
    QVERIFY(isRecovered(ann));
    QVERIFY(ann.waitFor(u"d"_s, 5));
    QCOMPARE(numbers(ann, u"d"_s), (QList<int>{1, 2, 3, 4, 5}));
}

void tst_Takeover::orderOutlivesAMoveOfTheSender()
{
    ExtendedPeer ann;
    QVERIFY(ann.join(url(0), Room));
    ExtendedPeer bob;
    QVERIFY(bob.join(url(0), Room));
    QVERIFY(cut(ann));
    bob.emitNumbered(u"n"_s, 1, {{u"ack"_s, true}});
    QVERIFY(bob.waitForAck(1));
    QVERIFY(cut(bob));
    QVERIFY(bob.resume(url(1), Room));
    QVERIFY(isRecovered(bob));
    bob.emitNumbered(u"n"_s, 2, {{u"recipients"_s, QJsonArray{ann.clientId()}}, {u"ack"_s, true}});
    QVERIFY(bob.waitForAck(2));
    QVERIFY(ann.resume(url(1), Room));
    QVERIFY(isRecovered(ann));
    QVERIFY(ann.waitFor(u"n"_s, 2));
    QCOMPARE(numbers(ann, u"n"_s), (QList<int>{1, 2}));
}

void tst_Takeover::emitsAreNeverDoneTwice()
{
    ExtendedPeer ann;
    QVERIFY(ann.join(url(0), Room));
    ExtendedPeer bob;
    QVERIFY(bob.join(url(1), Room));
    constexpr int Emits = 60;
    for (int i = 1; i <= Emits; ++i) {
        ann.emitNumbered(u"n"_s, i);
        if (i % 10 == 0) {
            // Before anything is acknowledged: the peer sends what it does not know of again.
            ann.cut();
            QVERIFY(ann.resume(url(std::size_t(i / 10) % 2), Room));
            QVERIFY(isRecovered(ann));
        }
    }
    ann.emitNumbered(u"end"_s, 0);
    QVERIFY(bob.waitFor(u"end"_s));
    QList<int> expected;
    for (int i = 1; i <= Emits; ++i)
        expected << i;
    QCOMPARE(numbers(bob, u"n"_s), expected);
    QVERIFY(ann.waitFor(u"end"_s));
    QCOMPARE(numbers(ann, u"n"_s), expected);
}

void tst_Takeover::numbersGoOnAfterARefusal()
{
    ExtendedPeer ann;
    QVERIFY(ann.join(url(0), Room));
    ann.emitNumbered(u"n"_s, 1);
    ann.emitNumbered(u"@@reserved"_s, 2);
    QVERIFY(ann.waitForError(u"reserved_event"_s));
    QVERIFY(cut(ann));
    QVERIFY(ann.resume(url(1), Room));
    QVERIFY(isRecovered(ann));
    ann.emitNumbered(u"n"_s, 3, {{u"ack"_s, true}});
    QVERIFY(ann.waitForAck(3));
    QVERIFY(ann.waitFor(u"n"_s, 2));
    QCOMPARE(numbers(ann, u"n"_s), (QList<int>{1, 3}));
}

void tst_Takeover::seatIsTheSame()
{
    const QString wish = Room + u"&maxConnectionsPerShard=1"_s;
    ExtendedPeer ann;
    QVERIFY(ann.join(url(0), wish));
    QVERIFY(cut(ann));
    QVERIFY(ann.resume(url(1), wish));
    QVERIFY(isRecovered(ann));
    const QByteArray one(R"([{"shardName":"s","numConnectedClients":1}])");
    QCOMPARE(info(0), one);
    QCOMPARE(info(1), one);
    ann.close();
    QVERIFY(ann.waitForClose());
    QTRY_COMPARE(info(0), QByteArray("[]"));
}

void tst_Takeover::unknownSessionsBeginAnew()
{
    ExtendedPeer ann;
    QVERIFY(ann.join(url(0), Room));
    const QString id = ann.clientId();
    const QString name = ann.resumeName();
    ann.close();
    QVERIFY(ann.waitForClose());
    QTRY_COMPARE(info(1), QByteArray("[]"));
    ann.open(url(1), Room, {name});
    QVERIFY(ann.waitForGreeting());
    QVERIFY(!isRecovered(ann));
    QVERIFY(ann.clientId() != id);
}

void tst_Takeover::otherUsersMayNotResume()
{
    ExtendedPeer ann;
    QVERIFY(ann.join(url(0), Room + u"&authorization=p/ann"_s));
    const QString id = ann.clientId();
    QCOMPARE(ann.greeting()["userId"_L1].toString(), u"ann"_s);
    QVERIFY(cut(ann));
    QVERIFY(ann.resume(url(1), Room + u"&authorization=p/eve"_s));
    QVERIFY(!isRecovered(ann));
    QVERIFY(ann.clientId() != id);
    QCOMPARE(ann.greeting()["userId"_L1].toString(), u"eve"_s);
}

void tst_Takeover::sessionThatCantGoOnLeavesNoGhost()
{
    ExtendedPeer ann;
    QVERIFY(ann.join(url(0), Room + u"&authorization=p/ann"_s));
    ExtendedPeer bob;
    QVERIFY(bob.join(url(0), Room));
    QTRY_COMPARE(bob.clients().size(), 2);
    const QString id = ann.clientId();
    QVERIFY(cut(ann));
    // The other server has nobody in the shard, and is not asked to have the new one there either.
    QVERIFY(ann.resume(url(1), u"projectId=p&shardName=other&authorization=p/eve"_s));
    QTRY_VERIFY(!bob.clients().contains(id));
    QTRY_COMPARE(info(1),
                 QByteArray(R"([{"shardName":"other","numConnectedClients":1},)"
                            R"({"shardName":"s","numConnectedClients":1}])"));
    Peer late;
    QVERIFY(late.join(url(1), Room));
    QVERIFY(late.waitForClients(2));
    QVERIFY(late.clients().contains(bob.clientId()));
}

void tst_Takeover::whoSaysGoodbyeDuringADrainIsGone()
{
    ExtendedPeer ann;
    QVERIFY(ann.join(url(0), Room));
    ExtendedPeer bob;
    QVERIFY(bob.join(url(1), Room));
    QTRY_COMPARE(bob.clients().size(), 2);
    server(0).drain();
    ann.close();
    QTRY_COMPARE(bob.clients().size(), 1);
}

QTEST_GUILESS_MAIN(tst_Takeover)
#include "tst_takeover.moc"

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "clustertest.h"

#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qset.h>
#include <QtTest/qtest.h>

#include <algorithm>
#include <numeric>

using namespace Qt::StringLiterals;

/// What several servers do together when nothing goes wrong.
class tst_Cluster : public ClusterTest {
    Q_OBJECT

private Q_SLOTS:
    void peopleOfAllServersSeeEachOther();
    void userInfoGoesEverywhere();
    void whoLeavesLeavesEverywhere();
    void eventsGoEverywhereInOneOrder();
    void whatGoesToSomeComesInItsPlace();
    void baseClientsGetEventsOnce();
    void emitsAreAcknowledgedWithTheirNumber();
    void acknowledgedIsWhatWasDelivered();
    void recipientsAreFoundOnEachServer();
    void backEndsReachEachServer();
    void infoCountsAllServers();
    void shardsFillUpOverAllServers();
    void namedShardsAreFullForAllServers();
    void seatsAreGivenBack();
    void newcomersGetHistoryOfOtherServers();
    void manyJoinsAtOnceFillShardsExactly();
    void theSharedStateIsTheSameEverywhere();
    void theFirstOfAServerGetsTheStateOfTheOthers();
    void changesAreJudgedInOneOrder();
    void keysOfWhoLeftGoOnce();
    void keysEndOnceWithTheirTime();
    void aStateOutlivesItsServer();
};

void tst_Cluster::peopleOfAllServersSeeEachOther()
{
    ExtendedPeer ann;
    QVERIFY(ann.join(url(0), Room));
    Peer bob;
    QVERIFY(bob.join(url(1), Room));
    QVERIFY(bob.waitForClients(2));
    QVERIFY(bob.clients().contains(ann.clientId()));
    QTRY_VERIFY(ann.clients().contains(bob.clientId()));
    ExtendedPeer eve;
    QVERIFY(eve.join(url(1), Room));
    QCOMPARE(eve.clients().size(), 3);
    QTRY_COMPARE(ann.clients().size(), 3);
    QVERIFY(bob.waitForClients(3));
}

void tst_Cluster::userInfoGoesEverywhere()
{
    ExtendedPeer ann;
    QVERIFY(ann.join(url(0), Room));
    ExtendedPeer bob;
    QVERIFY(bob.join(url(1), Room));
    ann.emitEvent(SetUserInfo, QJsonObject{{u"name"_s, u"Ann"_s}});
    QTRY_COMPARE(bob.clients()[ann.clientId()]["name"_L1].toString(), u"Ann"_s);
    ann.emitEvent(Identify, QJsonObject{{u"token"_s, u"p/ann"_s}});
    Peer late;
    QVERIFY(late.join(url(1), Room));
    QVERIFY(late.waitForClients(3));
    QCOMPARE(late.clients()[ann.clientId()]["name"_L1].toString(), u"Ann"_s);
}

void tst_Cluster::whoLeavesLeavesEverywhere()
{
    ExtendedPeer ann;
    QVERIFY(ann.join(url(0), Room));
    Peer bob;
    QVERIFY(bob.join(url(1), Room));
    QTRY_COMPARE(ann.clients().size(), 2);
    bob.close();
    QTRY_COMPARE(ann.clients().size(), 1);
    ExtendedPeer eve;
    QVERIFY(eve.join(url(1), Room));
    QTRY_COMPARE(ann.clients().size(), 2);
    ann.close();
    QTRY_COMPARE(eve.clients().size(), 1);
}

void tst_Cluster::eventsGoEverywhereInOneOrder()
{
    constexpr int Each = 200;
    ExtendedPeer ann;
    QVERIFY(ann.join(url(0), Room));
    ExtendedPeer bob;
    QVERIFY(bob.join(url(1), Room));
    for (int i = 0; i < Each; ++i) {
        ann.emitNumbered(u"n"_s, i);
        bob.emitNumbered(u"n"_s, 1'000 + i);
    }
    QVERIFY(ann.waitFor(u"n"_s, 2 * Each));
    QVERIFY(bob.waitFor(u"n"_s, 2 * Each));
    QCOMPARE(numbers(ann, u"n"_s), numbers(bob, u"n"_s));
    QCOMPARE(ann.gaps() + bob.gaps(), 0);
    QCOMPARE(ann.seq(), bob.seq());
    QList<int> ofAnn = numbers(ann, u"n"_s);
    ofAnn.removeIf([](int n) { return n >= 1'000; });
    QVERIFY(std::ranges::is_sorted(ofAnn));
    QCOMPARE(ofAnn.size(), Each);
}

void tst_Cluster::whatGoesToSomeComesInItsPlace()
{
    constexpr int Events = 400;
    ExtendedPeer ann;
    QVERIFY(ann.join(url(0), Room));
    ExtendedPeer bob;
    QVERIFY(bob.join(url(1), Room));
    for (int i = 0; i < Events; ++i) {
        const QJsonObject toBob{{u"recipients"_s, QJsonArray{bob.clientId()}}};
        ann.emitNumbered(u"n"_s, i, i % 2 == 0 ? toBob : QJsonObject());
    }
    QVERIFY(bob.waitFor(u"n"_s, Events));
    QList<int> expected(Events);
    std::iota(expected.begin(), expected.end(), 0);
    QCOMPARE(numbers(bob, u"n"_s), expected);
}

void tst_Cluster::baseClientsGetEventsOnce()
{
    Peer ann;
    QVERIFY(ann.join(url(0), Room));
    Peer bob;
    QVERIFY(bob.join(url(1), Room));
    for (int i = 0; i < 50; ++i)
        ann.emitEvent(u"n"_s, i);
    ann.emitEvent(u"end"_s);
    QVERIFY(bob.waitFor(u"end"_s));
    QVERIFY(ann.waitFor(u"end"_s));
    QCOMPARE(bob.count(u"n"_s), 50);
    QCOMPARE(ann.count(u"n"_s), 50);
    QCOMPARE(bob.messages(u"n"_s).last().payload.toInt(), 49);
}

void tst_Cluster::emitsAreAcknowledgedWithTheirNumber()
{
    ExtendedPeer ann;
    QVERIFY(ann.join(url(0), Room));
    ann.emitNumbered(u"n"_s, 1, {{u"ack"_s, true}});
    QVERIFY(ann.waitForAck(1));
    QCOMPARE(ann.ack()["seq"_L1].toInteger(), ann.greeting()["seq"_L1].toInteger() + 1);
    ann.emitNumbered(u"n"_s, 2);
    ann.emitNumbered(u"@@reserved"_s, 3);
    ann.emitNumbered(u"n"_s, 4, {{u"ack"_s, true}});
    QVERIFY(ann.waitForAck(4));
    QCOMPARE(ann.messages(Error).size(), 1);
    QCOMPARE(ann.messages(Error).first()["payload"_L1]["emit"_L1].toInt(), 3);
}

void tst_Cluster::acknowledgedIsWhatWasDelivered()
{
    constexpr int Events = 200;
    ExtendedPeer ann;
    QVERIFY(ann.join(url(0), Room));
    int tooEarly = 0;
    connect(&ann, &ExtendedPeer::received, this, [&](const QJsonObject &message) {
        if (message["eventName"_L1].toString() == Ack)
            tooEarly += message["payload"_L1]["seq"_L1].toInteger() > ann.seq() ? 1 : 0;
    });
    for (int i = 1; i <= Events; ++i) {
        ann.emitNumbered(u"n"_s, i, {{u"ack"_s, true}});
        QVERIFY(ann.waitForAck(i));
    }
    QCOMPARE(tooEarly, 0);
}

void tst_Cluster::recipientsAreFoundOnEachServer()
{
    ExtendedPeer ann;
    QVERIFY(ann.join(url(0), Room));
    ExtendedPeer bob;
    QVERIFY(bob.join(url(1), u"projectId=p&shardName=other"_s));
    Peer eve;
    QVERIFY(eve.join(url(1), Room));
    ann.emitNumbered(u"secret"_s, 1, {{u"recipients"_s, QJsonArray{bob.clientId()}}});
    ann.emitNumbered(u"public"_s, 2);
    QVERIFY(bob.waitFor(u"secret"_s));
    QCOMPARE(bob.messages(u"secret"_s).first()["from"_L1].toString(), ann.clientId());
    QVERIFY(eve.waitFor(u"public"_s));
    QCOMPARE(eve.count(u"secret"_s), 0);
    eve.emitEvent(u"back"_s, 3, QJsonArray{ann.clientId()});
    QVERIFY(ann.waitFor(u"back"_s));
    QCOMPARE(bob.count(u"back"_s), 0);
}

void tst_Cluster::backEndsReachEachServer()
{
    ExtendedPeer ann;
    QVERIFY(ann.join(url(0), Room));
    ExtendedPeer bob;
    QVERIFY(bob.join(url(1), u"projectId=p&shardName=other"_s));
    const auto publish = [this](const QByteArray &body) {
        return ask(0, "POST", u"events"_s, body).status;
    };
    QCOMPARE(publish(R"({"eventName":"all","payload":1})"), 202);
    QVERIFY(ann.waitFor(u"all"_s));
    QVERIFY(bob.waitFor(u"all"_s));
    QCOMPARE(publish(R"({"eventName":"one","payload":1,"shards":["other"]})"), 202);
    QVERIFY(bob.waitFor(u"one"_s));
    QCOMPARE(publish(R"({"eventName":"client","payload":1,"clients":[")" + bob.clientId().toUtf8()
                     + R"("]})"),
             202);
    QVERIFY(bob.waitFor(u"client"_s));
    QCOMPARE(ann.count(u"one"_s) + ann.count(u"client"_s), 0);
    QCOMPARE(bob.gaps() + ann.gaps(), 0);
}

void tst_Cluster::infoCountsAllServers()
{
    Peer ann;
    QVERIFY(ann.join(url(0), Room));
    Peer bob;
    QVERIFY(bob.join(url(1), Room));
    Peer eve;
    QVERIFY(eve.join(url(1), u"projectId=p&shardName=t"_s));
    const QByteArray expected = R"([{"shardName":"s","numConnectedClients":2},)"
                                R"({"shardName":"t","numConnectedClients":1}])";
    QCOMPARE(info(0), expected);
    QCOMPARE(info(1), expected);
}

void tst_Cluster::shardsFillUpOverAllServers()
{
    const QString wish = u"projectId=p&maxConnectionsPerShard=2"_s;
    Peer peers[5];
    QMap<QString, int> clients;
    for (std::size_t i = 0; i < std::size(peers); ++i) {
        QVERIFY(peers[i].join(url(i % 2), wish));
        ++clients[peers[i].shardName()];
    }
    QCOMPARE(clients.size(), 3);
    QCOMPARE(peers[0].shardName(), peers[1].shardName());
    QCOMPARE(peers[2].shardName(), peers[3].shardName());
}

void tst_Cluster::namedShardsAreFullForAllServers()
{
    const QString wish = Room + u"&maxConnectionsPerShard=1"_s;
    Peer ann;
    QVERIFY(ann.join(url(0), wish));
    Peer bob;
    bob.open(url(1), wish);
    QVERIFY(bob.waitForClose());
    QVERIFY(bob.socket().errorString().contains(u"409"_s)
            || bob.socket().errorString().contains(u"shard_full"_s));
}

void tst_Cluster::seatsAreGivenBack()
{
    const QString wish = Room + u"&maxConnectionsPerShard=1"_s;
    {
        Peer ann;
        QVERIFY(ann.join(url(0), wish));
        ann.close();
        QVERIFY(ann.waitForClose());
    }
    QTRY_COMPARE(info(1), QByteArray("[]"));
    Peer bob;
    QVERIFY(bob.join(url(1), wish));
}

void tst_Cluster::newcomersGetHistoryOfOtherServers()
{
    QVERIFY(addServer([](DispatchServerSettings &settings) { settings.maxHistory = 10; }));
    ExtendedPeer ann;
    QVERIFY(ann.join(url(0), Room));
    for (int i = 1; i <= 5; ++i)
        ann.emitNumbered(u"n"_s, i);
    QVERIFY(ann.waitFor(u"n"_s, 5));
    ExtendedPeer bob;
    QVERIFY(bob.join(url(2), Room + u"&history=3"_s));
    QCOMPARE(bob.greeting()["replay"_L1].toInt(), 3);
    QVERIFY(bob.waitFor(u"n"_s, 3));
    QCOMPARE(numbers(bob, u"n"_s), (QList<int>{3, 4, 5}));
}

void tst_Cluster::manyJoinsAtOnceFillShardsExactly()
{
    constexpr int Joins = 300;
    constexpr int Limit = 20;
    QVERIFY(addServer());
    std::vector<std::unique_ptr<Peer>> peers;
    for (int i = 0; i < Joins; ++i) {
        peers.push_back(std::make_unique<Peer>());
        peers.back()->open(url(std::size_t(i) % 3),
                           u"projectId=p&maxConnectionsPerShard=%1"_s.arg(Limit));
    }
    const auto isIn = [](const auto &peer) { return !peer->clientId().isEmpty(); };
    QTRY_VERIFY_WITH_TIMEOUT(std::ranges::all_of(peers, isIn), 30'000);
    QMap<QString, int> clients;
    for (const auto &peer : peers)
        ++clients[peer->shardName()];
    QCOMPARE(clients.size(), Joins / Limit);
    for (const int count : std::as_const(clients))
        QCOMPARE(count, Limit);
}

void tst_Cluster::theSharedStateIsTheSameEverywhere()
{
    constexpr int Each = 100;
    ExtendedPeer ann;
    QVERIFY(ann.join(url(0), Room));
    ExtendedPeer bob;
    QVERIFY(bob.join(url(1), Room));
    Peer base;
    QVERIFY(base.join(url(1), Room));
    for (int i = 0; i < Each; ++i) {
        ann.emitNumbered(SetState, QJsonObject{{u"key"_s, u"a"_s}, {u"value"_s, i}});
        bob.emitNumbered(SetState, QJsonObject{{u"key"_s, u"a"_s}, {u"value"_s, -i}});
    }
    QVERIFY(ann.waitFor(StateChanged, 2 * Each));
    QVERIFY(bob.waitFor(StateChanged, 2 * Each));
    QCOMPARE(ann.state(), bob.state());
    QCOMPARE(ann.gaps() + bob.gaps(), 0);
    QVERIFY(ann.changeState({{u"key"_s, u"a"_s}}));
    ann.emitNumbered(u"end"_s);
    QVERIFY(base.waitFor(u"end"_s));
    QCOMPARE(base.count(StateChanged), 0);
    QCOMPARE(ann.count(Error) + bob.count(Error), 0);
}

void tst_Cluster::theFirstOfAServerGetsTheStateOfTheOthers()
{
    ExtendedPeer ann;
    QVERIFY(ann.join(url(0), Room));
    QVERIFY(ann.changeState({{u"key"_s, u"a"_s}, {u"value"_s, 1}, {u"owned"_s, true}}));
    QVERIFY(ann.changeState({{u"key"_s, u"b"_s}, {u"value"_s, 2}}));
    ExtendedPeer bob;
    QVERIFY(bob.join(url(1), Room));
    QCOMPARE(bob.state(), (QJsonObject{{u"a"_s, 1}, {u"b"_s, 2}}));
    const QJsonValue first = bob.greeting()["state"_L1]["entries"_L1][0];
    QCOMPARE(first["from"_L1], QJsonValue(ann.clientId()));
    QCOMPARE(first["seq"_L1], QJsonValue(1));
    QCOMPARE(first["owned"_L1], QJsonValue(true));
    QVERIFY(bob.changeState({{u"key"_s, u"b"_s}, {u"value"_s, 3}}));
    QTRY_COMPARE(ann.state(), (QJsonObject{{u"a"_s, 1}, {u"b"_s, 3}}));
}

void tst_Cluster::changesAreJudgedInOneOrder()
{
    ExtendedPeer ann;
    QVERIFY(ann.join(url(0), Room));
    ExtendedPeer bob;
    QVERIFY(bob.join(url(1), Room));
    for (ExtendedPeer *peer : {&ann, &bob})
        peer->emitNumbered(SetState,
                           QJsonObject{{u"key"_s, u"a"_s}, {u"value"_s, 1}, {u"ifSeq"_s, 0}});
    QTRY_COMPARE(ann.count(Error) + bob.count(Error), 1);
    ExtendedPeer &late = ann.count(Error) > 0 ? ann : bob;
    QVERIFY(late.waitForError(u"state_changed"_s));
    QCOMPARE(late.messages(Error).last()["payload"_L1]["emit"_L1], QJsonValue(1));
    // What it says next is not held up.
    QVERIFY(late.changeState({{u"key"_s, u"a"_s}, {u"value"_s, 2}}));
    QTRY_COMPARE(ann.state(), (QJsonObject{{u"a"_s, 2}}));
    QTRY_COMPARE(bob.state(), (QJsonObject{{u"a"_s, 2}}));
}

void tst_Cluster::keysOfWhoLeftGoOnce()
{
    ExtendedPeer ann;
    QVERIFY(ann.join(url(0), Room));
    ExtendedPeer bob;
    QVERIFY(bob.join(url(1), Room));
    ExtendedPeer eve;
    QVERIFY(eve.join(url(0), Room));
    QVERIFY(ann.changeState({{u"key"_s, u"a"_s}, {u"value"_s, 1}, {u"owned"_s, true}}));
    bob.emitNumbered(SetState, QJsonObject{{u"key"_s, u"a"_s}, {u"value"_s, 2}});
    QVERIFY(bob.waitForError(u"state_owned"_s));
    ann.close();
    for (const ExtendedPeer *peer : {&bob, &eve})
        QTRY_COMPARE(peer->state(), QJsonObject());
    QVERIFY(bob.changeState({{u"key"_s, u"a"_s}, {u"value"_s, 3}}));
    QCOMPARE(bob.count(StateChanged), 3);
    QCOMPARE(bob.gaps(), 0);
}

void tst_Cluster::keysEndOnceWithTheirTime()
{
    ExtendedPeer ann;
    QVERIFY(ann.join(url(0), Room));
    ExtendedPeer bob;
    QVERIFY(bob.join(url(1), Room));
    QVERIFY(ann.changeState({{u"key"_s, u"a"_s}, {u"value"_s, 1}, {u"ttlMs"_s, 50}}));
    QVERIFY(ann.waitFor(StateChanged, 2));
    QVERIFY(bob.waitFor(StateChanged, 2));
    QVERIFY(bob.changeState({{u"key"_s, u"a"_s}, {u"value"_s, 2}}));
    QCOMPARE(bob.count(StateChanged), 3);
    QTRY_COMPARE(ann.state(), (QJsonObject{{u"a"_s, 2}}));
}

void tst_Cluster::aStateOutlivesItsServer()
{
    ExtendedPeer ann;
    QVERIFY(ann.join(url(0), Room));
    ExtendedPeer bob;
    QVERIFY(bob.join(url(1), Room));
    QVERIFY(ann.changeState({{u"key"_s, u"a"_s}, {u"value"_s, 1}}));
    QVERIFY(bob.waitFor(StateChanged));
    // Whoever comes to the other server goes on with what there is.
    ann.cut();
    QVERIFY(ann.resume(url(1), Room));
    QVERIFY(isRecovered(ann));
    QVERIFY(ann.changeState({{u"key"_s, u"a"_s}, {u"value"_s, 2}, {u"ifSeq"_s, 1}}));
    QTRY_COMPARE(bob.state(), (QJsonObject{{u"a"_s, 2}}));
}

QTEST_GUILESS_MAIN(tst_Cluster)
#include "tst_cluster.moc"

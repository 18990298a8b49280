// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "peer.h"
#include "rawpeer.h"
#include "resumetest.h"

#include <QtCore/qjsonarray.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

/// What those get who were away, or were not there yet.
class tst_Replay : public ResumeTest {
    Q_OBJECT

private Q_SLOTS:
    void goesOnWithoutAGap();
    void nothingMissedIsNothingReplayed();
    void directEventsComeAtTheirPlace();
    void whatBackEndsPublishIsReplayed();
    void whatIsKeptIsBounded_data();
    void whatIsKeptIsBounded();
    void anotherEpochIsNotRecovered();
    void emitsAreDealtWithOnceAcrossALoss();
    void refusedEmitsAreTold();
    void historyIsGivenToNewcomers_data();
    void historyIsGivenToNewcomers();
    void historyIsGivenInSomeProjects_data();
    void historyIsGivenInSomeProjects();
    void statisticsCount();
};

namespace {

const QJsonObject WithAck{{u"ack"_s, true}};

QList<int> payloads(const ExtendedPeer &peer, const QString &eventName)
{
    QList<int> list;
    for (const QJsonObject &message : peer.messages(eventName))
        list.append(message["payload"_L1].toInt());
    return list;
}

} // namespace

void tst_Replay::goesOnWithoutAGap()
{
    ExtendedPeer ann;
    Peer ben;
    QVERIFY(ann.join(url(), Room));
    QVERIFY(ben.join(url(), Room));
    ann.emitEvent(SetUserInfo, QJsonObject{{u"name"_s, u"Ann"_s}});
    ben.emitEvent(u"e"_s, 1);
    QVERIFY(ann.waitFor(u"e"_s));
    const QJsonObject before = ann.greeting();
    QCOMPARE(before["windowMs"_L1].toInt(), 30'000);
    QVERIFY(!isRecovered(ann));
    ann.cut();
    for (int i = 2; i <= 5; ++i)
        ben.emitEvent(u"e"_s, i);
    QVERIFY(ben.waitFor(u"e"_s, 5));
    QVERIFY(ann.resume(url(), Room));
    ben.emitEvent(u"e"_s, 6);
    QVERIFY(ann.waitFor(u"e"_s, 6));
    QCOMPARE(payloads(ann, u"e"_s), (QList{1, 2, 3, 4, 5, 6}));
    QCOMPARE(ann.gaps(), 0);
    const QJsonObject after = ann.greeting();
    QVERIFY(after["recovered"_L1].toBool());
    QCOMPARE(after["replay"_L1].toInt(), 4);
    QCOMPARE(after["seq"_L1].toInt(), 1);
    for (const auto key : {"clientId"_L1, "shardName"_L1, "epoch"_L1})
        QCOMPARE(after[key], before[key]);
    QCOMPARE(after["session"_L1].toString().size(), 43);
    QVERIFY(after["session"_L1] != before["session"_L1]);
    QCOMPARE(ann.clients()[ann.clientId()]["name"_L1].toString(), u"Ann"_s);
}

void tst_Replay::nothingMissedIsNothingReplayed()
{
    ExtendedPeer ann;
    QVERIFY(ann.join(url(), Room));
    const QString clientId = ann.clientId();
    for (int i = 0; i < 20; ++i) {
        ann.cut();
        QVERIFY(ann.resume(url(), Room));
        QVERIFY(isRecovered(ann));
        QCOMPARE(ann.greeting()["replay"_L1].toInt(-1), 0);
        QCOMPARE(ann.clientId(), clientId);
    }
    QCOMPARE(m_server->statistics().connections, 1);
    QCOMPARE(m_server->statistics().joins, 1);
}

void tst_Replay::directEventsComeAtTheirPlace()
{
    ExtendedPeer ann;
    QVERIFY(ann.join(url(), u"projectId=p&shardName=s&authorization=p/ann"_s));
    Peer ben;
    Peer cem; // on another shard, which another worker may serve
    QVERIFY(ben.join(url(), Room));
    QVERIFY(cem.join(url(), u"projectId=p&shardName=t"_s));
    const QJsonArray toAnn{u"ann"_s};
    cem.emitEvent(u"d"_s, 0, toAnn);
    QVERIFY(ann.waitFor(u"d"_s));
    ann.cut();
    QTRY_COMPARE(m_server->statistics().sessionsAway, 1);
    ben.emitEvent(u"e"_s, 1);
    ben.emitEvent(u"d"_s, 2, toAnn);
    ben.emitEvent(u"d"_s, 3, toAnn);
    ben.emitEvent(u"e"_s, 4);
    ben.emitEvent(u"e"_s, 5);
    ben.emitEvent(u"d"_s, 6, toAnn);
    QVERIFY(ben.waitFor(u"e"_s, 3));
    cem.emitEvent(u"d"_s, 7, toAnn);
    cem.emitEvent(u"done"_s);
    QVERIFY(cem.waitFor(u"done"_s));
    ann.forget();
    QVERIFY(ann.resume(url(), Room));
    QVERIFY(isRecovered(ann));
    QVERIFY(ann.waitFor(u"d"_s, 4));
    QList<int> all;
    for (const QJsonObject &message : ann.all()) {
        if (!message["eventName"_L1].toString().startsWith(u'@'))
            all.append(message["payload"_L1].toInt());
    }
    QCOMPARE(all, (QList{1, 2, 3, 4, 5, 6, 7}));
    QCOMPARE(ann.greeting()["direct"_L1].toInt(), 1);
    QCOMPARE(ann.greeting()["replay"_L1].toInt(), 7);
    QCOMPARE(ann.direct(), 5);
}

void tst_Replay::whatBackEndsPublishIsReplayed()
{
    ExtendedPeer ann;
    Peer ben;
    Peer backend;
    QVERIFY(ann.join(url(), Room));
    QVERIFY(ben.join(url(), Room));
    QVERIFY(backend.join(url(), u"projectId=p&projectToken=p/backend"_s));
    ann.cut();
    backend.emitEvent(u"news"_s, 1);
    backend.emitEvent(u"news"_s, 2);
    QVERIFY(ben.waitFor(u"news"_s, 2));
    QVERIFY(ann.resume(url(), Room));
    QVERIFY(ann.waitFor(u"news"_s, 2));
    QCOMPARE(payloads(ann, u"news"_s), (QList{1, 2}));
    QCOMPARE(ann.gaps(), 0);
}

void tst_Replay::whatIsKeptIsBounded_data()
{
    QTest::addColumn<int>("maxEvents");
    QTest::addColumn<int>("maxBytes");
    QTest::addColumn<int>("missed");
    QTest::addColumn<bool>("recovered");
    QTest::newRow("all that there may be") << 5 << 1'000'000 << 5 << true;
    QTest::newRow("one too many") << 5 << 1'000'000 << 6 << false;
    QTest::newRow("too much") << 1'000 << 2'000 << 6 << false;
    QTest::newRow("nothing is kept") << 0 << 0 << 1 << false;
    QTest::newRow("nothing is kept, and missed") << 0 << 0 << 0 << true;
}

void tst_Replay::whatIsKeptIsBounded()
{
    QFETCH(int, maxEvents);
    QFETCH(int, maxBytes);
    QFETCH(int, missed);
    QFETCH(bool, recovered);
    configure([&](DispatchServerSettings &settings) {
        settings.maxReplayEvents = maxEvents;
        settings.maxReplayBytes = maxBytes;
    });
    ExtendedPeer ann;
    Peer ben;
    QVERIFY(ann.join(url(), Room));
    QVERIFY(ben.join(url(), Room));
    const QJsonObject before = ann.greeting();
    ann.cut();
    for (int i = 1; i <= missed; ++i) {
        ben.emitEvent(u"e"_s, QJsonObject{{u"n"_s, i}, {u"text"_s, QString(500, u'x')}});
        QVERIFY(ben.waitFor(u"e"_s, i));
    }
    QVERIFY(ann.resume(url(), Room));
    QCOMPARE(isRecovered(ann), recovered);
    QCOMPARE(ann.clientId(), before["clientId"_L1].toString());
    QCOMPARE(ann.greeting()["replay"_L1].toInt(), recovered ? missed : 0);
    QCOMPARE(ann.greeting()["seq"_L1].toInt(), recovered ? 0 : missed);
    ben.emitEvent(u"last"_s);
    QVERIFY(ann.waitFor(u"last"_s));
    // Either all, or none.
    QCOMPARE(ann.count(u"e"_s), recovered ? missed : 0);
    QCOMPARE(ann.gaps(), 0);
}

void tst_Replay::anotherEpochIsNotRecovered()
{
    ExtendedPeer ann;
    QVERIFY(ann.join(url(), Room));
    QString name = ann.resumeName();
    const QString epoch = ann.greeting()["epoch"_L1].toString();
    name.replace(epoch, epoch == u"0123456789abcdef" ? u"0"_s.repeated(16) : u"0123456789abcdef"_s);
    const QString clientId = ann.clientId();
    ann.cut();
    ann.open(url(), Room, {name});
    QVERIFY(ann.waitForGreeting());
    QVERIFY(!isRecovered(ann));
    QCOMPARE(ann.clientId(), clientId);
    QCOMPARE(ann.greeting()["epoch"_L1].toString(), epoch);
}

void tst_Replay::emitsAreDealtWithOnceAcrossALoss()
{
    ExtendedPeer ann;
    Peer ben;
    QVERIFY(ann.join(url(), Room));
    QVERIFY(ben.join(url(), Room));
    ann.emitNumbered(u"e"_s, 1, WithAck);
    QVERIFY(ann.waitForAck(1));
    ann.emitNumbered(u"e"_s, 2);
    QVERIFY(ben.waitFor(u"e"_s, 2));
    ann.cut();
    // The second was dealt with, though the client does not know; the third was never sent.
    QVERIFY(ann.resume(url(), Room));
    QCOMPARE(ann.greeting()["lastEmit"_L1].toInt(), 2);
    ann.emitNumbered(u"e"_s, 3, WithAck);
    QVERIFY(ann.waitForAck(3));
    QVERIFY(ben.waitFor(u"e"_s, 3));
    QCOMPARE(payloads(ann, u"e"_s), (QList{1, 2, 3}));
}

void tst_Replay::refusedEmitsAreTold()
{
    ExtendedPeer ann;
    QVERIFY(ann.join(url(), Room));
    QVERIFY(!ann.greeting().contains("refused"_L1));
    ann.emitNumbered(u"e"_s, 1);
    ann.emitNumbered(u"@@bad"_s, 2);
    ann.emitNumbered(u"e"_s, 3, {{u"recipients"_s, 1}, {u"ack"_s, true}});
    QVERIFY(ann.waitForAck(3));
    ann.cut();
    QVERIFY(ann.resume(url(), Room));
    const QJsonArray expected{QJsonObject{{u"emit"_s, 2}, {u"code"_s, u"reserved_event"_s}},
                              QJsonObject{{u"emit"_s, 3}, {u"code"_s, u"bad_recipients"_s}}};
    QCOMPARE(ann.greeting()["refused"_L1].toArray(), expected);
    QCOMPARE(ann.greeting()["lastEmit"_L1].toInt(), 3);
    QVERIFY(!ann.greeting().contains("refusedSince"_L1));
}

void tst_Replay::historyIsGivenToNewcomers_data()
{
    QTest::addColumn<int>("maxHistory");
    QTest::addColumn<QString>("wish");
    QTest::addColumn<QList<int>>("expected");
    QTest::newRow("none is wished for") << 10 << QString() << QList<int>{};
    QTest::newRow("some") << 10 << u"&history=2"_s << QList{4, 5};
    QTest::newRow("more than there is") << 10 << u"&history=100"_s << QList{1, 2, 3, 4, 5};
    QTest::newRow("more than is given") << 3 << u"&history=100"_s << QList{3, 4, 5};
    QTest::newRow("none is given") << 0 << u"&history=100"_s << QList<int>{};
}

void tst_Replay::historyIsGivenToNewcomers()
{
    QFETCH(int, maxHistory);
    QFETCH(QString, wish);
    QFETCH(QList<int>, expected);
    configure([&](DispatchServerSettings &settings) { settings.maxHistory = maxHistory; });
    ExtendedPeer ann;
    QVERIFY(ann.join(url(), Room));
    for (int i = 1; i <= 5; ++i)
        ann.emitEvent(u"e"_s, i);
    QVERIFY(ann.waitFor(u"e"_s, 5));
    ExtendedPeer ben;
    QVERIFY(ben.join(url(), Room + wish));
    QCOMPARE(ben.greeting()["replay"_L1].toInt(-1), expected.size());
    QCOMPARE(ben.greeting()["seq"_L1].toInt(-1), 5 - expected.size());
    ann.emitEvent(u"e"_s, 6);
    QVERIFY(ben.waitFor(u"e"_s, int(expected.size()) + 1));
    QCOMPARE(payloads(ben, u"e"_s), expected + QList{6});
    QCOMPARE(ben.gaps(), 0);
}

void tst_Replay::historyIsGivenInSomeProjects_data()
{
    QTest::addColumn<QStringList>("projects");
    QTest::addColumn<bool>("isGiven");
    QTest::newRow("all") << QStringList() << true;
    QTest::newRow("this one, too") << QStringList{u"q"_s, u"p"_s} << true;
    QTest::newRow("another one") << QStringList{u"q"_s} << false;
}

void tst_Replay::historyIsGivenInSomeProjects()
{
    QFETCH(QStringList, projects);
    QFETCH(bool, isGiven);
    configure([&](DispatchServerSettings &settings) {
        settings.maxHistory = 10;
        settings.historyProjects = projects;
    });
    ExtendedPeer ann;
    QVERIFY(ann.join(url(), Room));
    ann.emitEvent(u"e"_s, 1);
    QVERIFY(ann.waitFor(u"e"_s));
    ExtendedPeer ben;
    QVERIFY(ben.join(url(), Room + u"&history=1"_s));
    QCOMPARE(ben.greeting()["replay"_L1].toInt(-1), isGiven ? 1 : 0);
    ann.emitEvent(u"e"_s, 2);
    QVERIFY(ben.waitFor(u"e"_s, isGiven ? 2 : 1));
    QCOMPARE(payloads(ben, u"e"_s), isGiven ? (QList{1, 2}) : (QList{2}));
}

void tst_Replay::statisticsCount()
{
    ExtendedPeer ann;
    Peer ben;
    QVERIFY(ann.join(url(), Room));
    QVERIFY(ben.join(url(), Room));
    ann.cut();
    QTRY_COMPARE(m_server->statistics().sessionsAway, 1);
    const qint64 delivered = m_server->statistics().eventsDelivered;
    ben.emitEvent(u"e"_s, 1);
    QVERIFY(ben.waitFor(u"e"_s));
    QCOMPARE(m_server->statistics().eventsDelivered, delivered + 1);
    QVERIFY(ann.resume(url(), Room));
    QVERIFY(ann.waitFor(u"e"_s));
    configure([](DispatchServerSettings &settings) { settings.maxReplayEvents = 0; });
    ann.cut();
    QTRY_COMPARE(m_server->statistics().sessionsAway, 1);
    ben.emitEvent(u"e"_s, 2);
    QVERIFY(ben.waitFor(u"e"_s, 2));
    QVERIFY(ann.resume(url(), Room));
    const DispatchServerStatistics statistics = m_server->statistics();
    QCOMPARE(statistics.resumesRecovered, 1);
    QCOMPARE(statistics.resumesUnrecovered, 1);
    QCOMPARE(statistics.resumesUnknown, 0);
    QCOMPARE(statistics.eventsReplayed, 1);
    QCOMPARE(statistics.sessionsAway, 0);
    QCOMPARE(statistics.joins, 2);
}

QTEST_GUILESS_MAIN(tst_Replay)
#include "tst_replay.moc"

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "extendedpeer.h"
#include "peer.h"

#include <DispatchServer>

#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

/// A connection that is lost again and again, at any moment, in a shard where much goes on.
class tst_Cuts : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void nothingIsLostDoubledOrReordered_data();
    void nothingIsLostDoubledOrReordered();
};

void tst_Cuts::nothingIsLostDoubledOrReordered_data()
{
    QTest::addColumn<int>("rounds");
    QTest::addColumn<bool>("waitsForGreeting");
    QTest::newRow("after the greeting") << 200 << true;
    QTest::newRow("at any moment") << 1'000 << false;
}

void tst_Cuts::nothingIsLostDoubledOrReordered()
{
    QFETCH(int, rounds);
    QFETCH(bool, waitsForGreeting);
    DispatchServer server;
    DispatchServerSettings settings;
    settings.threads = 2;
    settings.messagesPerSecond = 0;
    server.setSettings(settings);
    QVERIFY(server.listen());
    const QString room = u"shardName=s"_s;
    ExtendedPeer ann;
    ExtendedPeer cem; // never loses its connection
    Peer ben;
    QVERIFY(ann.join(server.url(), room));
    QVERIFY(cem.join(server.url(), room));
    QVERIFY(ben.join(server.url(), room));
    const QString clientId = ann.clientId();
    QCOMPARE(cem.seq(), ann.seq());

    for (int round = 0; round < rounds; ++round) {
        ben.emitEvent(u"ben"_s, round);
        ann.emitNumbered(u"ann"_s, round);
        // Sometimes what was sent and asked for is done before the cut, sometimes not.
        for (int turn = 0; turn < round % 4; ++turn)
            QCoreApplication::processEvents();
        ann.cut();
        ann.openToResume(server.url(), room);
        if (waitsForGreeting)
            QVERIFY(ann.waitForGreeting());
        QVERIFY2(ann.clientId().isEmpty() || ann.clientId() == clientId,
                 qPrintable(ann.clientId()));
    }
    QVERIFY(ann.waitForGreeting());
    QCOMPARE(ann.clientId(), clientId);
    ann.emitNumbered(u"last"_s, {}, {{u"ack"_s, true}});
    QVERIFY(ann.waitForAck(rounds + 1));
    QVERIFY(cem.waitFor(u"last"_s));
    QVERIFY(ann.waitFor(u"last"_s));
    QVERIFY(ben.waitFor(u"last"_s));

    const auto events = [](const ExtendedPeer &peer) {
        QList<std::pair<QString, int>> list;
        for (const QJsonObject &message : peer.all()) {
            const QString eventName = message["eventName"_L1].toString();
            if (!eventName.startsWith("@@"_L1))
                list.append({eventName, message["payload"_L1].toInt()});
        }
        return list;
    };
    QCOMPARE(ann.gaps(), 0);
    QCOMPARE(events(ann).size(), 2 * rounds + 1);
    QVERIFY(events(ann) == events(cem));
    int next = 0;
    for (const Peer::Message &message : ben.messages(u"ann"_s))
        QCOMPARE(message.payload.toInt(), next++);
    QCOMPARE(next, rounds);
    QCOMPARE(server.statistics().connections, 3);
    QCOMPARE(server.statistics().resumesUnknown, 0);
    QCOMPARE(server.statistics().resumesUnrecovered, 0);
}

QTEST_GUILESS_MAIN(tst_Cuts)
#include "tst_cuts.moc"

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "inflight_p.h"

#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;
using Dispatch::InFlight;
using Dispatch::Outbox;

namespace {

Outbox::Entry entry(const QString &name)
{
    return {name, name.toStdString() + "12345", {}};
}

/// a, b and c, with the numbers 1, 2 and 3.
InFlight three()
{
    InFlight sent;
    for (const auto &name : {u"a"_s, u"b"_s, u"c"_s})
        sent.add(entry(name));
    return sent;
}

/// As in "a:0 b:42".
QString tell(const std::vector<InFlight::Accepted> &accepted)
{
    QStringList told;
    for (const InFlight::Accepted &one : accepted)
        told.append(one.entry.eventName + u':' + QString::number(one.seq));
    return told.join(u' ');
}

} // namespace

class tst_InFlight : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void numbersCountFromOne();
    void anAcknowledgementIsForAllBeforeIt_data();
    void anAcknowledgementIsForAllBeforeIt();
    void whatWasRefusedIsNotAcknowledged();
    void whatIsNotInFlightCantBeTaken_data();
    void whatIsNotInFlightCantBeTaken();
    void numbersGoOnBehindWhatWasSettled();
    void whatIsAbandonedStartsAnew();
    void bytesAreCounted();
    void theServerIsAskedInTime_data();
    void theServerIsAskedInTime();
};

void tst_InFlight::numbersCountFromOne()
{
    const InFlight sent = three();
    QCOMPARE(sent.size(), 3);
    QCOMPARE(sent.events().front().number, 1u);
    QCOMPARE(sent.events().back().number, 3u);
    QCOMPARE(sent.nextNumber(), 4u);
}

void tst_InFlight::anAcknowledgementIsForAllBeforeIt_data()
{
    QTest::addColumn<quint64>("number");
    QTest::addColumn<QString>("accepted");
    QTest::addColumn<int>("left");
    QTest::newRow("none of these") << quint64(0) << QString() << 3;
    QTest::newRow("the first") << quint64(1) << u"a:42"_s << 2;
    QTest::newRow("two") << quint64(2) << u"a:0 b:42"_s << 1;
    QTest::newRow("all") << quint64(3) << u"a:0 b:0 c:42"_s << 0;
    QTest::newRow("more than there are") << quint64(9) << u"a:0 b:0 c:0"_s << 0;
}

void tst_InFlight::anAcknowledgementIsForAllBeforeIt()
{
    QFETCH(const quint64, number);
    QFETCH(const int, left);
    InFlight sent = three();
    QTEST(tell(sent.acknowledge(number, 42)), "accepted");
    QCOMPARE(sent.size(), left);
    QVERIFY(sent.acknowledge(number, 42).empty());
}

void tst_InFlight::whatWasRefusedIsNotAcknowledged()
{
    InFlight sent = three();
    const auto refused = sent.take(2);
    QVERIFY(refused);
    QCOMPARE(refused->eventName, u"b"_s);
    QCOMPARE(tell(sent.acknowledge(3, 42)), u"a:0 c:42"_s);
    QVERIFY(sent.isEmpty());
}

void tst_InFlight::whatIsNotInFlightCantBeTaken_data()
{
    QTest::addColumn<quint64>("number");
    QTest::newRow("settled") << quint64(1);
    QTest::newRow("none") << quint64(0);
    QTest::newRow("not sent yet") << quint64(4);
    QTest::newRow("taken before") << quint64(2);
}

void tst_InFlight::whatIsNotInFlightCantBeTaken()
{
    QFETCH(const quint64, number);
    InFlight sent = three();
    QCOMPARE(sent.acknowledge(1, 0).size(), 1u);
    QVERIFY(sent.take(2));
    QVERIFY(!sent.take(number));
    QCOMPARE(sent.size(), 1);
}

void tst_InFlight::numbersGoOnBehindWhatWasSettled()
{
    InFlight sent = three();
    QCOMPARE(sent.acknowledge(3, 0).size(), 3u);
    sent.add(entry(u"d"_s));
    QCOMPARE(sent.events().front().number, 4u);
}

void tst_InFlight::whatIsAbandonedStartsAnew()
{
    InFlight sent = three();
    QCOMPARE(sent.acknowledge(1, 0).size(), 1u);
    const auto abandoned = sent.abandon();
    QCOMPARE(abandoned.size(), 2u);
    QCOMPARE(abandoned.front().eventName, u"b"_s);
    QVERIFY(sent.isEmpty());
    QCOMPARE(sent.bytes(), 0);
    QCOMPARE(sent.nextNumber(), 1u);
}

void tst_InFlight::theServerIsAskedInTime_data()
{
    QTest::addColumn<int>("maxInFlight");
    QTest::addColumn<int>("maxInFlightBytes");
    QTest::addColumn<QString>("asked");
    QTest::newRow("far from both") << 100 << 1000 << u"--------"_s;
    QTest::newRow("by number") << 6 << 1000 << u"--a--a--"_s;
    QTest::newRow("one alone") << 1 << 1000 << u"aaaaaaaa"_s;
    // Each has 6 bytes.
    QTest::newRow("by bytes") << 100 << 24 << u"-a-a-a-a"_s;
    QTest::newRow("larger than all") << 100 << 1 << u"aaaaaaaa"_s;
}

void tst_InFlight::theServerIsAskedInTime()
{
    QFETCH(const int, maxInFlight);
    QFETCH(const int, maxInFlightBytes);
    QFETCH(const QString, asked);
    const DispatchQueuePolicy policy{.maxInFlight = maxInFlight,
                                     .maxInFlightBytes = maxInFlightBytes};
    InFlight sent;
    QString told;
    while (told.size() < asked.size()) {
        const bool asks = sent.hasToAsk(entry(u"a"_s), policy);
        told.append(asks ? u'a' : u'-');
        sent.add(entry(u"a"_s), asks);
    }
    QCOMPARE(told, asked);
}

void tst_InFlight::bytesAreCounted()
{
    InFlight sent = three();
    QCOMPARE(sent.bytes(), 18);
    QCOMPARE(sent.acknowledge(1, 0).size(), 1u);
    QCOMPARE(sent.bytes(), 12);
    QVERIFY(sent.take(3));
    QCOMPARE(sent.bytes(), 6);
    QCOMPARE(sent.acknowledge(3, 0).size(), 1u);
    QCOMPARE(sent.bytes(), 0);
}

QTEST_APPLESS_MAIN(tst_InFlight)
#include "tst_inflight.moc"

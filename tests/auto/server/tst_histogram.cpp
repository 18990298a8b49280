// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "arrivals_p.h"
#include "departures_p.h"
#include "histogram_p.h"

#include <QtTest/qtest.h>

using namespace Dispatch;
using namespace std::chrono_literals;

/// What the threads of the server count beside plain numbers.
class tst_Histogram : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void timesFallIntoTheirBucket_data();
    void timesFallIntoTheirBucket();
    void sumIsThatOfAllTimes();
    void histogramsAreAdded();
    void eachEventOfATurnIsMeasured();
    void eventsOfOneTurnAreNotThoseOfTheNext();
    void departuresAreCountedByReason();
    void unknownReasonIsAnother();
};

namespace {

const TimePoint Start{1h};

std::int64_t total(const Histogram &histogram)
{
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < Histogram::Buckets; ++i)
        sum += histogram.inBucket(i);
    return sum;
}

} // namespace

void tst_Histogram::timesFallIntoTheirBucket_data()
{
    QTest::addColumn<qint64>("ns");
    QTest::addColumn<int>("bucket");
    QTest::newRow("backwards") << qint64(-1) << 0;
    QTest::newRow("nothing") << qint64(0) << 0;
    QTest::newRow("the first bound") << qint64(10'000) << 0;
    QTest::newRow("over it") << qint64(10'001) << 1;
    QTest::newRow("1 ms") << qint64(1'000'000) << 6;
    QTest::newRow("over 1 ms") << qint64(1'000'001) << 7;
    QTest::newRow("the last bound") << qint64(10'000'000'000) << 18;
    QTest::newRow("over it") << qint64(10'000'000'001) << 19;
    QTest::newRow("a day") << qint64(86'400'000'000'000) << 19;
}

void tst_Histogram::timesFallIntoTheirBucket()
{
    QFETCH(qint64, ns);
    QFETCH(int, bucket);
    Histogram histogram;
    histogram.observe(std::chrono::nanoseconds(ns));
    QCOMPARE(histogram.inBucket(std::size_t(bucket)), 1);
    QCOMPARE(total(histogram), 1);
    QCOMPARE(histogram.sum().count(), std::max<qint64>(ns, 0));
}

void tst_Histogram::sumIsThatOfAllTimes()
{
    Histogram histogram;
    histogram.observe(2ms, 3);
    histogram.observe(1s);
    QCOMPARE(total(histogram), 4);
    QVERIFY(histogram.sum() == 1006ms);
}

void tst_Histogram::histogramsAreAdded()
{
    Histogram one;
    Histogram other;
    one.observe(2ms);
    other.observe(2ms, 2);
    other.observe(1h);
    one.add(other);
    QCOMPARE(one.inBucket(7), 3);
    QCOMPARE(one.inBucket(19), 1);
    QVERIFY(one.sum() == 1h + 6ms);
}

void tst_Histogram::eachEventOfATurnIsMeasured()
{
    Arrivals arrivals;
    Histogram times;
    arrivals.add(Start);
    arrivals.add(Start);
    arrivals.add(Start + 2ms);
    arrivals.add(Start);
    arrivals.finish(Start + 5ms, times);
    QCOMPARE(total(times), 4);
    QCOMPARE(times.inBucket(8), 4); // (2.5 ms, 5 ms]
    QVERIFY(times.sum() == 3 * 5ms + 3ms);
}

void tst_Histogram::eventsOfOneTurnAreNotThoseOfTheNext()
{
    Arrivals arrivals;
    Histogram times;
    arrivals.add(Start);
    arrivals.finish(Start, times);
    arrivals.finish(Start + 1h, times);
    QCOMPARE(total(times), 1);
}

void tst_Histogram::departuresAreCountedByReason()
{
    Departures departures;
    departures.add("lost");
    departures.add("slow_consumer");
    departures.add("slow_consumer");
    Departures sum;
    sum.add("lost");
    sum.add(departures);
    QCOMPARE(sum.of("lost"), 2);
    QCOMPARE(sum.of("slow_consumer"), 2);
    QCOMPARE(sum.of("closed"), 0);
}

void tst_Histogram::unknownReasonIsAnother()
{
    Departures departures;
    departures.add("weather");
    QCOMPARE(departures.of("other"), 1);
}

QTEST_APPLESS_MAIN(tst_Histogram)
#include "tst_histogram.moc"

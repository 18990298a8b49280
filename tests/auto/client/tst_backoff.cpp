// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "backoff_p.h"

#include <QtTest/qtest.h>

using namespace Dispatch;
using namespace std::chrono_literals;

class tst_Backoff : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void delaysFollowTheTable_data();
    void delaysFollowTheTable();
    void ceilingStaysAtItsCapForEver();
    void givesUpAfterTheLastAllowedAttempt_data();
    void givesUpAfterTheLastAllowedAttempt();
    void startsAnewOnlyAfterTheMinimumUptime_data();
    void startsAnewOnlyAfterTheMinimumUptime();
    void waitsAsTheServerAsks_data();
    void waitsAsTheServerAsks();
    void whatTheServerAsksForDoesNotCount();
    void aServerThatAsksAgainAtOnceCounts();
    void noAttemptsAreNoneForAServerEither();
    void soonIsUnderTheFirstCeilingAndDoesNotCount();
};

void tst_Backoff::delaysFollowTheTable_data()
{
    QTest::addColumn<int>("minDelay");
    QTest::addColumn<int>("maxDelay");
    QTest::addColumn<double>("random");
    QTest::addColumn<QList<int>>("delays");
    QTest::newRow("highest draw shows the ceilings")
        << 500 << 20000 << 1.0 << QList<int>{500, 1000, 2000, 4000, 8000, 16000, 20000, 20000};
    QTest::newRow("lowest draw is no delay") << 500 << 20000 << 0.0 << QList<int>{0, 0, 0};
    QTest::newRow("a quarter of each ceiling") << 500 << 20000 << 0.25 << QList<int>{125, 250, 500};
    QTest::newRow("cap below the first ceiling") << 500 << 100 << 1.0 << QList<int>{100, 100};
    QTest::newRow("no first ceiling still grows") << 0 << 8 << 1.0 << QList<int>{1, 2, 4, 8, 8};
    QTest::newRow("negative values are no values") << -5 << -5 << 1.0 << QList<int>{1, 1};
    QTest::newRow("a draw out of range is kept in it")
        << 500 << 20000 << 7.0 << QList<int>{500, 1000};
}

void tst_Backoff::delaysFollowTheTable()
{
    QFETCH(int, minDelay);
    QFETCH(int, maxDelay);
    QFETCH(double, random);
    QFETCH(QList<int>, delays);
    Backoff backoff([random] { return random; }, {.minDelay = minDelay, .maxDelay = maxDelay});
    for (int expected : delays)
        QCOMPARE(backoff.next(), std::optional(Milliseconds(expected)));
}

void tst_Backoff::ceilingStaysAtItsCapForEver()
{
    Backoff backoff([] { return 1.0; });
    for (int i = 0; i < 100'000; ++i)
        QVERIFY(backoff.next() <= 20s);
    QCOMPARE(backoff.next(), std::optional(Milliseconds(20'000)));
}

void tst_Backoff::givesUpAfterTheLastAllowedAttempt_data()
{
    QTest::addColumn<int>("maxAttempts");
    QTest::addColumn<int>("allowed");
    QTest::newRow("none") << 0 << 0;
    QTest::newRow("one") << 1 << 1;
    QTest::newRow("ten") << 10 << 10;
    QTest::newRow("no limit") << -1 << 1000;
}

void tst_Backoff::givesUpAfterTheLastAllowedAttempt()
{
    QFETCH(int, maxAttempts);
    QFETCH(int, allowed);
    Backoff backoff([] { return 0.5; }, {.maxAttempts = maxAttempts});
    for (int i = 0; i < allowed; ++i)
        QVERIFY(backoff.next());
    QCOMPARE(backoff.next().has_value(), maxAttempts < 0);
}

void tst_Backoff::startsAnewOnlyAfterTheMinimumUptime_data()
{
    QTest::addColumn<int>("uptime");
    QTest::addColumn<int>("retries");
    QTest::newRow("thrown out at once") << 0 << 3;
    QTest::newRow("just too short") << 4999 << 3;
    QTest::newRow("long enough") << 5000 << 0;
}

void tst_Backoff::startsAnewOnlyAfterTheMinimumUptime()
{
    QFETCH(int, uptime);
    QFETCH(int, retries);
    Backoff backoff([] { return 0.5; }, {.minUptime = 5000});
    for (int i = 0; i < 3; ++i)
        backoff.next();
    backoff.connectionEnded(Milliseconds(uptime));
    QCOMPARE(backoff.retries(), retries);
}

void tst_Backoff::waitsAsTheServerAsks_data()
{
    QTest::addColumn<qint64>("asked");
    QTest::addColumn<double>("random");
    QTest::addColumn<int>("delay");
    QTest::newRow("at once") << qint64(0) << 1.0 << 0;
    QTest::newRow("no sooner") << qint64(4'000) << 0.0 << 4'000;
    QTest::newRow("at most a quarter more") << qint64(4'000) << 1.0 << 5'000;
    QTest::newRow("some of it") << qint64(4'000) << 0.5 << 4'500;
    QTest::newRow("the bound") << qint64(60'000) << 0.0 << 60'000;
    QTest::newRow("over the bound") << qint64(60'001) << 0.0 << 60'000;
    QTest::newRow("over the bound, spread") << qint64(1'000'000'000'000) << 1.0 << 75'000;
    QTest::newRow("into the past") << qint64(-1) << 1.0 << 0;
}

void tst_Backoff::waitsAsTheServerAsks()
{
    QFETCH(qint64, asked);
    QFETCH(double, random);
    QFETCH(int, delay);
    Backoff backoff([random] { return random; });
    QCOMPARE(backoff.nextAsAsked(Milliseconds(asked)), std::optional(Milliseconds(delay)));
}

void tst_Backoff::whatTheServerAsksForDoesNotCount()
{
    Backoff backoff([] { return 1.0; }, {.maxAttempts = 2});
    QCOMPARE(backoff.nextAsAsked(0s), std::optional(Milliseconds(0)));
    QCOMPARE(backoff.retries(), 0);
    QCOMPARE(backoff.next(), std::optional(Milliseconds(500)));
    QCOMPARE(backoff.next(), std::optional(Milliseconds(1'000)));
    QVERIFY(!backoff.next());
}

void tst_Backoff::aServerThatAsksAgainAtOnceCounts()
{
    Backoff backoff([] { return 1.0; }, {.minUptime = 5'000});
    QCOMPARE(backoff.nextAsAsked(0s), std::optional(Milliseconds(0)));
    backoff.connectionEnded(4'999ms);
    QCOMPARE(backoff.nextAsAsked(0s), std::optional(Milliseconds(500)));
    backoff.connectionEnded(4'999ms);
    QCOMPARE(backoff.nextAsAsked(2s), std::optional(Milliseconds(2'000)));
    backoff.connectionEnded(5'000ms);
    QCOMPARE(backoff.nextAsAsked(0s), std::optional(Milliseconds(0)));
}

void tst_Backoff::noAttemptsAreNoneForAServerEither()
{
    Backoff backoff([] { return 1.0; }, {.maxAttempts = 0});
    QVERIFY(!backoff.nextAsAsked(0s));
}

void tst_Backoff::soonIsUnderTheFirstCeilingAndDoesNotCount()
{
    double share = 1;
    Backoff backoff([&share] { return share; }, {.minDelay = 500, .maxDelay = 20'000});
    backoff.next();
    backoff.next();
    QCOMPARE(backoff.soon(), Milliseconds(500));
    share = 0.25;
    QCOMPARE(backoff.soon(), Milliseconds(125));
    QCOMPARE(backoff.retries(), 2);
    QCOMPARE(backoff.ceiling(), Milliseconds(2'000));
}

QTEST_APPLESS_MAIN(tst_Backoff)
#include "tst_backoff.moc"

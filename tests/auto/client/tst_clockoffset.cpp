// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "clockoffset_p.h"

#include <QtTest/qtest.h>

#include <vector>

using namespace std::chrono_literals;
using Dispatch::ClockOffset;
using Dispatch::Instant;
using Dispatch::Milliseconds;

/// What the server said of its time, and when that came here; both in ms.
struct Heard {
    std::int64_t serverTime = 0;
    int at = 0;
};
using Hearings = std::vector<Heard>;

class tst_ClockOffset : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void itIsUnknownUntilTheServerTellsItsTime();
    void theBestCounts_data();
    void theBestCounts();
    void halfTheShortestRoundTripIsItsWay();
    void whatChangesItSaysSo();
    void settingOurClockIsNoDrift();
    void whatIsForgottenIsUnknown();

private:
    static std::optional<double> offset(const ClockOffset &estimate)
    {
        // Our clock said 1,000 when the monotonic one said 0.
        return estimate.at(Instant(), 1'000ms);
    }
};

void tst_ClockOffset::itIsUnknownUntilTheServerTellsItsTime()
{
    ClockOffset estimate;
    QCOMPARE(offset(estimate), std::nullopt);
    QVERIFY(!estimate.measured(5));
    QVERIFY(!estimate.heard(0, 0ms));
    QVERIFY(!estimate.heard(-7, 0ms));
    QCOMPARE(offset(estimate), std::nullopt);
    QVERIFY(estimate.heard(1'500, 0ms));
    QCOMPARE(offset(estimate), std::optional(505.0));
}

void tst_ClockOffset::theBestCounts_data()
{
    constexpr int BestBefore = int(ClockOffset::BestBefore.count());
    QTest::addColumn<Hearings>("hearings");
    QTest::addColumn<double>("expected");
    QTest::newRow("ahead") << Hearings{{1'500, 0}} << 500.0;
    QTest::newRow("behind") << Hearings{{400, 0}} << -600.0;
    QTest::newRow("the same") << Hearings{{1'000, 0}} << 0.0;
    QTest::newRow("one that was faster") << Hearings{{1'500, 0}, {1'620, 100}} << 520.0;
    QTest::newRow("one that was slower") << Hearings{{1'500, 0}, {1'520, 100}} << 500.0;
    QTest::newRow("one from before") << Hearings{{1'500, 0}, {3, 1}} << 500.0;
    QTest::newRow("the best of many")
        << Hearings{{1'500, 0}, {1'605, 100}, {1'707, 200}, {1'806, 300}} << 507.0;
    QTest::newRow("the best, still believed")
        << Hearings{{1'500, 0}, {1'400 + BestBefore, BestBefore}} << 500.0;
    QTest::newRow("the best, too long ago")
        << Hearings{{1'500, 0}, {1'401 + BestBefore, BestBefore + 1}} << 400.0;
    QTest::newRow("our machine slept") << Hearings{{1'500, 0}, {61'500, 1}} << 60'499.0;
}

void tst_ClockOffset::theBestCounts()
{
    QFETCH(const Hearings, hearings);
    QFETCH(const double, expected);
    ClockOffset estimate;
    for (const Heard &heard : hearings)
        estimate.heard(heard.serverTime, Milliseconds(heard.at));
    QCOMPARE(offset(estimate), std::optional(expected));
}

void tst_ClockOffset::halfTheShortestRoundTripIsItsWay()
{
    ClockOffset estimate;
    estimate.heard(1'500, 0ms);
    QVERIFY(estimate.measured(20));
    QCOMPARE(offset(estimate), std::optional(520.0));
    QVERIFY(!estimate.measured(30));
    QCOMPARE(offset(estimate), std::optional(520.0));
    QVERIFY(estimate.measured(10.5));
    QCOMPARE(offset(estimate), std::optional(510.5));
}

void tst_ClockOffset::whatChangesItSaysSo()
{
    ClockOffset estimate;
    QVERIFY(estimate.heard(1'500, 0ms));
    QVERIFY(!estimate.heard(1'500, 0ms));
    QVERIFY(!estimate.heard(1'510, 20ms));
    QVERIFY(estimate.heard(1'531, 30ms));
}

void tst_ClockOffset::settingOurClockIsNoDrift()
{
    ClockOffset estimate;
    estimate.heard(1'500, 0ms);
    QCOMPARE(estimate.at(100ms, 1'100ms), std::optional(500.0));
    // Somebody put our clock back by a minute.
    QCOMPARE(estimate.at(200ms, 1'200ms - 1min), std::optional(60'500.0));
}

void tst_ClockOffset::whatIsForgottenIsUnknown()
{
    ClockOffset estimate;
    estimate.heard(1'500, 0ms);
    estimate.measured(1);
    estimate.forget();
    QCOMPARE(offset(estimate), std::nullopt);
    estimate.heard(1'400, 0ms);
    QCOMPARE(offset(estimate), std::optional(400.0));
}

QTEST_APPLESS_MAIN(tst_ClockOffset)
#include "tst_clockoffset.moc"

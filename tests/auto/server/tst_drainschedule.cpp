// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "drainschedule_p.h"

#include <QtTest/qtest.h>

#include <algorithm>
#include <vector>

using namespace Dispatch;
using namespace std::chrono_literals;

namespace {

const TimePoint Start{1h};
constexpr milliseconds Window{100};

using Times = std::vector<TimePoint>;

/// When each of \a clients goes, by a clock that is never late.
Times times(int clients, Duration time, double phase = 1)
{
    DrainSchedule schedule(Start, time, phase);
    Times result;
    TimePoint now = Start;
    for (int left = clients; left > 0; --left)
        result.push_back(now = schedule.next(static_cast<std::size_t>(left), now));
    return result;
}

/// The most that go within any 100 ms.
int crowd(Times all)
{
    std::ranges::sort(all);
    std::ptrdiff_t most = 0;
    for (auto first = all.begin(); first != all.end(); ++first)
        most = std::max(most, std::ranges::lower_bound(first, all.end(), *first + Window) - first);
    return static_cast<int>(most);
}

int inMs(TimePoint time)
{
    return static_cast<int>(std::chrono::duration_cast<milliseconds>(time - Start).count());
}

} // namespace

class tst_DrainSchedule : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void allAreBackInTheDrainTime_data();
    void allAreBackInTheDrainTime();
    void clientsGoEvenly_data();
    void clientsGoEvenly();
    void threadsTakeTurns_data();
    void threadsTakeTurns();
    void aDelayIsNoReasonForACrowd();
    void whoIsLateAtTheEndHoldsUpNobody();
    void whoGoesByHimselfLeavesTimeToTheOthers();
};

void tst_DrainSchedule::allAreBackInTheDrainTime_data()
{
    QTest::addColumn<Duration>("drainTime");
    QTest::addColumn<Duration>("closingTime");
    QTest::newRow("the default") << Duration(30s) << Duration(24s);
    QTest::newRow("just longer than twice the way back") << Duration(13s) << Duration(7s);
    QTest::newRow("twice the way back") << Duration(12s) << Duration(6s);
    QTest::newRow("too short for all to be back") << Duration(4s) << Duration(2s);
    QTest::newRow("all at once") << Duration(0s) << Duration(0s);
}

void tst_DrainSchedule::allAreBackInTheDrainTime()
{
    QFETCH(Duration, drainTime);
    QTEST(DrainSchedule::closingTime(drainTime), "closingTime");
}

void tst_DrainSchedule::clientsGoEvenly_data()
{
    QTest::addColumn<int>("clients");
    QTest::addColumn<int>("time"); // ms
    QTest::addColumn<int>("first");
    QTest::addColumn<int>("last");
    QTest::addColumn<int>("most"); // in 100 ms
    QTest::newRow("1,000 in 30 s") << 1'000 << 30'000 << 30 << 30'000 << 4;
    QTest::newRow("1,000 in 10 s") << 1'000 << 10'000 << 10 << 10'000 << 10;
    QTest::newRow("100,000 in 30 s") << 100'000 << 30'000 << 0 << 30'000 << 334;
    QTest::newRow("300 in 30 s: the longest gap") << 300 << 30'000 << 100 << 30'000 << 1;
    QTest::newRow("few do not take all of it") << 5 << 30'000 << 100 << 500 << 1;
    QTest::newRow("one") << 1 << 30'000 << 100 << 100 << 1;
    QTest::newRow("all at once") << 1'000 << 0 << 0 << 0 << 1'000;
}

void tst_DrainSchedule::clientsGoEvenly()
{
    QFETCH(int, clients);
    QFETCH(int, time);
    const Times all = times(clients, milliseconds(time));
    QTEST(inMs(all.front()), "first");
    QTEST(crowd(all), "most");
    QVERIFY(std::ranges::is_sorted(all));
    // The division leaves a rest of nanoseconds.
    QFETCH(int, last);
    QVERIFY(std::abs(inMs(all.back()) - last) <= 1);
    QVERIFY(all.back() <= Start + milliseconds(time));
}

void tst_DrainSchedule::threadsTakeTurns_data()
{
    QTest::addColumn<std::vector<int>>("clients"); // of each thread
    QTest::newRow("two") << std::vector{500, 500};
    QTest::newRow("four") << std::vector{250, 250, 250, 250};
    QTest::newRow("four with different crowds") << std::vector{700, 200, 99, 1};
    QTest::newRow("one has them all") << std::vector{1'000, 0, 0, 0};
}

void tst_DrainSchedule::threadsTakeTurns()
{
    QFETCH(std::vector<int>, clients);
    Times all;
    for (std::size_t i = 0; i < clients.size(); ++i) {
        const double phase = static_cast<double>(i + 1) / static_cast<double>(clients.size());
        const Times own = times(clients[i], 10s, phase);
        all.insert(all.end(), own.begin(), own.end());
    }
    // What docs/protocol.md says: the share of 100 ms, and one more a thread.
    QVERIFY(crowd(all) <= 10 + static_cast<int>(clients.size()));
}

void tst_DrainSchedule::aDelayIsNoReasonForACrowd()
{
    DrainSchedule schedule(Start, 10s);
    Times all;
    TimePoint now = Start;
    for (int left = 1'000; left > 0; --left) {
        // The thread stands still for two seconds out of the ten.
        if (left == 500)
            now += 2s;
        all.push_back(now = schedule.next(static_cast<std::size_t>(left), now));
    }
    QCOMPARE(inMs(all.back()), 10'000);
    // 500 in three seconds.
    QCOMPARE(crowd(all), 17);
}

void tst_DrainSchedule::whoIsLateAtTheEndHoldsUpNobody()
{
    DrainSchedule schedule(Start, 10s);
    QCOMPARE(inMs(schedule.next(3, Start + 20s)), 20'000);
    QCOMPARE(inMs(schedule.next(2, Start + 20s)), 20'000);
    QCOMPARE(inMs(schedule.next(1, Start + 21s)), 21'000);
}

void tst_DrainSchedule::whoGoesByHimselfLeavesTimeToTheOthers()
{
    DrainSchedule schedule(Start, 1s);
    QCOMPARE(inMs(schedule.next(20, Start)), 50);
    QCOMPARE(inMs(schedule.next(19, Start + 50ms)), 100);
    QCOMPARE(inMs(schedule.next(10, Start + 100ms)), 190);
}

QTEST_APPLESS_MAIN(tst_DrainSchedule)
#include "tst_drainschedule.moc"

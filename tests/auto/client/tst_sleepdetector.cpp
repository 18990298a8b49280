// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "sleepdetector_p.h"

#include <QtTest/qtest.h>

using namespace Dispatch;
using namespace std::chrono_literals;

class tst_SleepDetector : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void tellsSleepFromWaking_data();
    void tellsSleepFromWaking();
    void whatIsOverIsOver();
    void busyMachinesDoNotSleep();
};

void tst_SleepDetector::tellsSleepFromWaking_data()
{
    QTest::addColumn<int>("interval");
    QTest::addColumn<int>("steady");
    QTest::addColumn<int>("wall");
    QTest::addColumn<bool>("slept");
    const auto row = [](const char *name, Milliseconds interval, Milliseconds steady,
                        Milliseconds wall, bool slept) {
        QTest::newRow(name) << int(interval.count()) << int(steady.count()) << int(wall.count())
                            << slept;
    };
    row("in time", 2'500ms, 2'500ms, 2'500ms, false);
    row("a little late", 2'500ms, 6'900ms, 6'900ms, false);
    row("the program was stopped", 2'500ms, 7'100ms, 7'100ms, true);
    row("the program was stopped for long", 2'500ms, 600s, 600s, true);
    row("the steady clock stood still while the machine slept", 2'500ms, 2'500ms, 3'600s, true);
    row("the steady clock stood still for a moment", 2'500ms, 2'500ms, 4'600ms, true);
    row("the calendar was corrected", 2'500ms, 2'500ms, 4'400ms, false);
    row("the calendar was set back", 2'500ms, 2'500ms, -3'600s, true);
    row("short intervals: late", 100ms, 290ms, 290ms, false);
    row("short intervals: stopped", 100ms, 310ms, 310ms, true);
}

void tst_SleepDetector::tellsSleepFromWaking()
{
    QFETCH(int, interval);
    QFETCH(int, steady);
    QFETCH(int, wall);
    SleepDetector detector;
    const Moment begin{7s, 1'700'000'000s};
    detector.start(begin);
    const Moment now{begin.steady + Milliseconds(steady), begin.wall + Milliseconds(wall)};
    QTEST(detector.tick(now, Milliseconds(interval)), "slept");
}

void tst_SleepDetector::whatIsOverIsOver()
{
    SleepDetector detector;
    detector.start({0s, 0s});
    QVERIFY(detector.tick({1s, 3'600s}, 1s));
    QVERIFY(!detector.tick({2s, 3'601s}, 1s));
    detector.start({1'000s, 9'000s});
    QVERIFY(!detector.tick({1'001s, 9'001s}, 1s));
}

void tst_SleepDetector::busyMachinesDoNotSleep()
{
    SleepDetector detector;
    Moment now;
    detector.start(now);
    for (int i = 0; i < 1'000; ++i) {
        now.steady += 3s;
        now.wall += 3s;
        QVERIFY(!detector.tick(now, 1s));
    }
}

QTEST_APPLESS_MAIN(tst_SleepDetector)
#include "tst_sleepdetector.moc"

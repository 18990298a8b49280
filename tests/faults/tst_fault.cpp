// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "fault.h"

#include <QtTest/qtest.h>

#include <algorithm>
#include <set>

using namespace Dispatch::Faults;

class tst_Fault : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aSeedStandsForOneSchedule();
    void faultsComeInOrderAndEndInTime();
    void allKindsComeUp();
    void aScheduleCanBeRead();
};

void tst_Fault::aSeedStandsForOneSchedule()
{
    QCOMPARE(makeSchedule(7, Milliseconds(1'000), 5), makeSchedule(7, Milliseconds(1'000), 5));
    QVERIFY(makeSchedule(7, Milliseconds(1'000), 5) != makeSchedule(8, Milliseconds(1'000), 5));
}

void tst_Fault::faultsComeInOrderAndEndInTime()
{
    for (std::uint64_t seed = 0; seed < 500; ++seed) {
        const Schedule schedule = makeSchedule(seed, Milliseconds(1'000), 6);
        QCOMPARE(schedule.size(), 6u);
        QVERIFY(std::ranges::is_sorted(schedule, {}, &Fault::at));
        for (const Fault &fault : schedule)
            QVERIFY(fault.at + fault.lasts <= Milliseconds(1'000));
    }
}

void tst_Fault::allKindsComeUp()
{
    std::set<std::pair<Fault::Kind, Way>> seen;
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        for (const Fault &fault : makeSchedule(seed, Milliseconds(1'000), 4))
            seen.emplace(fault.kind, fault.way);
    }
    QCOMPARE(seen.size(), 14u);
}

void tst_Fault::aScheduleCanBeRead()
{
    const Schedule schedule{
        {Milliseconds(5), Fault::Kind::Delay, Way::ToClient, 20, Milliseconds(100)},
        {Milliseconds(9), Fault::Kind::Cut, Way::ToServer, 3, {}}};
    QCOMPARE(describe(schedule),
             "5 ms: delay to the client, 20, for 100 ms\n9 ms: cut to the server, 3\n");
}

QTEST_APPLESS_MAIN(tst_Fault)
#include "tst_fault.moc"

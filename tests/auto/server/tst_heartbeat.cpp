// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "heartbeat_p.h"

#include "errorbudget_p.h"

#include <QtTest/qtest.h>

using namespace Dispatch;
using namespace std::chrono_literals;

class tst_Heartbeat : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void firstPingIsDueAtOnce();
    void nextPingIsDueAfterTheInterval();
    void firstIntervalIsSpread_data();
    void firstIntervalIsSpread();
    void silentPeerIsDeadAfterTheTimeout();
    void anythingHeardIsASignOfLife();
    void whatWasHeardBeforeThePingIsNone();
    void waitingPeerIsNotPingedAgain();
    void peerThatSpeaksAndNeverAnswersIsDead();
    void anAnswerToAnyPingShowsThatThePeerHears();
    void peerThatHasNotTakenWhatWaitsForItIsExcused();
    void halfRoundTripIsMeasured();
    void strayAnswersMeasureNothing();
    void tenErrorsInTenSecondsAreOneTooMany();
    void errorsFarApartAreForgiven();
};

namespace {

const TimePoint Start{1'000s};

Heartbeat make(double spread = 0)
{
    return {25s, 10s, Start, spread};
}

} // namespace

void tst_Heartbeat::firstPingIsDueAtOnce()
{
    QCOMPARE(make().check(Start, Start), Heartbeat::Action::Ping);
}

void tst_Heartbeat::nextPingIsDueAfterTheInterval()
{
    Heartbeat heartbeat = make();
    heartbeat.pong(Start + 1ms, heartbeat.ping(Start));
    QCOMPARE(heartbeat.check(Start + 24'999ms, Start + 1ms), Heartbeat::Action::None);
    QCOMPARE(heartbeat.check(Start + 25s, Start + 1ms), Heartbeat::Action::Ping);
}

void tst_Heartbeat::firstIntervalIsSpread_data()
{
    QTest::addColumn<double>("spread");
    QTest::addColumn<int>("due");
    QTest::newRow("not at all") << 0.0 << 25'000;
    QTest::newRow("a half") << 0.5 << 18'750;
    QTest::newRow("almost whole") << 0.9999 << 12'502;
}

void tst_Heartbeat::firstIntervalIsSpread()
{
    QFETCH(double, spread);
    QFETCH(int, due);
    Heartbeat heartbeat = make(spread);
    heartbeat.pong(Start + 1ms, heartbeat.ping(Start));
    const auto heard = Start + 1ms;
    QCOMPARE(heartbeat.check(Start + milliseconds(due - 2), heard), Heartbeat::Action::None);
    QCOMPARE(heartbeat.check(Start + milliseconds(due + 2), heard), Heartbeat::Action::Ping);
    // The second one is not.
    const TimePoint second = Start + milliseconds(due + 2);
    heartbeat.pong(second + 1ms, heartbeat.ping(second));
    QCOMPARE(heartbeat.check(second + 24'999ms, second + 1ms), Heartbeat::Action::None);
    QCOMPARE(heartbeat.check(second + 25s, second + 1ms), Heartbeat::Action::Ping);
}

void tst_Heartbeat::silentPeerIsDeadAfterTheTimeout()
{
    Heartbeat heartbeat = make();
    heartbeat.ping(Start);
    QCOMPARE(heartbeat.check(Start + 9'999ms, Start - 1ms), Heartbeat::Action::None);
    QCOMPARE(heartbeat.check(Start + 10s, Start - 1ms), Heartbeat::Action::Dead);
}

void tst_Heartbeat::anythingHeardIsASignOfLife()
{
    Heartbeat heartbeat = make();
    heartbeat.ping(Start);
    QCOMPARE(heartbeat.check(Start + 10s, Start + 1ms), Heartbeat::Action::None);
    QCOMPARE(heartbeat.check(Start + 25s, Start + 1ms), Heartbeat::Action::Ping);
}

void tst_Heartbeat::whatWasHeardBeforeThePingIsNone()
{
    Heartbeat heartbeat = make();
    heartbeat.pong(Start + 1ms, heartbeat.ping(Start));
    heartbeat.ping(Start + 25s);
    QCOMPARE(heartbeat.check(Start + 35s, Start + 24s), Heartbeat::Action::Dead);
}

void tst_Heartbeat::waitingPeerIsNotPingedAgain()
{
    Heartbeat heartbeat(5s, 60s, Start, 0);
    heartbeat.ping(Start);
    QCOMPARE(heartbeat.check(Start + 59s, Start - 1s), Heartbeat::Action::None);
    QCOMPARE(heartbeat.check(Start + 60s, Start - 1s), Heartbeat::Action::Dead);
}

void tst_Heartbeat::peerThatSpeaksAndNeverAnswersIsDead()
{
    Heartbeat heartbeat = make();
    heartbeat.ping(Start);
    QCOMPARE(heartbeat.check(Start + 25s, Start + 25s), Heartbeat::Action::Ping);
    heartbeat.ping(Start + 25s);
    QCOMPARE(heartbeat.check(Start + 34'999ms, Start + 34s), Heartbeat::Action::None);
    QCOMPARE(heartbeat.check(Start + 35s, Start + 34s), Heartbeat::Action::Dead);
}

void tst_Heartbeat::anAnswerToAnyPingShowsThatThePeerHears()
{
    Heartbeat heartbeat = make();
    const std::string first = heartbeat.ping(Start);
    heartbeat.ping(Start + 25s);
    QVERIFY(!heartbeat.pong(Start + 26s, first));
    QCOMPARE(heartbeat.check(Start + 59s, Start + 58s), Heartbeat::Action::Ping);
    QCOMPARE(heartbeat.check(Start + 60s, Start + 59s), Heartbeat::Action::Dead);
}

void tst_Heartbeat::peerThatHasNotTakenWhatWaitsForItIsExcused()
{
    Heartbeat heartbeat = make();
    heartbeat.ping(Start);
    heartbeat.excuse(Start + 30s);
    QCOMPARE(heartbeat.check(Start + 64s, Start + 64s), Heartbeat::Action::Ping);
    QCOMPARE(heartbeat.check(Start + 65s, Start + 65s), Heartbeat::Action::Dead);
}

void tst_Heartbeat::halfRoundTripIsMeasured()
{
    Heartbeat heartbeat = make();
    QCOMPARE(heartbeat.halfRoundTrip(), Duration::zero());
    heartbeat.pong(Start + 30ms, heartbeat.ping(Start));
    QCOMPARE(heartbeat.halfRoundTrip(), Duration(15ms));
}

void tst_Heartbeat::strayAnswersMeasureNothing()
{
    Heartbeat heartbeat = make();
    heartbeat.pong(Start + 1s, "");
    const std::string old = heartbeat.ping(Start);
    const std::string asked = heartbeat.ping(Start + 25s);
    heartbeat.pong(Start + 26s, old);
    heartbeat.pong(Start + 26s, "something else");
    QCOMPARE(heartbeat.halfRoundTrip(), Duration::zero());
    heartbeat.pong(Start + 25s + 2ms, asked);
    heartbeat.pong(Start + 30s, asked);
    QCOMPARE(heartbeat.halfRoundTrip(), Duration(1ms));
}

void tst_Heartbeat::tenErrorsInTenSecondsAreOneTooMany()
{
    ErrorBudget budget;
    for (int i = 0; i < 9; ++i)
        QVERIFY(!budget.spend(Start + i * 1s));
    QVERIFY(budget.spend(Start + 9'999ms));
}

void tst_Heartbeat::errorsFarApartAreForgiven()
{
    ErrorBudget budget;
    for (int i = 0; i < 100; ++i)
        QVERIFY(!budget.spend(Start + i * 1'200ms));
}

QTEST_APPLESS_MAIN(tst_Heartbeat)
#include "tst_heartbeat.moc"

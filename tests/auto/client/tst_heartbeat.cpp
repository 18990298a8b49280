// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "heartbeat_p.h"

#include <QtTest/qtest.h>

using namespace Dispatch;
using namespace std::chrono_literals;
using Verdict = Heartbeat::Verdict;

class tst_Heartbeat : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void asksWhenNothingCameForTheInterval();
    void doesNotAskWhileSomethingComes();
    void deadWhenNothingCameForTheTimeoutMore();
    void anythingThatComesIsLife();
    void sleepIsFollowedByAProbe_data();
    void sleepIsFollowedByAProbe();
    void probeHasAShortDeadline();
    void probeThatIsAnsweredIsForgotten();
    void measuresHalfTheRoundTrip();
    void lateAnswersToOldPingsMeasureNothing();

private:
    // Goes on as a running machine does, until something is asked for or `until` is reached.
    Verdict runTo(Instant until)
    {
        while (m_now < until) {
            m_now += 1s;
            m_wall += 1s;
            if (const auto verdict = m_heartbeat.check(m_now, m_wall); verdict != Verdict::Fine)
                return verdict;
        }
        return Verdict::Fine;
    }

    Heartbeat m_heartbeat;
    Instant m_now{};
    Milliseconds m_wall{};
};

void tst_Heartbeat::init()
{
    m_heartbeat = {};
    m_now = {};
    m_wall = 1'700'000'000s;
    m_heartbeat.start(m_now, m_wall);
}

void tst_Heartbeat::asksWhenNothingCameForTheInterval()
{
    QCOMPARE(runTo(24s), Verdict::Fine);
    QCOMPARE(runTo(25s), Verdict::SendPing);
}

void tst_Heartbeat::doesNotAskWhileSomethingComes()
{
    for (int i = 1; i < 20; ++i) {
        QCOMPARE(runTo(i * 20s), Verdict::Fine);
        m_heartbeat.heard(m_now);
    }
}

void tst_Heartbeat::deadWhenNothingCameForTheTimeoutMore()
{
    QCOMPARE(runTo(25s), Verdict::SendPing);
    QCOMPARE(runTo(34s), Verdict::Fine);
    QCOMPARE(runTo(35s), Verdict::Dead);
}

void tst_Heartbeat::anythingThatComesIsLife()
{
    QCOMPARE(runTo(25s), Verdict::SendPing);
    QCOMPARE(runTo(34s), Verdict::Fine);
    m_heartbeat.heard(m_now);
    QCOMPARE(runTo(58s), Verdict::Fine);
    QCOMPARE(runTo(59s), Verdict::SendPing);
}

void tst_Heartbeat::sleepIsFollowedByAProbe_data()
{
    QTest::addColumn<int>("monotonic");
    QTest::addColumn<int>("wall");
    QTest::newRow("the monotonic clock stood still") << 1 << 3600;
    QTest::newRow("the timer came late") << 600 << 600;
    QTest::newRow("the clock was set back") << 1 << -3600;
}

void tst_Heartbeat::sleepIsFollowedByAProbe()
{
    QFETCH(int, monotonic);
    QFETCH(int, wall);
    m_now += std::chrono::seconds(monotonic);
    m_wall += std::chrono::seconds(wall);
    QCOMPARE(m_heartbeat.check(m_now, m_wall), Verdict::SendPing);
}

void tst_Heartbeat::probeHasAShortDeadline()
{
    m_now += 1s;
    m_wall += 3600s;
    QCOMPARE(m_heartbeat.check(m_now, m_wall), Verdict::SendPing);
    QCOMPARE(runTo(3s), Verdict::Fine);
    QCOMPARE(runTo(4s), Verdict::Dead);
}

void tst_Heartbeat::probeThatIsAnsweredIsForgotten()
{
    m_wall += 3600s;
    QCOMPARE(m_heartbeat.check(m_now, m_wall), Verdict::SendPing);
    const auto id = m_heartbeat.sendPing(m_now);
    QVERIFY(m_heartbeat.pong(id, m_now + 100ms));
    QCOMPARE(runTo(24s), Verdict::Fine);
}

void tst_Heartbeat::measuresHalfTheRoundTrip()
{
    const auto id = m_heartbeat.sendPing(10ms);
    QCOMPARE(m_heartbeat.pong(id, 30ms)->count(), 10.0);
    QVERIFY(!m_heartbeat.pong(id, 40ms));
}

void tst_Heartbeat::lateAnswersToOldPingsMeasureNothing()
{
    const auto first = m_heartbeat.sendPing(10ms);
    const auto second = m_heartbeat.sendPing(20ms);
    QVERIFY(!m_heartbeat.pong(first, 30ms));
    QCOMPARE(m_heartbeat.pong(second, 30ms)->count(), 5.0);
}

QTEST_APPLESS_MAIN(tst_Heartbeat)
#include "tst_heartbeat.moc"

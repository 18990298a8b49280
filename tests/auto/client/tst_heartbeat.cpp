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
    void asksEachInterval();
    void silentWhenNothingCameForTheTimeoutMore();
    void anythingThatComesIsLife();
    void deafWhenThereIsNoAnswerWhileSomethingComes();
    void anAnswerToAnyPingShowsThatTheServerHears();
    void answersAreNotMissedWhileOursIsStillOnItsWay();
    void whatIsNotLookedAtProvesNothing();
    void probeHasAShortDeadline();
    void probeShortensTheDeadlineThatThereIs();
    void whatWasOnItsWayBeforeTheProbeIsNoAnswer();
    void doubtUponDoubtIsOneProbe();
    void probeThatIsAnsweredIsForgotten();
    void measuresHalfTheRoundTrip();
    void lateAnswersToOldPingsMeasureNothing();

private:
    // Goes on as a running machine does, until something is asked for or `until` is reached.
    Verdict runTo(Instant until)
    {
        while (m_now < until) {
            m_now += 1s;
            if (const auto verdict = check(); verdict != Verdict::Fine)
                return verdict;
        }
        return Verdict::Fine;
    }
    Verdict check()
    {
        const Verdict verdict = m_heartbeat.check(m_now);
        if (verdict == Verdict::SendPing)
            m_ping = m_heartbeat.sendPing(m_now);
        return verdict;
    }

    void probe()
    {
        QVERIFY(m_heartbeat.probe());
        m_ping = m_heartbeat.sendPing(m_now);
    }

    Heartbeat m_heartbeat;
    Instant m_now{};
    std::uint32_t m_ping = 0;
};

void tst_Heartbeat::init()
{
    m_heartbeat = {};
    m_now = {};
    m_heartbeat.start(m_now);
}

void tst_Heartbeat::asksEachInterval()
{
    for (int i = 1; i < 20; ++i) {
        QCOMPARE(runTo(i * 25s - 1s), Verdict::Fine);
        m_heartbeat.heard(m_now);
        QCOMPARE(runTo(i * 25s), Verdict::SendPing);
        m_heartbeat.pong(m_ping, m_now);
    }
}

void tst_Heartbeat::silentWhenNothingCameForTheTimeoutMore()
{
    QCOMPARE(runTo(25s), Verdict::SendPing);
    QCOMPARE(runTo(34s), Verdict::Fine);
    QCOMPARE(runTo(35s), Verdict::Silent);
}

void tst_Heartbeat::anythingThatComesIsLife()
{
    QCOMPARE(runTo(25s), Verdict::SendPing);
    QCOMPARE(runTo(34s), Verdict::Fine);
    m_heartbeat.heard(m_now);
    QCOMPARE(runTo(49s), Verdict::Fine);
    QCOMPARE(runTo(50s), Verdict::SendPing);
    QCOMPARE(runTo(59s), Verdict::Fine);
}

void tst_Heartbeat::deafWhenThereIsNoAnswerWhileSomethingComes()
{
    QCOMPARE(runTo(25s), Verdict::SendPing);
    for (Instant at = 26s; at < 60s; at += 1s) {
        QCOMPARE(runTo(at), at == 50s ? Verdict::SendPing : Verdict::Fine);
        m_heartbeat.heard(m_now);
    }
    QCOMPARE(runTo(60s), Verdict::Deaf);
}

void tst_Heartbeat::anAnswerToAnyPingShowsThatTheServerHears()
{
    QCOMPARE(runTo(25s), Verdict::SendPing);
    const auto first = m_ping;
    m_heartbeat.heard(m_now);
    QCOMPARE(runTo(50s), Verdict::SendPing);
    m_heartbeat.heard(m_now);
    QVERIFY(!m_heartbeat.pong(first, m_now));
    QCOMPARE(runTo(75s), Verdict::SendPing);
    m_heartbeat.heard(m_now);
    QCOMPARE(runTo(84s), Verdict::Fine);
    QCOMPARE(runTo(85s), Verdict::Deaf);
}

void tst_Heartbeat::answersAreNotMissedWhileOursIsStillOnItsWay()
{
    QCOMPARE(runTo(25s), Verdict::SendPing);
    for (Instant at = 26s; at < 120s; at += 1s) {
        QVERIFY(runTo(at) != Verdict::Deaf);
        m_heartbeat.heard(m_now);
        m_heartbeat.progressed(m_now);
    }
}

void tst_Heartbeat::whatIsNotLookedAtProvesNothing()
{
    QCOMPARE(runTo(25s), Verdict::SendPing);
    for (Instant at = 26s; at < 120s; at += 1s) {
        m_heartbeat.excuse(m_now);
        const Verdict verdict = runTo(at);
        QVERIFY(verdict == Verdict::Fine || verdict == Verdict::SendPing);
    }
}

void tst_Heartbeat::probeHasAShortDeadline()
{
    probe();
    QCOMPARE(runTo(2s), Verdict::Fine);
    QCOMPARE(runTo(3s), Verdict::Silent);
}

void tst_Heartbeat::probeShortensTheDeadlineThatThereIs()
{
    QCOMPARE(runTo(25s), Verdict::SendPing);
    QCOMPARE(runTo(26s), Verdict::Fine);
    probe();
    QCOMPARE(runTo(28s), Verdict::Fine);
    QCOMPARE(runTo(29s), Verdict::Silent);
}

void tst_Heartbeat::whatWasOnItsWayBeforeTheProbeIsNoAnswer()
{
    const auto before = m_heartbeat.sendPing(m_now);
    probe();
    QCOMPARE(runTo(1s), Verdict::Fine);
    m_heartbeat.heard(m_now);
    QVERIFY(!m_heartbeat.pong(before, m_now));
    QCOMPARE(runTo(3s), Verdict::Fine);
    QCOMPARE(runTo(4s), Verdict::Silent);
}

void tst_Heartbeat::doubtUponDoubtIsOneProbe()
{
    probe();
    QCOMPARE(runTo(1s), Verdict::Fine);
    QVERIFY(!m_heartbeat.probe());
    QCOMPARE(runTo(3s), Verdict::Silent);
}

void tst_Heartbeat::probeThatIsAnsweredIsForgotten()
{
    probe();
    QVERIFY(m_heartbeat.pong(m_ping, m_now + 100ms));
    QCOMPARE(runTo(24s), Verdict::Fine);
    QCOMPARE(runTo(25s), Verdict::SendPing);
    QCOMPARE(runTo(34s), Verdict::Fine);
    QVERIFY(m_heartbeat.probe());
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

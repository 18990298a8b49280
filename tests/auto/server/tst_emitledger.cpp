// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "emitledger_p.h"

#include <QtTest/qtest.h>

using namespace Dispatch;

class tst_EmitLedger : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void numbersHaveNoGaps_data();
    void numbersHaveNoGaps();
    void acknowledgesTheLastOne();
    void acknowledgementIsDueWhenWishedOrAfterMany();
    void whatIsOnItsWayIsNotAcknowledged();
    void goesOnWhereAnotherServerLeftOff();
    void refusedOnesAreRemembered();
    void oldRefusedOnesAreForgottenAndThatIsSaid();
};

namespace {

using Verdict = EmitLedger::Verdict;

void dealWithNext(EmitLedger &ledger, std::uint64_t seq = 0)
{
    const std::uint64_t emit = ledger.last() + 1;
    ledger.take(emit);
    ledger.settle(emit, seq);
}

EmitLedger after(int emits)
{
    EmitLedger ledger;
    for (int i = 0; i < emits; ++i)
        dealWithNext(ledger);
    return ledger;
}

} // namespace

void tst_EmitLedger::numbersHaveNoGaps_data()
{
    QTest::addColumn<int>("taken");
    QTest::addColumn<quint64>("emit");
    QTest::addColumn<int>("verdict");
    QTest::newRow("the first") << 0 << quint64(1) << int(Verdict::Next);
    QTest::newRow("not the first") << 0 << quint64(2) << int(Verdict::Gap);
    QTest::newRow("the next") << 7 << quint64(8) << int(Verdict::Next);
    QTest::newRow("the last again") << 7 << quint64(7) << int(Verdict::Repeated);
    QTest::newRow("an old one") << 7 << quint64(1) << int(Verdict::Repeated);
    QTest::newRow("one too far") << 7 << quint64(9) << int(Verdict::Gap);
    QTest::newRow("much too far") << 7 << ~quint64(0) << int(Verdict::Gap);
}

void tst_EmitLedger::numbersHaveNoGaps()
{
    QFETCH(int, taken);
    QFETCH(quint64, emit);
    QFETCH(int, verdict);
    QCOMPARE(int(after(taken).judge(emit)), verdict);
}

void tst_EmitLedger::acknowledgesTheLastOne()
{
    EmitLedger ledger;
    dealWithNext(ledger, 40);
    dealWithNext(ledger, 42);
    QVERIFY(ledger.takeAck() == (EmitLedger::Ack{2, 42}));
    // It stays what it is for one who asks again.
    QVERIFY(ledger.takeAck() == (EmitLedger::Ack{2, 42}));
    dealWithNext(ledger);
    QVERIFY(ledger.takeAck() == (EmitLedger::Ack{3, 0}));
}

void tst_EmitLedger::acknowledgementIsDueWhenWishedOrAfterMany()
{
    EmitLedger ledger;
    QVERIFY(!ledger.hasUnacknowledged());
    for (std::uint64_t i = 1; i < EmitLedger::MostUnacknowledged; ++i)
        dealWithNext(ledger);
    QVERIFY(ledger.hasUnacknowledged());
    QVERIFY(!ledger.isAckDue());
    dealWithNext(ledger);
    QVERIFY(ledger.isAckDue());
    ledger.takeAck();
    QVERIFY(!ledger.hasUnacknowledged());
    ledger.repeatAck();
    QVERIFY(ledger.isAckDue());
    QVERIFY(ledger.hasUnacknowledged());
    ledger.takeAck();
    QVERIFY(!ledger.isAckDue());
}

void tst_EmitLedger::whatIsOnItsWayIsNotAcknowledged()
{
    EmitLedger ledger = after(2);
    ledger.takeAck();
    ledger.take(3);
    ledger.take(4);
    ledger.wantAck();
    QVERIFY(!ledger.isAckDue());
    QVERIFY(!ledger.hasUnacknowledged());
    ledger.settle(3, 17);
    QVERIFY(ledger.isAckDue());
    QVERIFY(ledger.takeAck() == (EmitLedger::Ack{3, 17}));
    // Somebody waits for the other one still.
    QVERIFY(!ledger.isAckDue());
    ledger.settle(4, 18);
    QVERIFY(ledger.isAckDue());
    QVERIFY(ledger.takeAck() == (EmitLedger::Ack{4, 18}));
    QCOMPARE(int(ledger.judge(4)), int(Verdict::Repeated));
}

void tst_EmitLedger::goesOnWhereAnotherServerLeftOff()
{
    EmitLedger ledger;
    ledger.resumeAt(6, {{5, Refusal::RateLimited}}, 3);
    QCOMPARE(ledger.settled(), std::uint64_t(6));
    QCOMPARE(ledger.refusedSince(), std::uint64_t(3));
    QCOMPARE(ledger.refused().size(), std::size_t(1));
    QVERIFY(!ledger.hasUnacknowledged());
    QCOMPARE(int(ledger.judge(6)), int(Verdict::Repeated));
    // The client knows that 7 and 8 were refused.
    QCOMPARE(int(ledger.judge(9)), int(Verdict::Next));
    ledger.take(9);
    QCOMPARE(int(ledger.judge(11)), int(Verdict::Gap));
}

void tst_EmitLedger::refusedOnesAreRemembered()
{
    EmitLedger ledger = after(3);
    ledger.refuse(ledger.last(), Refusal::ReservedEvent);
    dealWithNext(ledger);
    dealWithNext(ledger);
    ledger.refuse(ledger.last(), Refusal::RateLimited);
    const std::vector<RefusedEmit> expected{{3, Refusal::ReservedEvent}, {5, Refusal::RateLimited}};
    QVERIFY(ledger.refused() == expected);
    QCOMPARE(ledger.refusedSince(), std::uint64_t(1));
    QCOMPARE(ledger.last(), std::uint64_t(5));
}

void tst_EmitLedger::oldRefusedOnesAreForgottenAndThatIsSaid()
{
    EmitLedger ledger;
    for (std::size_t i = 0; i < EmitLedger::MostRefused + 2; ++i) {
        dealWithNext(ledger);
        dealWithNext(ledger);
        ledger.refuse(ledger.last(), Refusal::RateLimited);
    }
    QCOMPARE(ledger.refused().size(), EmitLedger::MostRefused);
    QCOMPARE(ledger.refused().front().emit, std::uint64_t(6));
    QCOMPARE(ledger.refusedSince(), std::uint64_t(5));
}

QTEST_APPLESS_MAIN(tst_EmitLedger)
#include "tst_emitledger.moc"

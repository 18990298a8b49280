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
    void refusedOnesAreRemembered();
    void oldRefusedOnesAreForgottenAndThatIsSaid();
};

namespace {

using Verdict = EmitLedger::Verdict;

EmitLedger after(int emits)
{
    EmitLedger ledger;
    for (int i = 0; i < emits; ++i)
        ledger.take();
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
    ledger.take();
    ledger.setSeq(40);
    ledger.take();
    ledger.setSeq(42);
    QVERIFY(ledger.takeAck() == (EmitLedger::Ack{2, 42}));
    // It stays what it is for one who asks again.
    QVERIFY(ledger.takeAck() == (EmitLedger::Ack{2, 42}));
    ledger.take();
    QVERIFY(ledger.takeAck() == (EmitLedger::Ack{3, 0}));
}

void tst_EmitLedger::acknowledgementIsDueWhenWishedOrAfterMany()
{
    EmitLedger ledger;
    QVERIFY(!ledger.hasUnacknowledged());
    for (int i = 1; i < EmitLedger::MostUnacknowledged; ++i)
        ledger.take();
    QVERIFY(ledger.hasUnacknowledged());
    QVERIFY(!ledger.isAckDue());
    ledger.take();
    QVERIFY(ledger.isAckDue());
    ledger.takeAck();
    QVERIFY(!ledger.hasUnacknowledged());
    ledger.wantAck();
    QVERIFY(ledger.isAckDue());
    QVERIFY(ledger.hasUnacknowledged());
    ledger.takeAck();
    QVERIFY(!ledger.isAckDue());
}

void tst_EmitLedger::refusedOnesAreRemembered()
{
    EmitLedger ledger = after(3);
    ledger.refuse(Refusal::ReservedEvent);
    ledger.take();
    ledger.take();
    ledger.refuse(Refusal::RateLimited);
    const std::vector<RefusedEmit> expected{{3, Refusal::ReservedEvent}, {5, Refusal::RateLimited}};
    QVERIFY(ledger.refused() == expected);
    QCOMPARE(ledger.refusedSince(), std::uint64_t(1));
    QCOMPARE(ledger.last(), std::uint64_t(5));
}

void tst_EmitLedger::oldRefusedOnesAreForgottenAndThatIsSaid()
{
    EmitLedger ledger;
    for (std::size_t i = 0; i < EmitLedger::MostRefused + 2; ++i) {
        ledger.take();
        ledger.take();
        ledger.refuse(Refusal::RateLimited);
    }
    QCOMPARE(ledger.refused().size(), EmitLedger::MostRefused);
    QCOMPARE(ledger.refused().front().emit, std::uint64_t(6));
    QCOMPARE(ledger.refusedSince(), std::uint64_t(5));
}

QTEST_APPLESS_MAIN(tst_EmitLedger)
#include "tst_emitledger.moc"

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "pendingemissions_p.h"

#include <QtTest/qtest.h>

using namespace Dispatch;
using Engine::Failure;
using Engine::Published;

class tst_PendingEmissions : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void isSettledInOrder();
    void numbersAreThoseOfTheShard();
    void failureIsTold();
    void whatFollowsAFailureIsPublishedAgain();
    void otherMessagesWaitTheirTurn();
    void anotherStreamWaits();
    void lateAnswersAreIgnored();
    void isBounded();
};

namespace {

Engine::Emission toShard(std::uint64_t emit, std::uint64_t after)
{
    Engine::Emission emission;
    emission.stream = {"p", "s"};
    emission.emit = emit;
    emission.after = after;
    return emission;
}

Engine::Emission direct(std::uint64_t emit, std::uint64_t after)
{
    Engine::Emission emission = toShard(emit, after);
    emission.stream = {"p"};
    return emission;
}

/// The ticket of what is published at once.
std::uint64_t begun(PendingEmissions &pending, std::uint64_t emit, const Engine::Emission &emission)
{
    pending.add(emit, emission);
    return pending.takeStep()->ticket;
}

Published at(std::uint64_t seq)
{
    return {{1, seq}, false};
}

} // namespace

void tst_PendingEmissions::isSettledInOrder()
{
    PendingEmissions pending;
    const auto first = begun(pending, 1, toShard(1, 0));
    const auto second = begun(pending, 2, toShard(2, 1));
    pending.answer(second, at(12));
    QVERIFY(!pending.takeSettled());
    QVERIFY(!pending.takeStep());
    pending.answer(first, at(11));
    QCOMPARE(pending.takeSettled()->emit, std::uint64_t(1));
    const auto settled = pending.takeSettled();
    QCOMPARE(settled->emit, std::uint64_t(2));
    QCOMPARE(settled->mark.seq, std::uint64_t(12));
    QVERIFY(pending.isEmpty());
}

void tst_PendingEmissions::numbersAreThoseOfTheShard()
{
    PendingEmissions pending;
    pending.answer(begun(pending, 1, direct(1, 0)), at(40));
    QCOMPARE(pending.takeSettled()->mark.seq, std::uint64_t(0));
}

void tst_PendingEmissions::failureIsTold()
{
    PendingEmissions pending;
    pending.answer(begun(pending, 5, toShard(5, 4)), Failure::Unavailable);
    const auto settled = pending.takeSettled();
    QCOMPARE(settled->emit, std::uint64_t(5));
    QVERIFY(settled->failure == Failure::Unavailable);
}

void tst_PendingEmissions::whatFollowsAFailureIsPublishedAgain()
{
    PendingEmissions pending;
    const auto first = begun(pending, 1, toShard(1, 0));
    const auto second = begun(pending, 2, toShard(2, 1));
    const auto third = begun(pending, 3, toShard(3, 2));
    pending.answer(second, Failure::EmitGap);
    pending.answer(third, Failure::EmitGap);
    // The one before it may still succeed: only then is it its turn.
    QVERIFY(!pending.takeStep());
    pending.answer(first, Failure::Unavailable);
    QVERIFY(pending.takeSettled()->failure);
    QVERIFY(!pending.takeSettled());
    const auto repeat = pending.takeStep();
    QCOMPARE(repeat->ticket, second);
    QCOMPARE(repeat->emission.emit, std::uint64_t(2));
    QCOMPARE(repeat->emission.after, std::uint64_t(0));
    QVERIFY(!pending.takeStep());
    pending.answer(second, at(8));
    QCOMPARE(pending.takeSettled()->mark.seq, std::uint64_t(8));
    QCOMPARE(pending.takeStep()->ticket, third);
}

void tst_PendingEmissions::otherMessagesWaitTheirTurn()
{
    PendingEmissions pending;
    const auto first = begun(pending, 1, toShard(1, 0));
    pending.pass(2);
    QVERIFY(!pending.takeSettled());
    pending.answer(first, at(1));
    QCOMPARE(pending.takeSettled()->emit, std::uint64_t(1));
    const auto passed = pending.takeSettled();
    QCOMPARE(passed->emit, std::uint64_t(2));
    QVERIFY(!passed->failure);
    QCOMPARE(passed->mark.seq, std::uint64_t(0));
}

void tst_PendingEmissions::anotherStreamWaits()
{
    PendingEmissions pending;
    const auto first = begun(pending, 1, toShard(1, 0));
    const auto second = begun(pending, 2, toShard(2, 1));
    pending.add(3, direct(3, 0));
    pending.pass(4);
    pending.add(5, toShard(5, 2));
    QVERIFY(!pending.takeStep());
    pending.answer(second, at(12));
    pending.answer(first, at(11));
    QVERIFY(pending.takeSettled() && pending.takeSettled());
    const auto third = pending.takeStep();
    QCOMPARE(third->emission.emit, std::uint64_t(3));
    QVERIFY(!pending.takeStep());
    pending.answer(third->ticket, at(7));
    QCOMPARE(pending.takeSettled()->emit, std::uint64_t(3));
    QCOMPARE(pending.takeSettled()->emit, std::uint64_t(4));
    const auto last = pending.takeStep();
    QCOMPARE(last->emission.emit, std::uint64_t(5));
    pending.answer(last->ticket, at(13));
    QCOMPARE(pending.takeSettled()->mark.seq, std::uint64_t(13));
    QVERIFY(pending.isEmpty());
}

void tst_PendingEmissions::lateAnswersAreIgnored()
{
    PendingEmissions pending;
    const auto first = begun(pending, 1, toShard(1, 0));
    pending.answer(first, at(1));
    pending.takeSettled();
    pending.answer(first, at(1));
    pending.answer(first + 100, at(1));
    QVERIFY(pending.isEmpty());
    QVERIFY(!pending.takeSettled());
}

void tst_PendingEmissions::isBounded()
{
    PendingEmissions pending;
    for (std::uint64_t i = 1; i <= PendingEmissions::Most; ++i) {
        QVERIFY(!pending.isFull());
        pending.add(i, toShard(i, i - 1));
    }
    QVERIFY(pending.isFull());
}

QTEST_APPLESS_MAIN(tst_PendingEmissions)
#include "tst_pendingemissions.moc"

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "flood_p.h"
#include "tokenbucket_p.h"

#include <QtTest/qtest.h>

using namespace Dispatch;

/// How much a client may send, with a clock of its own.
class tst_TokenBucket : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void burstIsHadAtOnce_data();
    void burstIsHadAtOnce();
    void waitIsAsLongAsItSays_data() { burstIsHadAtOnce_data(); }
    void waitIsAsLongAsItSays();
    void rateHoldsInTheLongRun_data() { burstIsHadAtOnce_data(); }
    void rateHoldsInTheLongRun();
    void noRateIsNoLimit();
    void moreThanABucketNeedsAFullOne();
    void rateMayChange();
    void sharedBucketCountsAlike();
    void floodIsToldAtOnceThenNowAndThen();
    void floodEndsTheConnectionWhenItGoesOn();
};

namespace {

const TimePoint Start{std::chrono::hours(1'000)};
const Duration None{};

template<class Bucket>
int takenAtOnce(Bucket &bucket, const Rate &rate, TimePoint now)
{
    int taken = 0;
    while (taken < 1'000'000 && bucket.take(rate, 1, now) == None)
        ++taken;
    return taken;
}

} // namespace

void tst_TokenBucket::burstIsHadAtOnce_data()
{
    QTest::addColumn<double>("perSecond");
    QTest::addColumn<int>("burst");
    QTest::newRow("messages") << 500. << 5'000;
    QTest::newRow("user info") << 2. << 10;
    QTest::newRow("control frames") << 20. << 100;
    QTest::newRow("one by one") << 1. << 1;
    QTest::newRow("slower than one a second") << 0.5 << 3;
}

void tst_TokenBucket::burstIsHadAtOnce()
{
    QFETCH(double, perSecond);
    QFETCH(int, burst);
    TokenBucket bucket;
    QCOMPARE(takenAtOnce(bucket, {perSecond, double(burst)}, Start), burst);
}

void tst_TokenBucket::waitIsAsLongAsItSays()
{
    QFETCH(double, perSecond);
    QFETCH(int, burst);
    const Rate rate(perSecond, burst);
    TokenBucket bucket;
    takenAtOnce(bucket, rate, Start);
    const Duration wait = bucket.take(rate, 1, Start);
    QVERIFY(wait > None);
    QVERIFY(wait <= std::chrono::duration<double>(1 / perSecond));
    QVERIFY(bucket.take(rate, 1, Start + wait - std::chrono::nanoseconds(2)) > None);
    QCOMPARE(bucket.take(rate, 1, Start + wait), None);
}

void tst_TokenBucket::rateHoldsInTheLongRun()
{
    QFETCH(double, perSecond);
    QFETCH(int, burst);
    const Rate rate(perSecond, burst);
    TokenBucket bucket;
    int taken = 0;
    for (int ms = 0; ms < 100'000; ms += 10)
        taken += takenAtOnce(bucket, rate, Start + milliseconds(ms));
    QVERIFY(std::abs(taken - (burst + 100 * perSecond)) <= 1 + perSecond / 100);
}

void tst_TokenBucket::noRateIsNoLimit()
{
    TokenBucket bucket;
    SharedTokenBucket shared;
    for (int i = 0; i < 1'000; ++i) {
        QCOMPARE(bucket.take({0, 10}, 1e9, Start), None);
        QCOMPARE(shared.take({}, 1e9, Start), None);
    }
}

void tst_TokenBucket::moreThanABucketNeedsAFullOne()
{
    const Rate rate(10, 10);
    TokenBucket bucket;
    QCOMPARE(bucket.take(rate, 50, Start), None);
    QCOMPARE(bucket.take(rate, 1, Start), Duration(milliseconds(4'100)));
    QCOMPARE(bucket.take(rate, 50, Start), Duration(milliseconds(5'000)));
    QCOMPARE(bucket.take(rate, 50, Start + milliseconds(5'000)), None);
}

void tst_TokenBucket::rateMayChange()
{
    TokenBucket bucket;
    QCOMPARE(takenAtOnce(bucket, {10, 10}, Start), 10);
    QCOMPARE(takenAtOnce(bucket, {10, 20}, Start), 10);
    QCOMPARE(takenAtOnce(bucket, {10, 10}, Start + milliseconds(1'000)), 0);
    QCOMPARE(takenAtOnce(bucket, {10, 10}, Start + milliseconds(2'000)), 10);
}

void tst_TokenBucket::sharedBucketCountsAlike()
{
    const Rate rate(100, 50);
    TokenBucket one;
    SharedTokenBucket shared;
    for (int ms = 0; ms < 3'000; ms += 7) {
        const TimePoint now = Start + milliseconds(ms);
        QCOMPARE(takenAtOnce(shared, rate, now), takenAtOnce(one, rate, now));
    }
}

void tst_TokenBucket::floodIsToldAtOnceThenNowAndThen()
{
    Flood flood;
    const Duration patience = std::chrono::seconds(5);
    QCOMPARE(flood.untold(Start), 0);
    const auto toldAfterOneMore = [&flood, patience](TimePoint now) {
        flood.dropped(now, patience);
        flood.owe();
        return flood.untold(now);
    };
    QCOMPARE(toldAfterOneMore(Start), 1);
    QCOMPARE(toldAfterOneMore(Start), 0);
    QCOMPARE(toldAfterOneMore(Start + Flood::Interval / 2), 0);
    QCOMPARE(toldAfterOneMore(Start + Flood::Interval), 3);
    QCOMPARE(toldAfterOneMore(Start + Flood::Interval), 0);
    QCOMPARE(flood.untold(Start + Flood::Interval), 0);
    QCOMPARE(flood.untold(Start + 2 * Flood::Interval), 1);
    QCOMPARE(flood.untold(Start + 3 * Flood::Interval), 0);
}

void tst_TokenBucket::floodEndsTheConnectionWhenItGoesOn()
{
    const Duration patience = std::chrono::seconds(5);
    const milliseconds step = Flood::Pause - milliseconds(1);
    Flood steady;
    milliseconds time{0};
    for (; time < patience; time += step)
        QVERIFY(!steady.dropped(Start + time, patience));
    QVERIFY(steady.dropped(Start + time, patience));

    Flood pausing;
    for (int i = 0; i < 100; ++i)
        QVERIFY(!pausing.dropped(Start + i * Flood::Pause, patience));
}

QTEST_APPLESS_MAIN(tst_TokenBucket)
#include "tst_tokenbucket.moc"

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "pace_p.h"

#include <QtTest/qtest.h>

using namespace Dispatch;
using namespace std::chrono_literals;

/// When messages may be sent, by a clock that stands still until it is told otherwise.
class tst_Pace : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void soManyGoAtOnce_data();
    void soManyGoAtOnce();
    void theRestGoesAsItFlowsIn_data();
    void theRestGoesAsItFlowsIn();
    void aServerThatCountsWhenTheyArriveRefusesNone();
    void bytesCountToo();
    void whatIsLongerThanABucketGoesFromAFullOne();
    void whatDoesNotAskCountsToo();
    void aConnectionBeginsWithAFullBucket();
    void noNumberMakesItWaitForMoreThanADay();
};

namespace {

constexpr std::uint64_t Huge = 9'007'199'254'740'991;

/// How many messages of one byte go at \a now.
int atOnce(Pace &pace, Instant now, int most = 100'000)
{
    int sent = 0;
    for (; sent < most && pace.wait(1, now) == 0ns; ++sent)
        pace.sent(1, now);
    return sent;
}

} // namespace

void tst_Pace::soManyGoAtOnce_data()
{
    QTest::addColumn<quint64>("perSecond");
    QTest::addColumn<quint64>("burst");
    QTest::addColumn<int>("atOnce");
    QTest::newRow("no limit") << quint64(0) << quint64(0) << 100'000;
    QTest::newRow("no limit, whatever the burst") << quint64(0) << quint64(5) << 100'000;
    QTest::newRow("as servers are set: less what flows in in a second")
        << quint64(500) << quint64(5'000) << 4'500;
    QTest::newRow("half of a small one") << quint64(500) << quint64(600) << 300;
    QTest::newRow("one at least") << quint64(10) << quint64(1) << 1;
    QTest::newRow("a burst that was not told") << quint64(10) << quint64(0) << 1;
}

void tst_Pace::soManyGoAtOnce()
{
    QFETCH(quint64, perSecond);
    QFETCH(quint64, burst);
    Pace pace;
    pace.start({.messagesPerSecond = perSecond, .messageBurst = burst});
    QTEST(atOnce(pace, 1h), "atOnce");
}

void tst_Pace::theRestGoesAsItFlowsIn_data()
{
    QTest::addColumn<int>("ms");
    QTest::addColumn<int>("more");
    QTest::newRow("not yet") << 9 << 0;
    QTest::newRow("one") << 10 << 1;
    QTest::newRow("some") << 250 << 25;
    QTest::newRow("a bucket at most") << 3'600'000 << 900;
    QTest::newRow("not when the clock goes back") << -5'000 << 0;
}

void tst_Pace::theRestGoesAsItFlowsIn()
{
    QFETCH(int, ms);
    Pace pace;
    pace.start({.messagesPerSecond = 100, .messageBurst = 1'000});
    QCOMPARE(atOnce(pace, 1h), 900);
    QCOMPARE(pace.wait(1, 1h), Instant(10ms));
    QTEST(atOnce(pace, 1h + Milliseconds(ms)), "more");
}

void tst_Pace::aServerThatCountsWhenTheyArriveRefusesNone()
{
    // Its bucket, message by message: full at the beginning, and never fuller.
    const double perSecond = 500;
    const double burst = 5'000;
    double level = burst;
    Instant last = 0ns;
    Pace pace;
    pace.start({.messagesPerSecond = 500, .messageBurst = 5'000});
    Instant now = 0ns;
    for (int i = 0; i < 20'000; ++i) {
        now += pace.wait(1, now);
        pace.sent(1, now);
        // The first are on their way for longest; later ones arrive in heaps of 300 ms.
        const Instant heap = (now / 300ms + 1) * 300ms;
        const Instant arrival = std::max<Instant>(i < 1'000 ? now + 900ms : heap, last);
        level = std::min(burst, level + perSecond * double((arrival - last).count()) / 1e9) - 1;
        last = arrival;
        QVERIFY2(level >= 0, qPrintable(QString::number(i)));
    }
}

void tst_Pace::bytesCountToo()
{
    Pace pace;
    pace.start({.bytesPerSecond = 1'000, .byteBurst = 10'000});
    QCOMPARE(pace.wait(9'000, 0ns), Instant(0));
    pace.sent(9'000, 0ns);
    QCOMPARE(pace.wait(500, 0ns), Instant(500ms));
    QCOMPARE(pace.wait(500, 400ms), Instant(100ms));
    QCOMPARE(pace.wait(500, 500ms), Instant(0));
}

void tst_Pace::whatIsLongerThanABucketGoesFromAFullOne()
{
    Pace pace;
    pace.start({.bytesPerSecond = 1'000, .byteBurst = 4'000});
    QCOMPARE(pace.wait(50'000, 0ns), Instant(0));
    pace.sent(1'000, 0ns);
    QCOMPARE(pace.wait(50'000, 0ns), Instant(1s));
    pace.sent(50'000, 1s);
    QCOMPARE(pace.wait(1'000, 1s), Instant(48s));
}

void tst_Pace::whatDoesNotAskCountsToo()
{
    Pace pace;
    pace.start({.messagesPerSecond = 10, .messageBurst = 4});
    for (int i = 0; i < 5; ++i)
        pace.sent(1, 0ns);
    QCOMPARE(pace.wait(1, 0ns), Instant(400ms));
}

void tst_Pace::aConnectionBeginsWithAFullBucket()
{
    Pace pace;
    const SendingRates rates{.messagesPerSecond = 10, .messageBurst = 40};
    pace.start(rates);
    QCOMPARE(atOnce(pace, 0ns), 30);
    pace.start(rates);
    QCOMPARE(atOnce(pace, 0ns), 30);
    pace.start({});
    QCOMPARE(atOnce(pace, 0ns, 100), 100);
}

void tst_Pace::noNumberMakesItWaitForMoreThanADay()
{
    for (const SendingRates &rates :
         {SendingRates{1, 1, 1, 1}, SendingRates{Huge, Huge, Huge, Huge},
          SendingRates{1, Huge, 1, Huge}, SendingRates{Huge, 1, Huge, 1}}) {
        Pace pace;
        pace.start(rates);
        for (int i = 0; i < 1'000; ++i)
            pace.sent(384'000, 1h);
        QVERIFY(pace.wait(384'000, 1h) >= 0ns);
        QVERIFY(pace.wait(384'000, 1h) <= 24h);
    }
}

QTEST_GUILESS_MAIN(tst_Pace)

#include "tst_pace.moc"

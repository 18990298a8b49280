// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "latestinfo_p.h"

#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;
using namespace Dispatch;
using namespace std::chrono_literals;

/// When user info is sent, by a clock that stands still until it is told otherwise.
class tst_LatestInfo : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatIsSetIsSentOnlyIfTheServerHasAnother();
    void theNewestIsSentWhenThereIsRoom_data();
    void theNewestIsSentWhenThereIsRoom();
    void theServersBucketRefusesNone();
    void whatIsSetBackBeforeItsTurnIsNotSent();
    void whatIsRefusedIsSentAgain_data();
    void whatIsRefusedIsSentAgain();
    void theNewestTakesThePlaceOfWhatWasRefused();
    void severalRefusalsPutItOffOnce();
    void whatWasNotSentCanNotHaveBeenRefused();
    void aRefusalLongAfterItIsOfSomethingElse();
    void aNewSessionIsToldAgain();
    void aSessionThatGoesOnIsToldAgainByTheSameRate();

private:
    static constexpr SendingRates Rates{.userInfosPerSecond = 2, .userInfoBurst = 10};
    static QJsonObject value(int n) { return {{u"value"_s, n}}; }
};

namespace {

using MaybeInstant = std::optional<Instant>;
constexpr MaybeInstant Never;
constexpr MaybeInstant AtOnce = Instant::zero();

} // namespace

void tst_LatestInfo::whatIsSetIsSentOnlyIfTheServerHasAnother()
{
    LatestInfo info;
    QVERIFY(info.wait(1h) == Never);
    info.start({}, false);
    QVERIFY(info.wait(1h) == Never);
    QVERIFY(!info.set({}));
    QVERIFY(info.set(value(1)));
    QVERIFY(!info.set(value(1)));
    QCOMPARE(info.newest(), value(1));
    QVERIFY(info.wait(1h) == AtOnce);
    info.sent(1h);
    QVERIFY(info.wait(1h) == Never);
    QVERIFY(info.set({}));
    QVERIFY(info.wait(1h) == AtOnce);
}

void tst_LatestInfo::theNewestIsSentWhenThereIsRoom_data()
{
    QTest::addColumn<quint64>("perSecond");
    QTest::addColumn<quint64>("burst");
    QTest::addColumn<int>("sent");
    // The last of 50 changes, one each 20 ms, is set at 980 ms.
    QTest::addColumn<int>("lastAtMs");
    QTest::newRow("no limit, or none was told") << quint64(0) << quint64(0) << 50 << 980;
    QTest::newRow("as servers are set") << quint64(2) << quint64(10) << 10 << 1'000;
    QTest::newRow("half of a small burst") << quint64(2) << quint64(4) << 4 << 1'000;
    QTest::newRow("one by one") << quint64(1) << quint64(1) << 2 << 1'000;
    QTest::newRow("a burst that was not told") << quint64(1) << quint64(0) << 2 << 1'000;
}

void tst_LatestInfo::theNewestIsSentWhenThereIsRoom()
{
    QFETCH(quint64, perSecond);
    QFETCH(quint64, burst);
    LatestInfo info;
    info.start({.userInfosPerSecond = perSecond, .userInfoBurst = burst}, false);
    int sent = 0;
    int lastAtMs = -1;
    QJsonObject last;
    for (int ms = 0; ms <= 5'000; ++ms) {
        const Instant now = Milliseconds(ms);
        if (ms % 20 == 0 && ms < 1'000)
            info.set(value(ms / 20 + 1));
        if (info.wait(now) != AtOnce)
            continue;
        info.sent(now);
        ++sent;
        last = info.newest();
        lastAtMs = ms;
    }
    QCOMPARE(last, value(50));
    QTEST(sent, "sent");
    QTEST(lastAtMs, "lastAtMs");
}

void tst_LatestInfo::theServersBucketRefusesNone()
{
    // Full at the beginning; what is on its way arrives in heaps of 400 ms.
    double level = 10;
    Instant last = 0ns;
    LatestInfo info;
    info.start(Rates, false);
    for (int ms = 0; ms < 60'000; ms += 5) {
        const Instant now = Milliseconds(ms);
        info.set(value(ms));
        if (info.wait(now) != AtOnce)
            continue;
        info.sent(now);
        const Instant arrival = (now / 400ms + 1) * 400ms;
        level = std::min(10.0, level + 2 * double((arrival - last).count()) / 1e9) - 1;
        last = arrival;
        QVERIFY2(level >= 0, qPrintable(QString::number(ms)));
    }
}

void tst_LatestInfo::whatIsSetBackBeforeItsTurnIsNotSent()
{
    LatestInfo info;
    info.start({.userInfosPerSecond = 1, .userInfoBurst = 1}, false);
    info.set(value(1));
    info.sent(0ns);
    info.set(value(2));
    QVERIFY(info.wait(0ns) == MaybeInstant(1s));
    QVERIFY(info.wait(400ms) == MaybeInstant(600ms));
    info.set(value(1));
    QVERIFY(info.wait(400ms) == Never);
    QVERIFY(info.wait(1h) == Never);
}

void tst_LatestInfo::whatIsRefusedIsSentAgain_data()
{
    QTest::addColumn<int>("retryAfterMs");
    QTest::addColumn<int>("afterMs");
    QTest::newRow("when the server says") << 1'234 << 1'234;
    QTest::newRow("soon, if it does not say") << -1 << 500;
    QTest::newRow("not at once, whatever it says") << 0 << 500;
    QTest::newRow("in a minute at the latest") << std::numeric_limits<int>::max() << 60'000;
}

void tst_LatestInfo::whatIsRefusedIsSentAgain()
{
    QFETCH(int, retryAfterMs);
    QFETCH(int, afterMs);
    LatestInfo info;
    info.start({}, false);
    info.set(value(1));
    info.sent(1h);
    const auto retryAfter =
        retryAfterMs < 0 ? std::nullopt : std::optional(Milliseconds(retryAfterMs));
    info.refused(retryAfter, 1h);
    QVERIFY(info.wait(1h) == MaybeInstant(Milliseconds(afterMs)));
    QVERIFY(info.wait(1h + Milliseconds(afterMs)) == AtOnce);
    info.sent(1h + Milliseconds(afterMs));
    QVERIFY(info.wait(2h) == Never);
}

void tst_LatestInfo::theNewestTakesThePlaceOfWhatWasRefused()
{
    LatestInfo info;
    info.start({}, false);
    info.set(value(1));
    info.sent(0ns);
    info.set(value(2));
    info.sent(0ns);
    info.refused(800ms, 0ns);
    // Which of the two was refused, nobody knows.
    info.set(value(1));
    QVERIFY(info.wait(0ns) == MaybeInstant(800ms));
    QCOMPARE(info.newest(), value(1));
}

void tst_LatestInfo::severalRefusalsPutItOffOnce()
{
    LatestInfo info;
    info.start({}, false);
    info.set(value(1));
    info.sent(0ns);
    for (int ms = 0; ms < 600; ms += 100)
        info.refused(600ms, Milliseconds(ms));
    QVERIFY(info.wait(600ms) == AtOnce);
}

void tst_LatestInfo::whatWasNotSentCanNotHaveBeenRefused()
{
    LatestInfo info;
    info.start({}, false);
    info.refused(600ms, 0ns);
    QVERIFY(info.wait(0ns) == Never);
    info.set(value(1));
    info.refused(600ms, 0ns);
    QVERIFY(info.wait(0ns) == AtOnce);
}

void tst_LatestInfo::aRefusalLongAfterItIsOfSomethingElse()
{
    LatestInfo info;
    info.start({}, false);
    info.set(value(1));
    info.sent(0ns);
    info.refused(600ms, 1h);
    QVERIFY(info.wait(1h) == Never);
}

void tst_LatestInfo::aNewSessionIsToldAgain()
{
    LatestInfo info;
    info.start({.userInfosPerSecond = 1, .userInfoBurst = 1}, false);
    info.set(value(1));
    info.sent(0ns);
    info.refused(30s, 0ns);
    info.start({.userInfosPerSecond = 1, .userInfoBurst = 1}, false);
    QVERIFY(info.wait(0ns) == AtOnce);
    // What nobody is told of is no news.
    info.set({});
    QVERIFY(info.wait(0ns) == Never);
}

void tst_LatestInfo::aSessionThatGoesOnIsToldAgainByTheSameRate()
{
    constexpr SendingRates rates{.userInfosPerSecond = 1, .userInfoBurst = 1};
    LatestInfo info;
    info.start(rates, false);
    info.start(rates, true);
    QVERIFY(info.wait(0ns) == Never);
    info.set(value(1));
    info.sent(0ns);
    info.set({});
    info.start(rates, true);
    // It may have value(1), or not.
    QVERIFY(info.wait(300ms) == MaybeInstant(700ms));
}

QTEST_GUILESS_MAIN(tst_LatestInfo)

#include "tst_latestinfo.moc"

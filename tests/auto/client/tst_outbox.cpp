// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "outbox_p.h"

#include <QtTest/qtest.h>

using namespace Dispatch;
using namespace std::chrono_literals;

class tst_Outbox : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatIsTakenIsTakenOnceAndInOrder();
    void refusesWhatIsOverTheNumber();
    void refusesWhatIsOverTheBytes();
    void dropsTheOldestAndSaysSo();
    void oneThatIsTooBigAloneDrivesOutNobody();
    void queuesNothingWhenNothingMayWait();
    void dropsWhatIsTooOld();
    void roomOfTheExpiredIsFree();
    void aNarrowerPolicyDropsTheOldest();
    void clearingReportsEach();
    void whatIsPutBackIsTakenNext();

private:
    static Outbox make(DispatchQueuePolicy policy)
    {
        Outbox outbox;
        (void)outbox.setPolicy(policy, {});
        return outbox;
    }
    static Outbox::Outcome push(Outbox &outbox, const char *name, Instant now = {},
                                std::size_t size = 10)
    {
        return outbox.push({QString::fromLatin1(name), std::string(size, 'x'), {}}, now);
    }
    static QStringList names(const std::vector<Outbox::Dropped> &dropped,
                             DispatchError::Code reason)
    {
        QStringList list;
        for (const auto &one : dropped)
            list.append(one.reason == reason ? one.entry.eventName
                                             : QStringLiteral("wrong reason"));
        return list;
    }
};

void tst_Outbox::whatIsTakenIsTakenOnceAndInOrder()
{
    Outbox outbox = make({});
    for (const char *name : {"a", "b", "c"})
        QCOMPARE(push(outbox, name).refused, DispatchError::NoError);
    QCOMPARE(outbox.size(), 3);
    QCOMPARE(outbox.bytes(), 30);
    for (const char *name : {"a", "b", "c"})
        QCOMPARE(outbox.take()->eventName, QLatin1StringView(name));
    QVERIFY(!outbox.take());
    QCOMPARE(outbox.bytes(), 0);
}

void tst_Outbox::whatIsPutBackIsTakenNext()
{
    Outbox outbox = make({});
    for (const char *name : {"a", "b"})
        (void)push(outbox, name);
    outbox.putBack(*outbox.take());
    QCOMPARE(outbox.size(), 2);
    QCOMPARE(outbox.bytes(), 20);
    QCOMPARE(outbox.take()->eventName, QLatin1StringView("a"));
    QCOMPARE(outbox.take()->eventName, QLatin1StringView("b"));
}

void tst_Outbox::refusesWhatIsOverTheNumber()
{
    Outbox outbox = make({.maxMessages = 2});
    push(outbox, "a");
    push(outbox, "b");
    const auto outcome = push(outbox, "c");
    QCOMPARE(outcome.refused, DispatchError::QueueFull);
    QVERIFY(outcome.dropped.empty());
    QCOMPARE(outbox.take()->eventName, QStringLiteral("a"));
}

void tst_Outbox::refusesWhatIsOverTheBytes()
{
    Outbox outbox = make({.maxBytes = 25});
    push(outbox, "a");
    push(outbox, "b");
    QCOMPARE(push(outbox, "c").refused, DispatchError::QueueFull);
    QCOMPARE(push(outbox, "d", {}, 5).refused, DispatchError::NoError);
    QCOMPARE(outbox.bytes(), 25);
}

void tst_Outbox::dropsTheOldestAndSaysSo()
{
    Outbox outbox = make({.maxMessages = 2, .overflow = DispatchQueuePolicy::DropOldest});
    push(outbox, "a");
    push(outbox, "b");
    const auto outcome = push(outbox, "c");
    QCOMPARE(outcome.refused, DispatchError::NoError);
    QCOMPARE(names(outcome.dropped, DispatchError::QueueFull), QStringList{QStringLiteral("a")});
    QCOMPARE(outbox.take()->eventName, QStringLiteral("b"));
    QCOMPARE(outbox.take()->eventName, QStringLiteral("c"));
}

void tst_Outbox::oneThatIsTooBigAloneDrivesOutNobody()
{
    Outbox outbox = make({.maxBytes = 25, .overflow = DispatchQueuePolicy::DropOldest});
    push(outbox, "a");
    const auto outcome = push(outbox, "big", {}, 26);
    QCOMPARE(outcome.refused, DispatchError::QueueFull);
    QVERIFY(outcome.dropped.empty());
    QCOMPARE(outbox.size(), 1);
}

void tst_Outbox::queuesNothingWhenNothingMayWait()
{
    Outbox outbox = make({.maxMessages = 0, .overflow = DispatchQueuePolicy::DropOldest});
    QCOMPARE(push(outbox, "a").refused, DispatchError::NotConnected);
    QVERIFY(outbox.isEmpty());
}

void tst_Outbox::dropsWhatIsTooOld()
{
    Outbox outbox = make({.maxAge = 100});
    push(outbox, "a", 0ms);
    push(outbox, "b", 50ms);
    QCOMPARE(outbox.nextExpiry(), std::optional<Instant>(100ms));
    QVERIFY(outbox.expire(99ms).empty());
    QCOMPARE(names(outbox.expire(100ms), DispatchError::Expired), QStringList{QStringLiteral("a")});
    QCOMPARE(outbox.nextExpiry(), std::optional<Instant>(150ms));
}

void tst_Outbox::roomOfTheExpiredIsFree()
{
    Outbox outbox = make({.maxMessages = 1, .maxAge = 100});
    push(outbox, "a", 0ms);
    const auto outcome = push(outbox, "b", 200ms);
    QCOMPARE(outcome.refused, DispatchError::NoError);
    QCOMPARE(names(outcome.dropped, DispatchError::Expired), QStringList{QStringLiteral("a")});
}

void tst_Outbox::aNarrowerPolicyDropsTheOldest()
{
    Outbox outbox = make({});
    for (const char *name : {"a", "b", "c"})
        push(outbox, name);
    const auto dropped = outbox.setPolicy({.maxMessages = 1}, {});
    QCOMPARE(names(dropped, DispatchError::QueueFull),
             (QStringList{QStringLiteral("a"), QStringLiteral("b")}));
    QCOMPARE(outbox.size(), 1);
}

void tst_Outbox::clearingReportsEach()
{
    Outbox outbox = make({});
    push(outbox, "a");
    push(outbox, "b");
    QCOMPARE(names(outbox.clear(), DispatchError::Discarded),
             (QStringList{QStringLiteral("a"), QStringLiteral("b")}));
    QVERIFY(outbox.isEmpty());
    QCOMPARE(outbox.bytes(), 0);
}

QTEST_APPLESS_MAIN(tst_Outbox)
#include "tst_outbox.moc"

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "outbox_p.h"

#include <QtTest/qtest.h>

using namespace Dispatch;
using namespace Qt::StringLiterals;
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
    void whatIsWithdrawnIsGone();
    void theLatestUnderAKeyIsKept_data();
    void theLatestUnderAKeyIsKept();
    void whatWasTakenIsNotReplaced();
    void whatReplacesNeedsNoRoomOfItsOwn();
    void whatIsRefusedReplacesNothing();
    void theShorterAgeCounts_data();
    void theShorterAgeCounts();
    void theirOwnAgesDecideWhoGoesFirst();
    void aPolicyThatChangesCountsForThoseThatWait();
    void whatIsPutBackIsAsOldAsBefore();
    void keysAndTagsTakeRoom();

private:
    /// Pushes events as in "a k:b", b being under the key k.
    static QStringList pushAll(Outbox &outbox, const QString &events)
    {
        QStringList replaced;
        for (const QString &event : events.split(u' ')) {
            const QString key = event.contains(u':') ? event.section(u':', 0, 0) : QString();
            const auto outcome = outbox.push(
                {.eventName = event.section(u':', -1), .message = std::string(10, 'x'), .key = key},
                {});
            replaced += names(outcome.dropped, DispatchError::Superseded);
        }
        return replaced;
    }
    static QString takeAll(Outbox &outbox)
    {
        QStringList taken;
        while (const auto entry = outbox.take())
            taken.append(entry->eventName);
        return taken.join(u' ');
    }
    static Outbox::Entry aged(const char *name, Milliseconds maxAge)
    {
        return {.eventName = QString::fromLatin1(name), .message = "x", .maxAge = maxAge};
    }
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

void tst_Outbox::whatIsWithdrawnIsGone()
{
    Outbox outbox;
    for (std::uint64_t id = 1; id <= 3; ++id)
        (void)outbox.push({.eventName = QString::number(id), .message = "xxxx", .id = id}, {});
    outbox.withdraw(2);
    outbox.withdraw(2);
    outbox.withdraw(7);
    QCOMPARE(outbox.bytes(), 8);
    QCOMPARE(takeAll(outbox), u"1 3"_s);
}

void tst_Outbox::theLatestUnderAKeyIsKept_data()
{
    QTest::addColumn<QString>("events");
    QTest::addColumn<QString>("left");
    QTest::addColumn<QStringList>("replaced");
    QTest::newRow("none") << u"a b c"_s << u"a b c"_s << QStringList();
    QTest::newRow("other keys") << u"k:a l:b m:c"_s << u"a b c"_s << QStringList();
    QTest::newRow("at the end") << u"a k:b k:c"_s << u"a c"_s << QStringList{u"b"_s};
    QTest::newRow("moves to the end")
        << u"k:a b l:c k:d e"_s << u"b c d e"_s << QStringList{u"a"_s};
    QTest::newRow("again and again")
        << u"k:a k:b c k:d"_s << u"c d"_s << QStringList{u"a"_s, u"b"_s};
    QTest::newRow("two keys") << u"k:a l:b k:c l:d"_s << u"c d"_s << QStringList{u"a"_s, u"b"_s};
}

void tst_Outbox::theLatestUnderAKeyIsKept()
{
    QFETCH(const QString, events);
    Outbox outbox = make({});
    QTEST(pushAll(outbox, events), "replaced");
    QTEST(takeAll(outbox), "left");
    QCOMPARE(outbox.bytes(), 0);
}

void tst_Outbox::whatWasTakenIsNotReplaced()
{
    Outbox outbox = make({});
    pushAll(outbox, u"k:a"_s);
    auto taken = outbox.take();
    QCOMPARE(pushAll(outbox, u"k:b"_s), QStringList());
    // It was not sent after all. Both are there, and in order.
    outbox.putBack(*std::move(taken));
    QCOMPARE(pushAll(outbox, u"k:c"_s), QStringList{u"b"_s});
    QCOMPARE(takeAll(outbox), u"a c"_s);
}

void tst_Outbox::whatReplacesNeedsNoRoomOfItsOwn()
{
    Outbox outbox = make({.maxMessages = 2});
    QCOMPARE(pushAll(outbox, u"a k:b k:c"_s), QStringList{u"b"_s});
    QCOMPARE(takeAll(outbox), u"a c"_s);
}

void tst_Outbox::whatIsRefusedReplacesNothing()
{
    Outbox outbox = make({.maxBytes = 25});
    pushAll(outbox, u"k:a"_s);
    Outbox::Entry big{.eventName = u"big"_s, .message = std::string(26, 'x'), .key = u"k"_s};
    const auto outcome = outbox.push(std::move(big), {});
    QCOMPARE(outcome.refused, DispatchError::QueueFull);
    QVERIFY(outcome.dropped.empty());
    QCOMPARE(big.message.size(), 26u);
    QCOMPARE(takeAll(outbox), u"a"_s);
}

void tst_Outbox::theShorterAgeCounts_data()
{
    QTest::addColumn<int>("ofQueue");
    QTest::addColumn<qint64>("own");
    QTest::addColumn<qint64>("counts");
    QTest::newRow("none") << 0 << qint64(0) << qint64(0);
    QTest::newRow("of the queue") << 100 << qint64(0) << qint64(100);
    QTest::newRow("its own") << 0 << qint64(100) << qint64(100);
    QTest::newRow("its own is shorter") << 100 << qint64(50) << qint64(50);
    QTest::newRow("its own is longer") << 100 << qint64(500) << qint64(100);
    QTest::newRow("for ever") << 100 << std::numeric_limits<qint64>::max() << qint64(100);
}

void tst_Outbox::theShorterAgeCounts()
{
    QFETCH(const int, ofQueue);
    QFETCH(const qint64, own);
    QFETCH(const qint64, counts);
    Outbox outbox = make({.maxAge = ofQueue});
    (void)outbox.push(aged("a", Milliseconds(own)), 1000ms);
    if (counts == 0) {
        QVERIFY(!outbox.nextExpiry());
        return;
    }
    const Instant due = 1000ms + Milliseconds(counts);
    QCOMPARE(outbox.nextExpiry(), std::optional<Instant>(due));
    QVERIFY(outbox.expire(due - 1ms).empty());
    QCOMPARE(names(outbox.expire(due), DispatchError::Expired), QStringList{u"a"_s});
}

void tst_Outbox::theirOwnAgesDecideWhoGoesFirst()
{
    Outbox outbox = make({});
    (void)outbox.push(aged("a", 0ms), {});
    (void)outbox.push(aged("b", 50ms), {});
    (void)outbox.push(aged("c", 20ms), {});
    (void)outbox.push(aged("d", Milliseconds::max()), {});
    QCOMPARE(names(outbox.expire(20ms), DispatchError::Expired), QStringList{u"c"_s});
    QCOMPARE(outbox.nextExpiry(), std::optional<Instant>(50ms));
    QCOMPARE(names(outbox.expire(60ms), DispatchError::Expired), QStringList{u"b"_s});
    QVERIFY(*outbox.nextExpiry() > std::chrono::years(99));
    QCOMPARE(takeAll(outbox), u"a d"_s);
    QVERIFY(!outbox.nextExpiry());
}

void tst_Outbox::aPolicyThatChangesCountsForThoseThatWait()
{
    Outbox outbox = make({.maxAge = 10});
    (void)outbox.push(aged("a", 0ms), {});
    (void)outbox.push(aged("b", 30ms), {});
    QVERIFY(outbox.setPolicy({}, 5ms).empty());
    QCOMPARE(outbox.nextExpiry(), std::optional<Instant>(30ms));
    QCOMPARE(names(outbox.setPolicy({.maxAge = 20}, 20ms), DispatchError::Expired),
             (QStringList{u"a"_s, u"b"_s}));
}

void tst_Outbox::whatIsPutBackIsAsOldAsBefore()
{
    Outbox outbox = make({});
    (void)outbox.push(aged("a", 30ms), 10ms);
    (void)outbox.push(aged("b", 10ms), 10ms);
    outbox.putBack(*outbox.take());
    QCOMPARE(outbox.nextExpiry(), std::optional<Instant>(20ms));
    QCOMPARE(names(outbox.expire(40ms), DispatchError::Expired), (QStringList{u"b"_s, u"a"_s}));
}

void tst_Outbox::keysAndTagsTakeRoom()
{
    Outbox outbox = make({.maxBytes = 25});
    const auto event = [](const QString &key, const QString &tag) {
        return Outbox::Entry{.message = std::string(10, 'x'), .key = key, .tag = tag};
    };
    QCOMPARE(outbox.push(event(u"1234"_s, u"12345"_s), {}).refused, DispatchError::QueueFull);
    QCOMPARE(outbox.push(event(u"123"_s, u"1234"_s), {}).refused, DispatchError::NoError);
    QCOMPARE(outbox.bytes(), 24);
    (void)outbox.clear();
    QCOMPARE(outbox.bytes(), 0);
}

QTEST_APPLESS_MAIN(tst_Outbox)
#include "tst_outbox.moc"

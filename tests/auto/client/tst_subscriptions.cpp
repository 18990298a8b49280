// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "subscriptions_p.h"

#include <QtTest/qtest.h>

using namespace Dispatch;
using namespace Qt::StringLiterals;

class tst_Subscriptions : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void handlersAreCalledInTheOrderOfTheirComing();
    void onlyTheNameCounts();
    void nobodyListensIsKnown();
    void cancelledTwiceIsCancelledOnce();
    void handlerMayCancelItself();
    void handlerMayCancelTheNext();
    void handlerThatIsAddedDuringAnEventWaitsForTheNext();
    void handlerMayDestroyTheTable();
    void handlerMayDeliverAgain();
    void entryMayOutliveTheTable();
    void whatAHandlerHoldsGoesWithIt();
    void namesAreForgottenWithTheirLastHandler();
    void nameMayBeTakenUpAgainWhileItIsForgotten();

private:
    static void deliver(const Subscriptions &table, const char *name)
    {
        if (const auto bucket = table.find(name))
            Subscriptions::deliver(bucket, DispatchEvent("{}", {}));
    }
};

void tst_Subscriptions::handlersAreCalledInTheOrderOfTheirComing()
{
    Subscriptions table;
    QString calls;
    for (char c : {'a', 'b', 'c'})
        table.add(u"x"_s, [&calls, c](const DispatchEvent &) { calls += QLatin1Char(c); });
    deliver(table, "x");
    QCOMPARE(calls, u"abc"_s);
}

void tst_Subscriptions::onlyTheNameCounts()
{
    Subscriptions table;
    int calls = 0;
    table.add(u"größe"_s, [&](const DispatchEvent &) { ++calls; });
    table.add(u"gr"_s, [&](const DispatchEvent &) { calls += 100; });
    deliver(table,
            "gr\xC3\xB6\xC3\x9F"
            "e");
    QCOMPARE(calls, 1);
    QCOMPARE(table
                 .find("gr\xC3\xB6\xC3\x9F"
                       "e")
                 ->name,
             u"größe"_s);
}

void tst_Subscriptions::nobodyListensIsKnown()
{
    Subscriptions table;
    QVERIFY(!table.find("x"));
    const auto entry = table.add(u"x"_s, [](const DispatchEvent &) {});
    QVERIFY(table.find("x"));
    entry->cancel();
    QVERIFY(!table.find("x"));
}

void tst_Subscriptions::cancelledTwiceIsCancelledOnce()
{
    Subscriptions table;
    int calls = 0;
    const auto entry = table.add(u"x"_s, [&](const DispatchEvent &) { ++calls; });
    table.add(u"x"_s, [&](const DispatchEvent &) { calls += 10; });
    entry->cancel();
    entry->cancel();
    deliver(table, "x");
    QCOMPARE(calls, 10);
}

void tst_Subscriptions::handlerMayCancelItself()
{
    Subscriptions table;
    int calls = 0;
    std::shared_ptr<SubscriptionEntry> entry;
    const auto big = std::make_shared<std::string>(100, 'x');
    entry = table.add(u"x"_s, [&, big](const DispatchEvent &) {
        ++calls;
        std::exchange(entry, nullptr)->cancel();
        // What the handler holds must still be there.
        QCOMPARE(big->size(), 100U);
    });
    deliver(table, "x");
    deliver(table, "x");
    QCOMPARE(calls, 1);
}

void tst_Subscriptions::handlerMayCancelTheNext()
{
    Subscriptions table;
    int calls = 0;
    std::shared_ptr<SubscriptionEntry> next;
    table.add(u"x"_s, [&](const DispatchEvent &) { next->cancel(); });
    next = table.add(u"x"_s, [&](const DispatchEvent &) { ++calls; });
    deliver(table, "x");
    QCOMPARE(calls, 0);
}

void tst_Subscriptions::handlerThatIsAddedDuringAnEventWaitsForTheNext()
{
    Subscriptions table;
    int calls = 0;
    table.add(u"x"_s, [&](const DispatchEvent &) {
        for (int i = 0; i < 100; ++i)
            table.add(u"x"_s, [&](const DispatchEvent &) { ++calls; });
    });
    deliver(table, "x");
    QCOMPARE(calls, 0);
    deliver(table, "x");
    QCOMPARE(calls, 100);
}

void tst_Subscriptions::handlerMayDestroyTheTable()
{
    auto table = std::make_unique<Subscriptions>();
    int calls = 0;
    table->add(u"x"_s, [&](const DispatchEvent &) { table.reset(); });
    table->add(u"x"_s, [&](const DispatchEvent &) { ++calls; });
    deliver(*table, "x");
    QVERIFY(!table);
    QCOMPARE(calls, 0);
}

void tst_Subscriptions::handlerMayDeliverAgain()
{
    Subscriptions table;
    int depth = 0;
    std::shared_ptr<SubscriptionEntry> entry;
    entry = table.add(u"x"_s, [&](const DispatchEvent &) {
        if (++depth < 3)
            deliver(table, "x");
        else
            entry->cancel();
    });
    deliver(table, "x");
    QCOMPARE(depth, 3);
    QVERIFY(!table.find("x"));
}

void tst_Subscriptions::entryMayOutliveTheTable()
{
    std::shared_ptr<SubscriptionEntry> entry;
    {
        Subscriptions table;
        entry = table.add(u"x"_s, [](const DispatchEvent &) {});
        QVERIFY(entry->active);
    }
    QVERIFY(!entry->active);
    entry->cancel();
}

void tst_Subscriptions::whatAHandlerHoldsGoesWithIt()
{
    Subscriptions table;
    auto held = std::make_shared<int>(1);
    std::weak_ptr<int> watch = held;
    auto entry = table.add(u"x"_s, [held = std::move(held)](const DispatchEvent &) {});
    entry->cancel();
    entry.reset();
    QVERIFY(watch.expired());
}

void tst_Subscriptions::namesAreForgottenWithTheirLastHandler()
{
    Subscriptions table;
    for (int i = 0; i < 100; ++i) {
        const auto first = table.add(u"x%1"_s.arg(i), [](const DispatchEvent &) {});
        const auto second = table.add(u"x%1"_s.arg(i), [](const DispatchEvent &) {});
        first->cancel();
        QCOMPARE(table.size(), std::size_t(1));
        second->cancel();
        QCOMPARE(table.size(), std::size_t(0));
    }
}

void tst_Subscriptions::nameMayBeTakenUpAgainWhileItIsForgotten()
{
    Subscriptions table;
    int calls = 0;
    std::shared_ptr<SubscriptionEntry> entry;
    const EventHandler handler = [&](const DispatchEvent &) {
        ++calls;
        entry->cancel();
        QCOMPARE(table.size(), std::size_t(0));
        entry = table.add(u"x"_s, [&](const DispatchEvent &) { calls += 10; });
    };
    entry = table.add(u"x"_s, handler);
    deliver(table, "x");
    QCOMPARE(calls, 1);
    deliver(table, "x");
    QCOMPARE(calls, 11);
    entry->cancel();
    QCOMPARE(table.size(), std::size_t(0));
}

QTEST_APPLESS_MAIN(tst_Subscriptions)
#include "tst_subscriptions.moc"

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "enginetest.h"

#include <QtTest/qtest.h>

using namespace Dispatch;
using namespace Dispatch::Engine;

class tst_Figures : public EngineTest {
    Q_OBJECT

private Q_SLOTS:
    void storeIsReached();
    void callsAreCountedByTheirEnd();
    void callsAreOutstandingUntilTheyEnd();
    void fencedNodeSaysSo();
    void whatIsHeldIsCounted();
    void gapsAndResetsAreCounted();

private:
    std::int64_t failed(Failure failure)
    {
        return engine().figures().failed[static_cast<std::size_t>(failure)];
    }
};

void tst_Figures::storeIsReached()
{
    QVERIFY(begin(1, limits()));
    const Figures figures = engine().figures();
    QVERIFY(figures.isReached);
    QVERIFY(figures.wasReached);
    QVERIFY(!figures.isFenced);
    QCOMPARE(figures.reconnects, 0);
    cluster->restartEmpty();
    QVERIFY(cluster->waitFor([&] { return engine().figures().reconnects > 0; }));
    QVERIFY(engine().figures().isReached);
}

void tst_Figures::callsAreCountedByTheirEnd()
{
    QVERIFY(begin(1, limits()));
    QCOMPARE(shardOf("a", "room", 1), "room");
    QVERIFY(failedWith(place("b", "room", 1), Failure::ShardFull));
    QVERIFY(failedWith(claim("secret1", "secret2"), Failure::NoSession));
    const Figures figures = engine().figures();
    QCOMPARE(figures.succeeded, 1);
    QCOMPARE(failed(Failure::ShardFull), 1);
    QCOMPARE(failed(Failure::NoSession), 1);
    QCOMPARE(failed(Failure::Unavailable), 0);
    std::int64_t times = 0;
    for (std::size_t i = 0; i < Histogram::Buckets; ++i)
        times += figures.callTimes.inBucket(i);
    QCOMPARE(times, 3);
    QVERIFY(figures.callTimes.sum().count() > 0);
}

void tst_Figures::callsAreOutstandingUntilTheyEnd()
{
    Limits few = shortLeases();
    few.outstanding = 2;
    QVERIFY(begin(1, few));
    cluster->pause();
    std::vector<std::optional<Outcome<Published>>> outcomes(3);
    for (auto &outcome : outcomes)
        engine().publish({room, "event"}, cluster->into(outcome));
    QCOMPARE(engine().figures().outstanding, 2);
    QCOMPARE(failed(Failure::Busy), 1);
    QVERIFY(cluster->waitFor(
        [&] { return std::ranges::all_of(outcomes, [](const auto &one) { return !!one; }); }));
    QCOMPARE(engine().figures().outstanding, 0);
    QCOMPARE(failed(Failure::Unavailable), 2);
    cluster->goOn();
}

void tst_Figures::fencedNodeSaysSo()
{
    QVERIFY(begin(1, shortLeases()));
    QCOMPARE(shardOf("a"), shardOf("a"));
    QVERIFY(!engine().figures().isFenced);
    cluster->pause();
    QVERIFY(cluster->waitFor([&] { return engine().figures().isFenced; }));
    cluster->goOn();
    QVERIFY(cluster->waitFor([&] { return !engine().figures().isFenced; }));
}

void tst_Figures::whatIsHeldIsCounted()
{
    QVERIFY(begin(1, limits()));
    QCOMPARE(shardOf("a", "room"), "room");
    QCOMPARE(shardOf("b", "room"), "room");
    QVERIFY(succeeded(setMember("a", "")));
    Session session;
    session.clientId = "a";
    session.shard = room;
    QVERIFY(succeeded(createSession(session, "secret1")));
    QVERIFY(listen(room));
    QVERIFY(listen({project}));
    QVERIFY(cluster->waitFor([&] {
        const Figures figures = engine().figures();
        return figures.seats == 2 && figures.members == 1 && figures.sessions == 1
            && figures.streams == 2;
    }));
}

void tst_Figures::gapsAndResetsAreCounted()
{
    QVERIFY(begin(2, limits()));
    const auto record = listen(room);
    QVERIFY(record);
    QVERIFY(publish("1", 1).seq > 0);
    QVERIFY(cluster->waitFor([&] { return record->data.size() == 1; }));
    QCOMPARE(engine().figures().gapsRefilled, 0);
    QCOMPARE(engine().figures().streamsReset, 0);
    cluster->restartEmpty();
    QVERIFY(cluster->waitFor([&] { return publish("2", 1).seq > 0; }));
    QVERIFY(cluster->waitFor([&] { return !record->resets.empty(); }));
    QVERIFY(engine().figures().streamsReset > 0);
    QVERIFY(cluster->waitFor([&] { return record->data.back() == "2"; }));
    nodes[0]->freeze(); // it misses what comes until then
    cluster->cutSubscriptions();
    QVERIFY(publish("3", 1).seq > 0);
    nodes[0]->thaw();
    QVERIFY(cluster->waitFor([&] { return record->data.back() == "3"; }));
    QVERIFY(cluster->waitFor([&] { return engine().figures().gapsRefilled > 0; }));
}

QTEST_GUILESS_MAIN(tst_Figures)
#include "tst_figures.moc"

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "enginetest.h"

#include <QtTest/qtest.h>

using namespace Dispatch;
using namespace Dispatch::Engine;

class tst_Members : public EngineTest {
    Q_OBJECT

private Q_SLOTS:
    void membersAreListedAndTheirChangesHeard();
    void nobodyIsToldOfWhatIsNoChange();
    void membersOfADeadNodeLeaveOnceAfterItsLease();
    void membersOfANodeThatLivesStay();
    void memberThatMovedIsNotRemovedByTheOlderNode();
    void whoLeavesAtOnceDoesNotComeBack();
    void whoHasLostTheSeatDoesNotComeBack();
    void changesThatWereMissedAreMadeUpFor();
    void membersAreSetAgainInAnEmptyStore();
    void memberThatNobodyAnsweredForIsSetAllTheSame();
    void memberThatNobodyAnsweredForIsTakenOverAllTheSame();
    void memberThatNobodyAnsweredForIsRemovedAllTheSame();
    void memberThatLeftMayEmitFromOneAgain();

private:
    Outcome<Nothing> remove(const std::string &client, std::size_t node = 0)
    {
        return cluster->await<Nothing>([&](Reply<Nothing> reply) {
            engine(node).removeMember(room, client, std::move(reply));
        });
    }
};

using Members = std::map<std::string, std::string>;

void tst_Members::membersAreListedAndTheirChangesHeard()
{
    QVERIFY(begin(2, limits()));
    QVERIFY(succeeded(setMember("ann", "{\"name\": \"Ann\"}")));
    const auto record = listen(room, 1);
    QVERIFY(record);
    QCOMPARE(record->members, (Members{{"ann", "{\"name\": \"Ann\"}"}}));

    QVERIFY(succeeded(setMember("bob", "")));
    QVERIFY(succeeded(setMember("ann", "changed")));
    QVERIFY(succeeded(remove("bob")));
    QVERIFY(cluster->waitFor([&] { return record->changes.size() == 3; }));
    QCOMPARE(record->members, (Members{{"ann", "changed"}}));
    QCOMPARE(record->changes[2].revision, record->changes[0].revision + 2);
    QVERIFY(!record->changes[2].isThere);
}

void tst_Members::nobodyIsToldOfWhatIsNoChange()
{
    QVERIFY(begin(2, limits()));
    const auto record = listen(room, 1);
    QVERIFY(record);
    QVERIFY(succeeded(setMember("ann", "same")));
    QVERIFY(succeeded(setMember("ann", "same")));
    QVERIFY(succeeded(setMember("ann", "same", 1)));
    QVERIFY(succeeded(remove("nobody")));
    QVERIFY(succeeded(setMember("end", "")));
    QVERIFY(cluster->waitFor([&] { return record->members.contains("end"); }));
    QCOMPARE(record->changes.size(), 2u);
}

void tst_Members::membersOfADeadNodeLeaveOnceAfterItsLease()
{
    const Limits limits = shortLeases();
    QVERIFY(begin(2, limits));
    const auto record = listen(room, 1);
    QVERIFY(record);
    for (const char *client : {"a", "b", "c"})
        QVERIFY(succeeded(setMember(client, "dead")));
    QVERIFY(succeeded(setMember("living", "", 1)));
    QVERIFY(cluster->waitFor([&] { return record->changes.size() == 4; }));
    const TimePoint death = cluster->now();
    kill(0);
    QVERIFY(cluster->waitFor([&] { return record->changes.size() > 4; }));
    QVERIFY(cluster->now() - death >= limits.lease - 2 * limits.beat);
    QVERIFY(cluster->waitFor([&] { return record->members == Members{{"living", ""}}; }));
    QCOMPARE(record->changes.size(), 7u);
}

void tst_Members::membersOfANodeThatLivesStay()
{
    const Limits limits = shortLeases();
    QVERIFY(begin(2, limits));
    const auto record = listen(room, 1);
    QVERIFY(record);
    QVERIFY(succeeded(setMember("ann", "")));
    QVERIFY(succeeded(setMember("bob", "", 1)));
    const TimePoint since = cluster->now();
    QVERIFY(cluster->waitFor([&] { return cluster->now() - since > limits.lease * 3 / 2; }));
    QCOMPARE(record->members, (Members{{"ann", ""}, {"bob", ""}}));
    QCOMPARE(record->changes.size(), 2u);
}

void tst_Members::memberThatMovedIsNotRemovedByTheOlderNode()
{
    QVERIFY(begin(2, limits()));
    const auto record = listen(room);
    QVERIFY(record);
    QVERIFY(succeeded(setMember("ann", "")));
    QVERIFY(succeeded(setMember("ann", "", 1)));
    QVERIFY(succeeded(remove("ann", 0)));
    QVERIFY(failedWith(setMember("ann", "late", 0, false), Failure::Superseded));
    QVERIFY(succeeded(setMember("end", "")));
    QVERIFY(cluster->waitFor([&] { return record->members.contains("end"); }));
    QCOMPARE(record->members, (Members{{"ann", ""}, {"end", ""}}));
    QVERIFY(succeeded(remove("ann", 1)));
    QVERIFY(cluster->waitFor([&] { return record->members == Members{{"end", ""}}; }));
}

void tst_Members::whoLeavesAtOnceDoesNotComeBack()
{
    QVERIFY(begin(2, limits()));
    const auto record = listen(room, 1);
    QVERIFY(record);
    // The node has no lease yet: the one waits for it, the other does not.
    std::optional<Outcome<Nothing>> isSet;
    std::optional<Outcome<Nothing>> isRemoved;
    engine().setMember(room, {"ann", ""}, true, cluster->into(isSet));
    engine().removeMember(room, "ann", cluster->into(isRemoved));
    QVERIFY(cluster->waitFor([&] { return isSet && isRemoved; }));
    QVERIFY(succeeded(setMember("end", "")));
    QVERIFY(cluster->waitFor([&] { return record->members.contains("end"); }));
    QCOMPARE(record->members, (Members{{"end", ""}}));
}

void tst_Members::whoHasLostTheSeatDoesNotComeBack()
{
    QVERIFY(begin(2, shortLeases()));
    const auto record = listen(room, 1);
    QVERIFY(record);
    for (const char *client : {"ann", "stays"}) {
        QCOMPARE(shardOf(client, "room", 2), "room");
        QVERIFY(succeeded(setMember(client, "")));
    }
    nodes[0]->freeze();
    QVERIFY(cluster->waitFor([&] { return shardOf("bob", "room", 2, 1) == "room"; }));
    QVERIFY(succeeded(setMember("bob", "", 1)));
    QVERIFY(cluster->waitFor([&] { return record->members == Members{{"bob", ""}}; }));
    record->changes.clear();
    nodes[0]->thaw();
    const std::vector<std::string> &told = nodes[0]->heard->told;
    QVERIFY(cluster->waitFor([&] { return !told.empty() && told.back() == "unfenced"; }));
    QVERIFY(cluster->waitFor([&] { return record->members.size() == 2; }));
    QVERIFY(succeeded(setMember("end", "")));
    QVERIFY(cluster->waitFor([&] { return record->members.contains("end"); }));
    // One of the two had its seat taken by bob: nobody ever hears of three, or of the wrong one.
    QCOMPARE(record->changes.size(), 2u);
    QVERIFY(std::ranges::find(told, "lost " + record->changes[0].member.clientId) == told.end());
}

void tst_Members::changesThatWereMissedAreMadeUpFor()
{
    QVERIFY(begin(2, limits()));
    const auto record = listen(room, 1);
    QVERIFY(record);
    QVERIFY(succeeded(setMember("ann", "")));
    cluster->cutSubscriptions();
    QVERIFY(succeeded(setMember("bob", "")));
    QVERIFY(succeeded(remove("ann")));
    QVERIFY(cluster->waitFor([&] { return record->members == Members{{"bob", ""}}; }));
    QVERIFY(succeeded(setMember("eve", "")));
    QVERIFY(cluster->waitFor([&] { return record->members == Members{{"bob", ""}, {"eve", ""}}; }));
}

void tst_Members::membersAreSetAgainInAnEmptyStore()
{
    QVERIFY(begin(2, limits()));
    QVERIFY(succeeded(setMember("ann", "A")));
    QVERIFY(succeeded(setMember("bob", "B", 1)));
    cluster->restartEmpty();
    const auto record = listen(room, 1);
    QVERIFY(record);
    QVERIFY(cluster->waitFor([&] {
        return record->members == Members{{"ann", "A"}, {"bob", "B"}};
    }));
}

void tst_Members::memberThatNobodyAnsweredForIsSetAllTheSame()
{
    Limits limits = shortLeases();
    limits.lease = std::chrono::minutes(5);
    QVERIFY(begin(2, limits));
    const auto record = listen(room, 1);
    QVERIFY(record);
    QVERIFY(succeeded(setMember("ann", "")));
    cluster->pause();
    QVERIFY(failedWith(setMember("bob", ""), Failure::Unavailable));
    cluster->goOn();
    QVERIFY(cluster->waitFor([&] { return record->members.contains("bob"); }));
}

void tst_Members::memberThatNobodyAnsweredForIsTakenOverAllTheSame()
{
    Limits limits = shortLeases();
    limits.lease = std::chrono::minutes(5);
    QVERIFY(begin(2, limits));
    QVERIFY(succeeded(setMember("ann", "")));
    cluster->pause();
    QVERIFY(failedWith(setMember("ann", "", 1), Failure::Unavailable));
    cluster->goOn();
    QVERIFY(cluster->waitFor(
        [&] { return failedWith(setMember("ann", "", 0, false), Failure::Superseded); }));
}

void tst_Members::memberThatNobodyAnsweredForIsRemovedAllTheSame()
{
    Limits limits = shortLeases();
    limits.lease = std::chrono::minutes(5);
    QVERIFY(begin(2, limits));
    const auto record = listen(room, 1);
    QVERIFY(record);
    QVERIFY(succeeded(setMember("ann", "")));
    QVERIFY(cluster->waitFor([&] { return record->members.contains("ann"); }));
    cluster->pause();
    QVERIFY(failedWith(remove("ann"), Failure::Unavailable));
    cluster->goOn();
    QVERIFY(cluster->waitFor([&] { return record->members.empty(); }));
}

void tst_Members::memberThatLeftMayEmitFromOneAgain()
{
    QVERIFY(begin(1, limits()));
    QVERIFY(succeeded(setMember("ann", "")));
    QVERIFY(succeeded(publish({room, "event", "ann", 9})));
    QVERIFY(succeeded(publish({room, "event", "ann~", 9})));
    QVERIFY(succeeded(publish({room, "event", "ben~", 9})));
    QVERIFY(std::get<Published>(publish({room, "event", "ann", 1})).isRepeated);
    QVERIFY(std::get<Published>(publish({room, "event", "ann~", 1})).isRepeated);
    QVERIFY(succeeded(remove("ann")));
    QVERIFY(!std::get<Published>(publish({room, "event", "ann", 1})).isRepeated);
    QVERIFY(!std::get<Published>(publish({room, "event", "ann~", 1})).isRepeated);
    QVERIFY(std::get<Published>(publish({room, "event", "ben~", 1})).isRepeated);
}

QTEST_GUILESS_MAIN(tst_Members)
#include "tst_members.moc"

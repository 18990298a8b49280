// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "enginetest.h"

#include <QtTest/qtest.h>

using namespace Dispatch;
using namespace Dispatch::Engine;

/// The state of a shard, which emissions change.
class tst_State : public EngineTest {
    Q_OBJECT

private Q_SLOTS:
    void changesAreSaidInTheStreamAndListed();
    void whatIsRemovedIsGone();
    void ownedKeysAreTheirOwners();
    void ownersUsersMayChangeThem();
    void keysOfThoseWhoAreGoneCanBeRemoved();
    void changesCanDependOnWhatTheyChange();
    void boundsHold();
    void repeatedChangesAreMadeOnce();
    void refusedChangesAreNoEvents();
    void lifeIsToldAsWhatIsLeft();
    void ofManyWhoWereFasterOneIsFirst();
    void shardsShareNoState();
    void nothingChangesWhileTheStoreIsAway();

private:
    using Values = std::map<std::string, std::string>;

    /// Sets \a key by \a client to what \a data says.
    Emission set(const std::string &key, const std::string &data,
                 const std::string &client = "ann") const
    {
        StateChange change;
        change.key = key;
        change.isSet = true;
        change.clientId = client;
        change.bytes = key.size() + data.size();
        change.mostKeys = 3;
        change.mostBytes = 100;
        Emission emission{room, data};
        emission.change = change;
        return emission;
    }
    Emission remove(const std::string &key, const std::string &client = {}) const
    {
        StateChange change;
        change.key = key;
        change.clientId = client;
        Emission emission{room, "no " + key};
        emission.change = change;
        return emission;
    }
    StateList list(std::size_t node = 0, const std::string &shard = "room")
    {
        const auto outcome = cluster->await<StateList>([&](Reply<StateList> reply) {
            engine(node).state({"project", shard}, std::move(reply));
        });
        const auto *list = std::get_if<StateList>(&outcome);
        return list ? *list : StateList{{}, {{"unknown", 0, {}, {}}}};
    }
    Values values(std::size_t node = 0, const std::string &shard = "room")
    {
        Values values;
        for (const StateEntry &entry : list(node, shard).entries)
            values[entry.key] = entry.data;
        return values;
    }
};

void tst_State::changesAreSaidInTheStreamAndListed()
{
    QVERIFY(begin(2, limits()));
    const auto record = listen(room, 1);
    QVERIFY(record);
    const auto a = publish(set("a", "why: \xff\n"));
    QVERIFY(succeeded(a));
    QVERIFY(succeeded(publish({room, "event"}, 1)));
    const auto b = publish(set("b \"key\"", "2", "bob"), 1);
    QVERIFY(succeeded(b));
    QCOMPARE(values(1), (Values{{"a", "why: \xff\n"}, {"b \"key\"", "2"}}));
    QCOMPARE(list().top, std::get<Published>(b).mark);
    for (const StateEntry &entry : list().entries) {
        const Mark &mark = std::get<Published>(entry.key == "a" ? a : b).mark;
        QCOMPARE(entry.seq, mark.seq);
        QCOMPARE(entry.life, milliseconds(0));
    }
    QVERIFY(cluster->waitFor([&] { return record->data.size() == 3; }));
    QCOMPARE(record->data, (std::vector<std::string>{"why: \xff\n", "event", "2"}));
}

void tst_State::whatIsRemovedIsGone()
{
    QVERIFY(begin(2, limits()));
    QVERIFY(succeeded(publish(set("a", "1"))));
    QVERIFY(succeeded(publish(set("b", "2"))));
    QVERIFY(succeeded(publish(remove("a", "bob"), 1)));
    QCOMPARE(values(), (Values{{"b", "2"}}));
    QVERIFY(succeeded(publish(remove("a", "bob"))));
}

void tst_State::ownedKeysAreTheirOwners()
{
    QVERIFY(begin(2, limits()));
    Emission owned = set("a", "1");
    owned.change->isOwned = true;
    QVERIFY(succeeded(publish(owned)));
    QVERIFY(failedWith(publish(set("a", "2", "bob"), 1), Failure::StateOwned));
    QVERIFY(failedWith(publish(remove("a", "bob"), 1), Failure::StateOwned));
    QVERIFY(succeeded(publish(set("a", "3"), 1)));
    // That one was not owned.
    QVERIFY(succeeded(publish(set("a", "4", "bob"))));
    QCOMPARE(values(1), (Values{{"a", "4"}}));
}

void tst_State::ownersUsersMayChangeThem()
{
    QVERIFY(begin(1, limits()));
    Emission owned = set("a", "1");
    owned.change->isOwned = true;
    owned.change->userId = "Ann with spaces";
    QVERIFY(succeeded(publish(owned)));
    Emission other = set("a", "2", "phone");
    QVERIFY(failedWith(publish(other), Failure::StateOwned));
    other.change->userId = "Ann";
    QVERIFY(failedWith(publish(other), Failure::StateOwned));
    other.change->userId = "Ann with spaces";
    QVERIFY(succeeded(publish(other)));
}

void tst_State::keysOfThoseWhoAreGoneCanBeRemoved()
{
    QVERIFY(begin(2, limits()));
    QVERIFY(succeeded(setMember("ann", "data")));
    Emission owned = set("a", "1");
    owned.change->isOwned = true;
    const auto mark = publish(owned);
    QVERIFY(succeeded(mark));
    Emission orphan = remove("a");
    orphan.change->ifOwnerIsGone = true;
    orphan.change->ifSeq = std::get<Published>(mark).mark.seq;
    QVERIFY(failedWith(publish(orphan, 1), Failure::StateChanged));
    QVERIFY(succeeded(cluster->await<Nothing>(
        [&](Reply<Nothing> reply) { engine().removeMember(room, "ann", std::move(reply)); })));
    QVERIFY(succeeded(publish(orphan, 1)));
    QVERIFY(failedWith(publish(orphan), Failure::StateChanged));
    QCOMPARE(values(), Values());
}

void tst_State::changesCanDependOnWhatTheyChange()
{
    QVERIFY(begin(2, limits()));
    Emission first = set("a", "1");
    first.change->ifSeq = 0;
    const auto mark = publish(first);
    QVERIFY(succeeded(mark));
    QVERIFY(failedWith(publish(first, 1), Failure::StateChanged));
    Emission second = set("a", "2", "bob");
    second.change->ifSeq = std::get<Published>(mark).mark.seq;
    QVERIFY(succeeded(publish(second, 1)));
    QVERIFY(failedWith(publish(second), Failure::StateChanged));
    QCOMPARE(values(), (Values{{"a", "2"}}));
}

void tst_State::boundsHold()
{
    QVERIFY(begin(1, limits()));
    for (const char *key : {"a", "b", "c"})
        QVERIFY(succeeded(publish(set(key, "1"))));
    QVERIFY(failedWith(publish(set("d", "1")), Failure::StateFull));
    QVERIFY(succeeded(publish(set("a", std::string(95, 'x')))));
    QVERIFY(failedWith(publish(set("a", std::string(96, 'x'))), Failure::StateFull));
    QVERIFY(failedWith(publish(set("b", "12")), Failure::StateFull));
    QVERIFY(succeeded(publish(remove("c", "ann"))));
    QVERIFY(succeeded(publish(set("b", "12"))));
    QCOMPARE(values(), (Values{{"a", std::string(95, 'x')}, {"b", "12"}}));
}

void tst_State::repeatedChangesAreMadeOnce()
{
    QVERIFY(begin(2, limits()));
    Emission emission = set("a", "1");
    emission.clientId = "ann";
    emission.emit = 7;
    emission.change->ifSeq = 0;
    const auto once = publish(emission);
    QVERIFY(succeeded(once));
    const auto again = publish(emission, 1);
    QVERIFY(succeeded(again));
    QVERIFY(std::get<Published>(again).isRepeated);
    QCOMPARE(std::get<Published>(again).mark, std::get<Published>(once).mark);
}

void tst_State::refusedChangesAreNoEvents()
{
    QVERIFY(begin(1, limits()));
    const auto record = listen(room);
    QVERIFY(record);
    Emission refused = set("a", "refused");
    refused.clientId = "ann";
    refused.emit = 1;
    refused.change->ifSeq = 5;
    QVERIFY(failedWith(publish(refused), Failure::StateChanged));
    // It did not count: it is judged anew.
    refused.change->ifSeq.reset();
    const auto mark = publish(refused);
    QVERIFY(succeeded(mark));
    QCOMPARE(std::get<Published>(mark).mark.seq, 1u);
    QVERIFY(cluster->waitFor([&] { return !record->data.empty(); }));
    QCOMPARE(record->data, std::vector<std::string>{"refused"});
}

void tst_State::lifeIsToldAsWhatIsLeft()
{
    QVERIFY(begin(2, limits()));
    constexpr milliseconds Long = std::chrono::minutes(5);
    Emission emission = set("a", "1");
    emission.change->life = Long;
    QVERIFY(succeeded(publish(emission)));
    const milliseconds left = list(1).entries.front().life;
    QVERIFY(left > Long / 2 && left <= Long);
    emission.change->life = milliseconds(1);
    QVERIFY(succeeded(publish(emission)));
    // That it is over is for those to say who share it.
    QVERIFY(cluster->waitFor([&] { return list(1).entries.front().life == milliseconds(1); }));
}

void tst_State::ofManyWhoWereFasterOneIsFirst()
{
    QVERIFY(begin(2, limits()));
    std::vector<std::optional<Outcome<Published>>> outcomes(50);
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        Emission emission = set("a", std::to_string(i), "client" + std::to_string(i));
        emission.change->ifSeq = 0;
        engine(i % 2).publish(emission, cluster->into(outcomes[i]));
    }
    const auto has = [](const auto &outcome) { return outcome.has_value(); };
    QVERIFY(cluster->waitFor([&] { return std::ranges::all_of(outcomes, has); }));
    QCOMPARE(
        std::ranges::count_if(outcomes, [](const auto &one) { return succeeded<Published>(*one); }),
        1);
}

void tst_State::shardsShareNoState()
{
    QVERIFY(begin(1, limits()));
    QVERIFY(succeeded(publish(set("a", "1"))));
    QCOMPARE(values(0, "another"), Values());
}

void tst_State::nothingChangesWhileTheStoreIsAway()
{
    Limits limits = shortLeases();
    limits.lease = std::chrono::minutes(5);
    QVERIFY(begin(1, limits));
    QVERIFY(succeeded(publish(set("a", "1"))));
    cluster->pause();
    QVERIFY(failedWith(publish(set("a", "2")), Failure::Unavailable));
    QVERIFY(failedWith(cluster->await<StateList>(
                           [&](Reply<StateList> reply) { engine().state(room, std::move(reply)); }),
                       Failure::Unavailable));
    cluster->goOn();
    QVERIFY(cluster->waitFor([&] { return values() == Values{{"a", "1"}}; }));
}

QTEST_GUILESS_MAIN(tst_State)
#include "tst_state.moc"

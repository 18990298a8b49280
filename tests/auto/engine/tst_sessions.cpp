// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "enginetest.h"

#include <QtTest/qtest.h>

using namespace Dispatch;
using namespace Dispatch::Engine;

class tst_Sessions : public EngineTest {
    Q_OBJECT

private Q_SLOTS:
    void sessionIsFoundOnAnotherNode();
    void newestClaimWins();
    void ownerOfBeforeIsTold();
    void ownerThatWasNotToldFindsOut();
    void secretStaysGoodUntilTheNextIsConfirmed();
    void unknownSecretsLeadNowhere();
    void whatChangesIsKept();
    void sessionThatEndedIsGone();
    void olderOwnerCanNotEndIt();
    void sessionThatItsOwnerRenewsStays();
    void sessionsSurviveAStoreThatLostAll();
    void bothSecretsSurviveUntilTheNextIsConfirmed();
    void confirmedSecretSurvivesAlone();
    void whatChangedMeanwhileSurvives();
    void newestOwnerSurvives();
    void whoGoesOnElsewhereKeepsSeatAndNumbersUntilHeIsThere();
    void whoNeverArrivesElsewhereIsGoneAfterALease();
    void whoWentOnElsewhereLeavesNothingHere();
    void sessionThatEndedMeanwhileStaysGone();
    void manySessionsSurvive();

private:
    Session session() const
    {
        Session session;
        session.clientId = "client";
        session.shard = room;
        session.userId = "user:1";
        session.data = "{\"name\": \"Ann\"}";
        return session;
    }
    Outcome<Nothing> update(const Session &session, bool isConfirmed, std::size_t node = 0)
    {
        return cluster->await<Nothing>([&](Reply<Nothing> reply) {
            engine(node).updateSession(session, isConfirmed, std::move(reply));
        });
    }
    bool becomesKnown(const std::string &shown, const std::string &next, Outcome<Session> *found,
                      std::size_t node);
    Outcome<Nothing> end(std::size_t node = 0)
    {
        return cluster->await<Nothing>(
            [&](Reply<Nothing> reply) { engine(node).endSession("client", std::move(reply)); });
    }
};

void tst_Sessions::sessionIsFoundOnAnotherNode()
{
    QVERIFY(begin(2, limits()));
    QVERIFY(succeeded(createSession(session(), "secret1")));
    const auto claimed = claim("secret1", "secret2", 1);
    QVERIFY(succeeded(claimed));
    const Session &found = std::get<Session>(claimed);
    QCOMPARE(found.clientId, "client");
    QCOMPARE(found.shard, room);
    QCOMPARE(found.userId, "user:1");
    QCOMPARE(found.data, "{\"name\": \"Ann\"}");
    QCOMPARE(found.node, engine(0).id());
    QCOMPARE(found.generation, 2u);
}

void tst_Sessions::newestClaimWins()
{
    QVERIFY(begin(3, limits()));
    QVERIFY(succeeded(createSession(session(), "secret1")));
    QVERIFY(succeeded(claim("secret1", "secret2", 1)));
    const auto newest = claim("secret1", "secret3", 2);
    QVERIFY(succeeded(newest));
    QCOMPARE(std::get<Session>(newest).node, engine(1).id());
    QVERIFY(succeeded(update(session(), false, 2)));
    QVERIFY(!succeeded(update(session(), false, 1)));
    QVERIFY(!succeeded(update(session(), false, 0)));
}

void tst_Sessions::ownerOfBeforeIsTold()
{
    QVERIFY(begin(2, limits()));
    QVERIFY(succeeded(createSession(session(), "secret1")));
    QVERIFY(succeeded(claim("secret1", "secret2", 1)));
    QVERIFY(cluster->waitFor([&] { return !nodes[0]->heard->takenSessions.empty(); }));
    QCOMPARE(nodes[0]->heard->takenSessions, std::vector<std::string>{"client"});
    // Not by itself: who claims it again has it in hand.
    QVERIFY(succeeded(claim("secret2", "secret3", 1)));
    QVERIFY(succeeded(claim("secret3", "secret4", 0)));
    QVERIFY(cluster->waitFor([&] { return !nodes[1]->heard->takenSessions.empty(); }));
    QCOMPARE(nodes[1]->heard->takenSessions.size(), 1u);
    QCOMPARE(nodes[0]->heard->takenSessions.size(), 1u);
}

void tst_Sessions::ownerThatWasNotToldFindsOut()
{
    QVERIFY(begin(2, limits()));
    QVERIFY(succeeded(createSession(session(), "secret1")));
    cluster->cutSubscriptions();
    QVERIFY(succeeded(claim("secret1", "secret2", 1)));
    QVERIFY(cluster->waitFor([&] { return !nodes[0]->heard->takenSessions.empty(); }));
    QVERIFY(succeeded(claim("secret2", "secret3", 1)));
}

void tst_Sessions::secretStaysGoodUntilTheNextIsConfirmed()
{
    QVERIFY(begin(1, limits()));
    QVERIFY(succeeded(createSession(session(), "secret1")));
    QVERIFY(succeeded(claim("secret1", "secret2")));
    QVERIFY(succeeded(claim("secret1", "secret3")));
    QVERIFY(failedWith(claim("secret2", "secret4"), Failure::NoSession));
    QVERIFY(succeeded(update(session(), true)));
    QVERIFY(failedWith(claim("secret1", "secret4"), Failure::NoSession));
    QVERIFY(succeeded(claim("secret3", "secret4")));
}

void tst_Sessions::unknownSecretsLeadNowhere()
{
    QVERIFY(begin(1, limits()));
    QVERIFY(succeeded(createSession(session(), "secret1")));
    for (const char *secret : {"", "secret", "secret2", "*", "{secret1}"})
        QVERIFY(failedWith(claim(secret, "next"), Failure::NoSession));
}

void tst_Sessions::whatChangesIsKept()
{
    QVERIFY(begin(2, limits()));
    QVERIFY(succeeded(createSession(session(), "secret1")));
    Session changed = session();
    changed.userId = "user:2";
    changed.data = "changed";
    changed.direct = 7;
    changed.directMark = {11, 13};
    QVERIFY(succeeded(update(changed, false)));
    const auto claimed = claim("secret1", "secret2", 1);
    QVERIFY(succeeded(claimed));
    const Session &found = std::get<Session>(claimed);
    QCOMPARE(found.userId, "user:2");
    QCOMPARE(found.data, "changed");
    QCOMPARE(found.direct, 7u);
    QCOMPARE(found.directMark, (Mark{11, 13}));
}

void tst_Sessions::sessionThatEndedIsGone()
{
    QVERIFY(begin(1, limits()));
    QVERIFY(succeeded(createSession(session(), "secret1")));
    QVERIFY(succeeded(end()));
    QVERIFY(succeeded(end()));
    QVERIFY(failedWith(claim("secret1", "secret2"), Failure::NoSession));
    QVERIFY(failedWith(update(session(), false), Failure::NoSession));
}

void tst_Sessions::olderOwnerCanNotEndIt()
{
    QVERIFY(begin(2, limits()));
    QVERIFY(succeeded(createSession(session(), "secret1")));
    nodes[0]->freeze();
    QVERIFY(succeeded(claim("secret1", "secret2", 1)));
    nodes[0]->thaw();
    end(0);
    QVERIFY(succeeded(claim("secret2", "secret3", 1)));
}

void tst_Sessions::sessionThatItsOwnerRenewsStays()
{
    Limits brief = limits();
    brief.sessionLife = milliseconds(2'000);
    QVERIFY(begin(2, brief));
    QVERIFY(succeeded(createSession(session(), "secret1")));
    const TimePoint since = cluster->now();
    QVERIFY(cluster->waitFor([&] { return cluster->now() - since > brief.sessionLife * 3 / 2; }));
    QVERIFY(succeeded(claim("secret1", "secret2", 1)));
}

/// Whether \a node's sessions can be claimed again, which begins after it has reached the store.
bool tst_Sessions::becomesKnown(const std::string &shown, const std::string &next,
                                Outcome<Session> *found, std::size_t node)
{
    return cluster->waitFor([&] {
        Outcome<Session> claimed = claim(shown, next, node);
        const bool isKnown = succeeded(claimed);
        if (isKnown && found)
            *found = std::move(claimed);
        return isKnown;
    });
}

void tst_Sessions::sessionsSurviveAStoreThatLostAll()
{
    QVERIFY(begin(2, limits()));
    Session known = session();
    QVERIFY(succeeded(createSession(known, "secret1")));
    known.data = "changed";
    known.direct = 7;
    known.directMark = {11, 13};
    QVERIFY(succeeded(update(known, false)));
    cluster->restartEmpty();
    Outcome<Session> claimed = Failure::NoSession;
    QVERIFY(becomesKnown("secret1", "secret2", &claimed, 1));
    const Session &found = std::get<Session>(claimed);
    QCOMPARE(found.clientId, "client");
    QCOMPARE(found.shard, room);
    QCOMPARE(found.userId, "user:1");
    QCOMPARE(found.data, "changed");
    QCOMPARE(found.direct, 7u);
    QCOMPARE(found.directMark, (Mark{11, 13}));
    QCOMPARE(found.node, engine(0).id());
    QCOMPARE(found.generation, 2u);
    QVERIFY(cluster->waitFor([&] { return !succeeded(update(known, false)); }));
    QVERIFY(cluster->waitFor([&] { return !nodes[0]->heard->takenSessions.empty(); }));
}

void tst_Sessions::bothSecretsSurviveUntilTheNextIsConfirmed()
{
    for (const char *shown : {"secret1", "secret2"}) {
        cleanup();
        QVERIFY(begin(2, limits()));
        QVERIFY(succeeded(createSession(session(), "secret1")));
        QVERIFY(succeeded(claim("secret1", "secret2")));
        cluster->restartEmpty();
        QVERIFY(becomesKnown(shown, "secret3", nullptr, 1));
    }
}

void tst_Sessions::confirmedSecretSurvivesAlone()
{
    QVERIFY(begin(2, limits()));
    QVERIFY(succeeded(createSession(session(), "secret1")));
    QVERIFY(succeeded(claim("secret1", "secret2")));
    QVERIFY(succeeded(update(session(), true)));
    cluster->restartEmpty();
    QVERIFY(becomesKnown("secret2", "secret3", nullptr, 1));
    QVERIFY(failedWith(claim("secret1", "secret4", 1), Failure::NoSession));
}

void tst_Sessions::whatChangedMeanwhileSurvives()
{
    QVERIFY(begin(2, limits()));
    QVERIFY(succeeded(createSession(session(), "secret1")));
    cluster->restartEmpty();
    Session changed = session();
    changed.data = "changed";
    QVERIFY(cluster->waitFor([&] { return succeeded(update(changed, false)); }));
    Outcome<Session> claimed = Failure::NoSession;
    QVERIFY(becomesKnown("secret1", "secret2", &claimed, 1));
    QCOMPARE(std::get<Session>(claimed).data, "changed");
}

void tst_Sessions::newestOwnerSurvives()
{
    QVERIFY(begin(3, limits()));
    QVERIFY(succeeded(createSession(session(), "secret1")));
    nodes[0]->freeze(); // it does not hear that it is not the owner any more
    QVERIFY(succeeded(claim("secret1", "secret2", 1)));
    QVERIFY(succeeded(update(session(), true, 1)));
    cluster->restartEmpty();
    Outcome<Session> claimed = Failure::NoSession;
    QVERIFY(becomesKnown("secret2", "secret3", &claimed, 2));
    nodes[0]->thaw();
    QCOMPARE(std::get<Session>(claimed).node, engine(1).id());
    QVERIFY(cluster->waitFor([&] { return !nodes[0]->heard->takenSessions.empty(); }));
    QVERIFY(succeeded(claim("secret3", "secret4", 2)));
}

void tst_Sessions::whoGoesOnElsewhereKeepsSeatAndNumbersUntilHeIsThere()
{
    const Limits limits = EngineTest::limits();
    QVERIFY(begin(2, limits));
    const auto record = listen(room, 1);
    QVERIFY(record);
    QCOMPARE(shardOf("client", "room"), "room");
    QVERIFY(succeeded(setMember("client", "")));
    QVERIFY(succeeded(createSession(session(), "secret1")));
    for (const StreamId &stream : {room, StreamId{project}})
        QVERIFY(succeeded(publish({stream, "event", "client", 9})));
    QVERIFY(succeeded(claim("secret1", "secret2", 1)));
    QVERIFY(cluster->waitFor([&] { return !nodes[0]->heard->takenSessions.empty(); }));
    // The other node takes its time, while this one goes on with its renewals.
    const TimePoint since = cluster->now();
    QVERIFY(cluster->waitFor([&] { return cluster->now() - since > 5 * limits.beat; }));
    const auto seat = place("client", "room", 10, 1);
    QVERIFY(succeeded(seat) && std::get<Seat>(seat).wasThere);
    QVERIFY(succeeded(setMember("client", "", 1)));
    for (const StreamId &stream : {room, StreamId{project}}) {
        const auto repeated = publish({stream, "event", "client", 9}, 1);
        QVERIFY(succeeded(repeated) && std::get<Published>(repeated).isRepeated);
    }
    QVERIFY(succeeded(setMember("end", "", 1)));
    QVERIFY(cluster->waitFor([&] { return record->members.contains("end"); }));
    QCOMPARE(record->changes.size(), 2u); // nobody saw him leave
}

void tst_Sessions::whoNeverArrivesElsewhereIsGoneAfterALease()
{
    const Limits limits = shortLeases();
    QVERIFY(begin(2, limits));
    const auto record = listen(room);
    QVERIFY(record);
    QCOMPARE(shardOf("client", "room"), "room");
    QVERIFY(succeeded(setMember("client", "")));
    QVERIFY(succeeded(createSession(session(), "secret1")));
    QVERIFY(cluster->waitFor([&] { return !record->members.empty(); }));
    const TimePoint since = cluster->now();
    QVERIFY(succeeded(claim("secret1", "secret2", 1)));
    QVERIFY(cluster->waitFor([&] { return !nodes[0]->heard->takenSessions.empty(); }));
    kill(1);
    QVERIFY(cluster->waitFor([&] { return record->members.empty(); }));
    QVERIFY(cluster->now() - since >= limits.lease);
    QVERIFY(cluster->waitFor([&] { return clients() == 0; }));
}

void tst_Sessions::whoWentOnElsewhereLeavesNothingHere()
{
    QVERIFY(begin(2, limits()));
    QCOMPARE(shardOf("client", "room"), "room");
    QVERIFY(succeeded(setMember("client", "")));
    QVERIFY(succeeded(createSession(session(), "secret1")));
    QVERIFY(succeeded(claim("secret1", "secret2", 1)));
    QVERIFY(cluster->waitFor([&] { return !nodes[0]->heard->takenSessions.empty(); }));
    // The other node is stopped for good before the store loses all.
    kill(1);
    cluster->restartEmpty();
    const auto record = listen(room);
    QVERIFY(record);
    QVERIFY(cluster->waitFor([&] { return shardOf("end", "room") == "room"; }));
    QVERIFY(succeeded(setMember("end", "")));
    QVERIFY(cluster->waitFor([&] { return record->members.contains("end"); }));
    QCOMPARE(record->members.size(), 1u);
    QCOMPARE(clients(), 1);
}

void tst_Sessions::sessionThatEndedMeanwhileStaysGone()
{
    QVERIFY(begin(2, limits()));
    Session other = session();
    other.clientId = "other";
    QVERIFY(succeeded(createSession(session(), "secret1")));
    QVERIFY(succeeded(createSession(other, "secret of the other")));
    cluster->restartEmpty();
    QVERIFY(cluster->waitFor([&] { return succeeded(end()); }));
    QVERIFY(becomesKnown("secret of the other", "secret2", nullptr, 1));
    QVERIFY(failedWith(claim("secret1", "secret3", 1), Failure::NoSession));
}

void tst_Sessions::manySessionsSurvive()
{
    constexpr int Many = 1'000;
    QVERIFY(begin(2, limits()));
    std::vector<std::optional<Outcome<Nothing>>> created(Many);
    for (int i = 0; i < Many; ++i) {
        Session one = session();
        one.clientId = std::to_string(i);
        engine().createSession(one, "secret " + one.clientId,
                               cluster->into(created[static_cast<std::size_t>(i)]));
    }
    QVERIFY(cluster->waitFor([&] {
        return std::ranges::all_of(created, [](const auto &one) { return one && succeeded(*one); });
    }));
    cluster->restartEmpty();
    for (int i = 0; i < Many; ++i) {
        const std::string name = std::to_string(i);
        QVERIFY(becomesKnown("secret " + name, "next " + name, nullptr, 1));
    }
}

QTEST_GUILESS_MAIN(tst_Sessions)
#include "tst_sessions.moc"

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "enginetest.h"

#include <QtTest/qtest.h>

using namespace Dispatch;
using namespace Dispatch::Engine;

class tst_Seats : public EngineTest {
    Q_OBJECT

private Q_SLOTS:
    void fullestShardWithRoomIsTakenFirst();
    void shardKeepsTheLimitOfItsOpener();
    void joinerMayBeStricterForItself();
    void namedShardIsMadeJoinedAndFull();
    void wishThatIsRepeatedTakesOneSeat();
    void seatsAreGivenBackOnce();
    void numbersInTheProjectEndWithTheSeat();
    void numbersOfTheDeadEndWithTheirSeats();
    void thousandJoinsAtOnceFillFiftyShards();
    void thousandJoinsAndLeavesAtOnceLeaveNobody();
    void namesThatLookAlikeShareNothing_data();
    void namesThatLookAlikeShareNothing();
    void newestNodeHasTheSeat();
    void nodeThatOnlyWantsItBackDoesNotTakeItOver();
    void seatsOfADeadNodeComeBackOnceAfterItsLease();
    void nodesThatLiveKeepTheirSeats();
    void nodesOfAProjectAreThoseWithSeats();
    void nodeWhoseLeaseIsOverIsNoneOfTheProject();
    void whatNodesTellEachOtherArrivesOnce();
    void clientIsLocatedByEachNode();
    void seatsAreTakenAgainInAnEmptyStore();
    void seatThatNobodyWaitsForAnyMoreIsGivenBack();
    void frozenNodeKnowsThatItsLeaseIsOver();
    void frozenNodeLosesSeatsThatOthersTook();

private:
    std::set<std::string> nodesOf(const std::string &id, std::size_t node = 0);
};

std::set<std::string> tst_Seats::nodesOf(const std::string &id, std::size_t node)
{
    const auto outcome = cluster->await<std::vector<std::string>>(
        [&](Reply<std::vector<std::string>> reply) { engine(node).nodes(id, std::move(reply)); });
    const auto *list = std::get_if<std::vector<std::string>>(&outcome);
    return list ? std::set(list->begin(), list->end()) : std::set<std::string>{"unknown"};
}

void tst_Seats::fullestShardWithRoomIsTakenFirst()
{
    QVERIFY(begin(2, limits()));
    QCOMPARE(shardOf("a", "small"), "small");
    QCOMPARE(shardOf("b", "large"), "large");
    QCOMPARE(shardOf("c", "large", 10, 1), "large");
    QCOMPARE(shardOf("d", {}, 10, 1), "large");
    QCOMPARE(shardOf("e"), "large");
    QCOMPARE(occupancy(1), (std::map<std::string, int>{{"large", 4}, {"small", 1}}));
}

void tst_Seats::shardKeepsTheLimitOfItsOpener()
{
    QVERIFY(begin(1, limits()));
    const std::string first = shardOf("a", {}, 2);
    QVERIFY(!first.empty());
    QCOMPARE(shardOf("b", {}, 100), first);
    const std::string second = shardOf("c", {}, 100);
    QVERIFY(!second.empty());
    QVERIFY(second != first);
    QVERIFY(failedWith(place("d", first, 100), Failure::ShardFull));
}

void tst_Seats::joinerMayBeStricterForItself()
{
    QVERIFY(begin(1, limits()));
    for (const char *client : {"a", "b", "c"})
        QCOMPARE(shardOf(client, "room", 10), "room");
    const std::string other = shardOf("d", {}, 3);
    QVERIFY(!other.empty());
    QVERIFY(other != "room");
    QVERIFY(failedWith(place("e", "room", 3), Failure::ShardFull));
    QCOMPARE(shardOf("f", {}, 4), "room");
}

void tst_Seats::namedShardIsMadeJoinedAndFull()
{
    QVERIFY(begin(2, limits()));
    QCOMPARE(shardOf("a", "room", 2), "room");
    QCOMPARE(shardOf("b", "room", 2, 1), "room");
    QVERIFY(failedWith(place("c", "room", 2), Failure::ShardFull));
    QVERIFY(failedWith(place("d", "room", 2, 1), Failure::ShardFull));
    QCOMPARE(clients(), 2);
}

void tst_Seats::wishThatIsRepeatedTakesOneSeat()
{
    QVERIFY(begin(1, limits()));
    const std::string shard = shardOf("a");
    const auto again = place("a", "another");
    QVERIFY(succeeded(again));
    QVERIFY(std::get<Seat>(again).wasThere);
    QCOMPARE(std::get<Seat>(again).shard.shardName, shard);
    QCOMPARE(clients(), 1);
}

void tst_Seats::seatsAreGivenBackOnce()
{
    QVERIFY(begin(1, limits()));
    QCOMPARE(shardOf("a", "room"), "room");
    QCOMPARE(shardOf("b", "room"), "room");
    for (int i = 0; i < 2; ++i) {
        QVERIFY(succeeded(cluster->await<Nothing>(
            [&](Reply<Nothing> reply) { engine().release(project, "a", std::move(reply)); })));
        QCOMPARE(occupancy(), (std::map<std::string, int>{{"room", 1}}));
    }
    QVERIFY(succeeded(cluster->await<Nothing>(
        [&](Reply<Nothing> reply) { engine().release(project, "b", std::move(reply)); })));
    QVERIFY(occupancy().empty());
    QCOMPARE(shardOf("c", "room", 3), "room");
    QCOMPARE(std::get<Seat>(place("c")).limit, 3);
}

void tst_Seats::thousandJoinsAtOnceFillFiftyShards()
{
    QVERIFY(begin(3, limits()));
    std::vector<Seat> seats;
    int ended = 0;
    for (std::size_t i = 0; i < 1'000; ++i) {
        engine(i % 3).place({project, "client" + std::to_string(i), {}, 20},
                            {cluster->context.get_executor(), [&](Outcome<Seat> outcome) {
                                 ++ended;
                                 if (const Seat *seat = std::get_if<Seat>(&outcome))
                                     seats.push_back(*seat);
                             }});
    }
    QVERIFY(cluster->waitFor([&] { return ended == 1'000; }));
    QCOMPARE(seats.size(), 1'000u);
    std::map<std::string, int> shards;
    for (const Seat &seat : seats)
        ++shards[seat.shard.shardName];
    QCOMPARE(shards.size(), 50u);
    for (const auto &[name, count] : shards)
        QCOMPARE(count, 20);
    QCOMPARE(occupancy(2), shards);
}

void tst_Seats::thousandJoinsAndLeavesAtOnceLeaveNobody()
{
    QVERIFY(begin(3, limits()));
    int left = 0;
    for (std::size_t i = 0; i < 1'000; ++i) {
        const std::string client = "client" + std::to_string(i);
        const auto leave = [&, client, i](const Outcome<Seat> &) {
            engine(i % 3).release(
                project, client,
                {cluster->context.get_executor(), [&left](const Outcome<Nothing> &) { ++left; }});
        };
        engine(i % 3).place({project, client, {}, 7}, {cluster->context.get_executor(), leave});
    }
    QVERIFY(cluster->waitFor([&] { return left == 1'000; }));
    QVERIFY(occupancy().empty());
}

void tst_Seats::namesThatLookAlikeShareNothing_data()
{
    QTest::addColumn<QByteArray>("oneProject");
    QTest::addColumn<QByteArray>("oneShard");
    QTest::addColumn<QByteArray>("otherProject");
    QTest::addColumn<QByteArray>("otherShard");

    QTest::newRow("colon") << QByteArray("a") << QByteArray("b:c") << QByteArray("a:b")
                           << QByteArray("c");
    QTest::newRow("slash") << QByteArray("a") << QByteArray("b/c") << QByteArray("a/b")
                           << QByteArray("c");
    QTest::newRow("braces") << QByteArray("{a}") << QByteArray("b") << QByteArray("a")
                            << QByteArray("b");
    QTest::newRow("percent") << QByteArray("a%2F") << QByteArray("b") << QByteArray("a/")
                             << QByteArray("b");
    QTest::newRow("case") << QByteArray("A") << QByteArray("b") << QByteArray("a")
                          << QByteArray("b");
    QTest::newRow("other letters")
        << QByteArray("ä") << QByteArray("ö") << QByteArray("a") << QByteArray("o");
    QTest::newRow("space") << QByteArray("a") << QByteArray("b c") << QByteArray("a")
                           << QByteArray("b");
}

void tst_Seats::namesThatLookAlikeShareNothing()
{
    QFETCH(QByteArray, oneProject);
    QFETCH(QByteArray, oneShard);
    QFETCH(QByteArray, otherProject);
    QFETCH(QByteArray, otherShard);
    QVERIFY(begin(1, limits()));
    const StreamId one{oneProject.toStdString(), oneShard.toStdString()};
    const StreamId other{otherProject.toStdString(), otherShard.toStdString()};

    const auto ofOne = listen(one);
    const auto ofOther = listen(other);
    QVERIFY(ofOne && ofOther);
    for (const StreamId &stream : {one, other}) {
        QVERIFY(succeeded(publish({stream, stream.projectId + ' ' + stream.shardName})));
        const auto seat = cluster->await<Seat>([&](Reply<Seat> reply) {
            engine().place({stream.projectId, "client", stream.shardName, 1}, std::move(reply));
        });
        if (one.projectId != other.projectId)
            QVERIFY(succeeded(seat) && !std::get<Seat>(seat).wasThere);
    }
    QVERIFY(cluster->waitFor([&] { return !ofOne->data.empty() && !ofOther->data.empty(); }));
    QCOMPARE(ofOne->data, std::vector{one.projectId + ' ' + one.shardName});
    QCOMPARE(ofOther->data, std::vector{other.projectId + ' ' + other.shardName});
}

void tst_Seats::newestNodeHasTheSeat()
{
    QVERIFY(begin(2, limits()));
    QCOMPARE(shardOf("a", "room", 1), "room");
    const auto taken = place("a", "room", 1, 1);
    QVERIFY(succeeded(taken) && std::get<Seat>(taken).wasThere);
    QVERIFY(succeeded(cluster->await<Nothing>(
        [&](Reply<Nothing> reply) { engine(0).release(project, "a", std::move(reply)); })));
    QCOMPARE(clients(), 1);
    QVERIFY(succeeded(cluster->await<Nothing>(
        [&](Reply<Nothing> reply) { engine(1).release(project, "a", std::move(reply)); })));
    QCOMPARE(clients(), 0);
}

void tst_Seats::nodeThatOnlyWantsItBackDoesNotTakeItOver()
{
    QVERIFY(begin(2, limits()));
    QCOMPARE(shardOf("a", "room"), "room");
    const auto wished = cluster->await<Seat>([&](Reply<Seat> reply) {
        engine(1).place({project, "a", "room", 10, false}, std::move(reply));
    });
    QVERIFY(failedWith(wished, Failure::Superseded));
}

void tst_Seats::numbersInTheProjectEndWithTheSeat()
{
    QVERIFY(begin(2, limits()));
    const auto lastEmit = [this](const std::string &client) {
        return read({{project}, {}, {}, 0, client}, 1).lastEmit;
    };
    for (const char *client : {"a", "a~", "b"})
        QVERIFY(succeeded(publish({{project}, "event", client, 9})));
    QCOMPARE(shardOf("a", "room"), "room");
    QCOMPARE(shardOf("b", "room"), "room");
    QCOMPARE(shardOf("a"), "room"); // wished again
    QCOMPARE(lastEmit("a"), 9u);
    QCOMPARE(lastEmit("a~"), 9u);
    QVERIFY(succeeded(cluster->await<Nothing>(
        [&](Reply<Nothing> reply) { engine().release(project, "a", std::move(reply)); })));
    QCOMPARE(lastEmit("a"), 0u);
    QCOMPARE(lastEmit("a~"), 0u);
    QCOMPARE(lastEmit("b"), 9u);
}

void tst_Seats::numbersOfTheDeadEndWithTheirSeats()
{
    QVERIFY(begin(2, shortLeases()));
    QCOMPARE(shardOf("a", "room"), "room");
    QVERIFY(succeeded(publish({{project}, "event", "a", 9})));
    const auto lastEmit = [this] { return read({{project}, {}, {}, 0, "a"}, 1).lastEmit; };
    QCOMPARE(lastEmit(), 9u);
    kill(0);
    QVERIFY(cluster->waitFor([&] { return clients(1) == 0; }));
    QCOMPARE(lastEmit(), 0u);
}

void tst_Seats::seatsOfADeadNodeComeBackOnceAfterItsLease()
{
    const Limits limits = shortLeases();
    QVERIFY(begin(2, limits));
    for (int i = 0; i < 5; ++i)
        QCOMPARE(shardOf("dead" + std::to_string(i), "room", 5), "room");
    QCOMPARE(shardOf("living", "other", 5, 1), "other");
    const TimePoint death = cluster->now();
    kill(0);
    QVERIFY(failedWith(place("early", "room", 5, 1), Failure::ShardFull));

    QVERIFY(cluster->waitFor([&] { return clients(1) == 1; }));
    QVERIFY(cluster->now() - death >= limits.lease - 2 * limits.beat);
    for (int i = 0; i < 5; ++i)
        QCOMPARE(shardOf("new" + std::to_string(i), "room", 5, 1), "room");
    QVERIFY(failedWith(place("new5", "room", 5, 1), Failure::ShardFull));
    QCOMPARE(occupancy(1), (std::map<std::string, int>{{"other", 1}, {"room", 5}}));
}

void tst_Seats::nodesThatLiveKeepTheirSeats()
{
    const Limits limits = shortLeases();
    QVERIFY(begin(2, limits));
    QCOMPARE(shardOf("a", "room", 1), "room");
    const TimePoint since = cluster->now();
    QVERIFY(cluster->waitFor([&] { return cluster->now() - since > limits.lease * 3 / 2; }));
    QVERIFY(failedWith(place("b", "room", 1, 1), Failure::ShardFull));
    QVERIFY(nodes[0]->heard->lostSeats.empty());
}

void tst_Seats::nodesOfAProjectAreThoseWithSeats()
{
    QVERIFY(begin(3, limits()));
    using Ids = std::set<std::string>;
    QCOMPARE(nodesOf(project), Ids());
    QCOMPARE(shardOf("a", "room"), "room");
    QCOMPARE(shardOf("b", "room", 10, 1), "room");
    QCOMPARE(shardOf("c", "other", 10, 1), "other");
    QCOMPARE(nodesOf(project, 2), (Ids{engine(0).id(), engine(1).id()}));
    QCOMPARE(nodesOf("another", 2), Ids());
    QVERIFY(succeeded(cluster->await<Nothing>(
        [&](Reply<Nothing> reply) { engine(0).release(project, "a", std::move(reply)); })));
    QCOMPARE(nodesOf(project), Ids{engine(1).id()});
}

void tst_Seats::nodeWhoseLeaseIsOverIsNoneOfTheProject()
{
    QVERIFY(begin(2, shortLeases()));
    QCOMPARE(shardOf("dead", "room"), "room");
    QCOMPARE(shardOf("living", "room", 10, 1), "room");
    QCOMPARE(nodesOf(project, 1).size(), 2u);
    kill(0);
    QVERIFY(cluster->waitFor([&] { return nodesOf(project, 1).size() == 1; }));
    QCOMPARE(nodesOf(project, 1), std::set<std::string>{engine(1).id()});
}

void tst_Seats::clientIsLocatedByEachNode()
{
    QVERIFY(begin(2, limits()));
    const auto shardOfClient = [&](const std::string &id, const std::string &client) {
        const auto outcome = cluster->await<StreamId>(
            [&](Reply<StreamId> reply) { engine(1).locate(id, client, std::move(reply)); });
        const auto *shard = std::get_if<StreamId>(&outcome);
        return shard ? *shard : StreamId{"unknown"};
    };
    QCOMPARE(shardOf("a", "room"), "room");
    QCOMPARE(shardOf("b", "other", 10, 1), "other");
    QCOMPARE(shardOfClient(project, "a"), room);
    QCOMPARE(shardOfClient(project, "b"), (StreamId{project, "other"}));
    QCOMPARE(shardOfClient(project, "nobody"), StreamId{project});
    QCOMPARE(shardOfClient("another", "a"), StreamId{"another"});
}

void tst_Seats::whatNodesTellEachOtherArrivesOnce()
{
    QVERIFY(begin(3, limits()));
    const auto tell = [&](const std::string &to, const std::string &message) {
        return cluster->await<Nothing>(
            [&](Reply<Nothing> reply) { engine(0).tell(to, message, std::move(reply)); });
    };
    QVERIFY(succeeded(tell("nobody", "lost")));
    const std::vector<std::string> &heard = nodes[1]->heard->messages;
    // At most once: what is said before the node listens is lost.
    QVERIFY(cluster->waitFor([&] {
        return !heard.empty() || (succeeded(tell(engine(1).id(), "are you there?")), false);
    }));
    const std::vector<std::string> all{"", " ", "session 1", "\n\xff"};
    for (const std::string &message : all)
        QVERIFY(succeeded(tell(engine(1).id(), message)));
    QVERIFY(cluster->waitFor([&] { return !heard.empty() && heard.back() == all.back(); }));
    QCOMPARE(std::vector<std::string>(heard.end() - std::ptrdiff_t(all.size()), heard.end()), all);
    QVERIFY(nodes[2]->heard->messages.empty());
    QVERIFY(nodes[1]->heard->takenSessions.empty());
}

void tst_Seats::seatsAreTakenAgainInAnEmptyStore()
{
    QVERIFY(begin(2, limits()));
    for (int i = 0; i < 100; ++i)
        QCOMPARE(shardOf("client" + std::to_string(i), "room", 100), "room");
    QCOMPARE(shardOf("other", "room2", 100, 1), "room2");
    cluster->restartEmpty();
    QVERIFY(cluster->waitFor([&] { return clients(1) == 101; }));
    QCOMPARE(occupancy(), (std::map<std::string, int>{{"room", 100}, {"room2", 1}}));
    QVERIFY(nodes[0]->heard->lostSeats.empty());
    QVERIFY(failedWith(place("late", "room", 100, 1), Failure::ShardFull));
}

void tst_Seats::seatThatNobodyWaitsForAnyMoreIsGivenBack()
{
    const Limits limits = shortLeases();
    QVERIFY(begin(1, limits));
    QCOMPARE(shardOf("a", "room"), "room");
    cluster->pause();
    QVERIFY(failedWith(place("b", "room"), Failure::Unavailable));
    cluster->goOn();
    QVERIFY(cluster->waitFor([&] {
        return occupancy() == std::map<std::string, int>{{"room", 1}};
    }));
    const TimePoint since = cluster->now();
    QVERIFY(cluster->waitFor([&] { return cluster->now() - since > limits.callTime; }));
    QCOMPARE(occupancy(), (std::map<std::string, int>{{"room", 1}}));
}

void tst_Seats::frozenNodeKnowsThatItsLeaseIsOver()
{
    QVERIFY(begin(1, shortLeases()));
    QCOMPARE(shardOf("a", "room"), "room");
    QVERIFY(engine().holdsLease());
    nodes[0]->freeze();
    QVERIFY(cluster->waitFor([&] { return !engine().holdsLease(); }));
    QVERIFY(!nodes[0]->heard->isFenced);
    nodes[0]->thaw();
    const std::vector<std::string> &told = nodes[0]->heard->told;
    QVERIFY(cluster->waitFor([&] { return told.size() >= 2; }));
    QCOMPARE(told[0], "fenced");
    QCOMPARE(told[1], "unfenced");
    QVERIFY(engine().holdsLease());
    QCOMPARE(clients(), 1);
}

void tst_Seats::frozenNodeLosesSeatsThatOthersTook()
{
    QVERIFY(begin(2, shortLeases()));
    QCOMPARE(shardOf("a", "room", 1), "room");
    QCOMPARE(shardOf("kept", "other", 2), "other");
    nodes[0]->freeze();
    QVERIFY(cluster->waitFor([&] { return shardOf("b", "room", 1, 1) == "room"; }));
    nodes[0]->thaw();
    const std::vector<std::string> &told = nodes[0]->heard->told;
    QVERIFY(cluster->waitFor([&] { return told.size() >= 3; }));
    QCOMPARE(told[0], "fenced");
    QCOMPARE(told[1], "lost a");
    QCOMPARE(told[2], "unfenced");
    QCOMPARE(occupancy(), (std::map<std::string, int>{{"other", 1}, {"room", 1}}));
}

QTEST_GUILESS_MAIN(tst_Seats)
#include "tst_seats.moc"

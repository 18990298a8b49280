// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "placement_p.h"

#include <QtTest/qtest.h>

#include <algorithm>
#include <map>

using namespace Dispatch;

class tst_Placement : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void clientsFillOneShardAfterTheOther();
    void fullestShardIsTakenFirst();
    void openersNumberStays();
    void joinerMayBeStricterForItself();
    void namedShardIsMadeAndJoined();
    void fullNamedShardIsRefused();
    void autoPlacementUsesNamedShardsToo();
    void projectsShareNothing();
    void emptyShardIsForgotten();
    void seatsAreGivenBackOnce();
    void fullServerRefuses();
    void serversLimitBeatsTheClients();
    void shardsSpreadOverWorkers();
    void generatedNamesAreShortAndDistinct();
    void tenThousandJoinsAndLeavesKeepTheCount();
    void connectionsOfAUserAreLimited();
};

namespace {

ConnectParameters wish(int limit, const std::string &shard = {}, const std::string &project = "p")
{
    ConnectParameters parameters;
    parameters.projectId = project;
    parameters.shardName = shard;
    parameters.maxConnectionsPerShard = limit;
    return parameters;
}

Placement::Seat seat(Placement &placement, const ConnectParameters &parameters)
{
    auto result = placement.reserve(parameters);
    if (const auto *got = std::get_if<Placement::Seat>(&result))
        return *got;
    return {0, {}, "refused", -1};
}

Placement make(int workers = 1)
{
    return Placement({100'000, 1'000, workers}, 1);
}

} // namespace

void tst_Placement::clientsFillOneShardAfterTheOther()
{
    Placement placement = make();
    for (int i = 0; i < 1'000; ++i)
        seat(placement, wish(20));
    const auto shards = placement.occupancy("p");
    QCOMPARE(shards.size(), std::size_t(50));
    QVERIFY(std::ranges::all_of(shards, [](const auto &shard) { return shard.clients == 20; }));
    QCOMPARE(placement.connections(), 1'000);
}

void tst_Placement::fullestShardIsTakenFirst()
{
    Placement placement = make();
    seat(placement, wish(10, "a"));
    for (int i = 0; i < 3; ++i)
        seat(placement, wish(10, "b"));
    seat(placement, wish(10, "c"));
    QCOMPARE(seat(placement, wish(10)).shardName, std::string("b"));
}

void tst_Placement::openersNumberStays()
{
    Placement placement = make();
    const std::string first = seat(placement, wish(2)).shardName;
    QCOMPARE(seat(placement, wish(100)).shardName, first);
    QVERIFY(seat(placement, wish(100)).shardName != first);
}

void tst_Placement::joinerMayBeStricterForItself()
{
    Placement placement = make();
    const std::string first = seat(placement, wish(10)).shardName;
    seat(placement, wish(10));
    QVERIFY(seat(placement, wish(2)).shardName != first);
    QCOMPARE(seat(placement, wish(3)).shardName, first);
}

void tst_Placement::namedShardIsMadeAndJoined()
{
    Placement placement = make();
    const Placement::Seat ann = seat(placement, wish(10, "room"));
    const Placement::Seat ben = seat(placement, wish(10, "room"));
    QCOMPARE(ann.shardName, std::string("room"));
    QCOMPARE(ann.shardId, ben.shardId);
    QCOMPARE(placement.shards(), 1);
}

void tst_Placement::fullNamedShardIsRefused()
{
    Placement placement = make();
    seat(placement, wish(2, "room"));
    QCOMPARE(std::get<Refusal>(placement.reserve(wish(1, "room"))), Refusal::ShardFull);
    seat(placement, wish(2, "room"));
    QCOMPARE(std::get<Refusal>(placement.reserve(wish(100, "room"))), Refusal::ShardFull);
    QCOMPARE(placement.connections(), 2);
}

void tst_Placement::autoPlacementUsesNamedShardsToo()
{
    Placement placement = make();
    seat(placement, wish(10, "room"));
    QCOMPARE(seat(placement, wish(10)).shardName, std::string("room"));
}

void tst_Placement::projectsShareNothing()
{
    Placement placement = make();
    const auto ann = seat(placement, wish(10, "room", "p"));
    const auto ben = seat(placement, wish(10, "room", "q"));
    QVERIFY(ann.shardId != ben.shardId);
    QCOMPARE(placement.occupancy("p"), (std::vector<Placement::Occupancy>{{"room", 1}}));
    QVERIFY(placement.occupancy("none").empty());
}

void tst_Placement::emptyShardIsForgotten()
{
    Placement placement = make();
    const auto first = seat(placement, wish(2, "room"));
    placement.release(first);
    QCOMPARE(placement.shards(), 0);
    QCOMPARE(placement.connections(), 0);
    QVERIFY(placement.occupancy("p").empty());
    // The next one is another shard, whose opener's number counts.
    const auto second = seat(placement, wish(1, "room"));
    QVERIFY(second.shardId != first.shardId);
    QCOMPARE(std::get<Refusal>(placement.reserve(wish(5, "room"))), Refusal::ShardFull);
}

void tst_Placement::seatsAreGivenBackOnce()
{
    Placement placement = make();
    const auto first = seat(placement, wish(2, "room"));
    placement.release(first);
    seat(placement, wish(2, "room"));
    placement.release(first);
    QCOMPARE(placement.connections(), 1);
    placement.release({99, "nowhere", "x", 0});
    QCOMPARE(placement.connections(), 1);
}

void tst_Placement::fullServerRefuses()
{
    Placement placement({3, 100, 1}, 1);
    for (int i = 0; i < 3; ++i)
        seat(placement, wish(10));
    QCOMPARE(std::get<Refusal>(placement.reserve(wish(10))), Refusal::ServerFull);
    QCOMPARE(std::get<Refusal>(placement.reserve(wish(10, "new", "q"))), Refusal::ServerFull);
    QVERIFY(placement.occupancy("q").empty());
}

void tst_Placement::serversLimitBeatsTheClients()
{
    Placement placement({100, 2, 1}, 1);
    const std::string first = seat(placement, wish(50)).shardName;
    QCOMPARE(seat(placement, wish(50)).shardName, first);
    QVERIFY(seat(placement, wish(50)).shardName != first);
}

void tst_Placement::shardsSpreadOverWorkers()
{
    Placement placement = make(4);
    std::map<int, int> perWorker;
    for (int i = 0; i < 80; ++i)
        ++perWorker[seat(placement, wish(5)).worker];
    QCOMPARE(perWorker.size(), std::size_t(4));
    for (const auto &[worker, clients] : perWorker)
        QCOMPARE(clients, 20);
}

void tst_Placement::generatedNamesAreShortAndDistinct()
{
    Placement placement = make();
    for (int i = 0; i < 1'000; ++i)
        QCOMPARE(seat(placement, wish(1)).shardName.size(), std::size_t(6));
    QCOMPARE(placement.occupancy("p").size(), std::size_t(1'000));
}

void tst_Placement::tenThousandJoinsAndLeavesKeepTheCount()
{
    Placement placement = make(2);
    std::mt19937 random(7);
    std::vector<Placement::Seat> seats;
    for (int i = 0; i < 10'000; ++i) {
        if (!seats.empty() && random() % 3 == 0) {
            std::swap(seats[random() % seats.size()], seats.back());
            placement.release(seats.back());
            seats.pop_back();
        } else {
            seats.push_back(seat(placement, wish(1 + static_cast<int>(random() % 30))));
        }
    }
    int counted = 0;
    for (const auto &shard : placement.occupancy("p")) {
        QVERIFY(shard.clients >= 1 && shard.clients <= 30);
        counted += shard.clients;
    }
    QCOMPARE(counted, static_cast<int>(seats.size()));
    for (const auto &taken : seats)
        placement.release(taken);
    QCOMPARE(placement.shards(), 0);
    QCOMPARE(placement.connections(), 0);
}

void tst_Placement::connectionsOfAUserAreLimited()
{
    Placement placement({100, 100, 1, 2}, 1);
    const ConnectParameters here = wish(100, "a");
    const ConnectParameters elsewhere = wish(100, "a", "q");
    const auto taken = [&](const ConnectParameters &parameters, const std::string &user) {
        return placement.reserve(parameters, user);
    };
    auto first = std::get<Placement::Seat>(taken(here, "ann"));
    auto second = std::get<Placement::Seat>(taken(wish(100, "b"), "ann"));
    QVERIFY(std::get<Refusal>(taken(here, "ann")) == Refusal::TooManyConnections);
    QCOMPARE(placement.connections(), 2);
    // Not in another project, not another user, and not somebody who is not known.
    QVERIFY(std::holds_alternative<Placement::Seat>(taken(elsewhere, "ann")));
    QVERIFY(std::holds_alternative<Placement::Seat>(taken(here, "bob")));
    auto unknown = std::get<Placement::Seat>(taken(here, ""));
    QVERIFY(std::holds_alternative<Placement::Seat>(taken(here, "")));

    QVERIFY(!placement.switchUser(unknown, "ann"));
    QVERIFY(unknown.userId.empty());
    QVERIFY(placement.switchUser(first, "cem"));
    QCOMPARE(first.userId, std::string("cem"));
    QVERIFY(placement.switchUser(unknown, "ann"));
    QVERIFY(placement.switchUser(unknown, "ann"));
    QVERIFY(!placement.switchUser(first, "ann"));
    placement.release(second);
    QVERIFY(placement.switchUser(first, "ann"));
}

QTEST_APPLESS_MAIN(tst_Placement)
#include "tst_placement.moc"

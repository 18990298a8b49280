// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "placement_p.h"

#include <QtCore/qstringlist.h>
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
    void figuresAreThoseOfAll();
    void largestShardsComeFirst();
    void shardsAreFoundByAPartOfTheirName_data();
    void shardsAreFoundByAPartOfTheirName();
    void trafficOutlivesItsShard();
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
    QCOMPARE(placement.figures().connections, 1'000);
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
    QCOMPARE(placement.figures().shards, 1);
}

void tst_Placement::fullNamedShardIsRefused()
{
    Placement placement = make();
    seat(placement, wish(2, "room"));
    QCOMPARE(std::get<Refusal>(placement.reserve(wish(1, "room"))), Refusal::ShardFull);
    seat(placement, wish(2, "room"));
    QCOMPARE(std::get<Refusal>(placement.reserve(wish(100, "room"))), Refusal::ShardFull);
    QCOMPARE(placement.figures().connections, 2);
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
    QCOMPARE(placement.figures().shards, 0);
    QCOMPARE(placement.figures().connections, 0);
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
    QCOMPARE(placement.figures().connections, 1);
    placement.release({99, "nowhere", "x", 0});
    QCOMPARE(placement.figures().connections, 1);
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
    QCOMPARE(placement.figures().shards, 0);
    QCOMPARE(placement.figures().connections, 0);
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
    QCOMPARE(placement.figures().connections, 2);
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

void tst_Placement::figuresAreThoseOfAll()
{
    Placement placement = make(2);
    const auto first = seat(placement, wish(10, "a", "p"));
    seat(placement, wish(20, "b", "p"));
    seat(placement, wish(30, "a", "q"));
    seat(placement, wish(30, "a", "q"));
    QVERIFY(std::holds_alternative<Placement::Seat>(placement.reserveBackend(wish(1))));
    Placement::Figures figures = placement.figures();
    QCOMPARE(figures.connections, 5);
    QCOMPARE(figures.limit, 100'000);
    QCOMPARE(figures.projects, 2);
    QCOMPARE(figures.shards, 3);
    QCOMPARE(figures.seats, 60);
    QCOMPARE(figures.seatsTaken, 4);
    QCOMPARE(figures.connectionsOfWorker.size(), 2U);
    QCOMPARE(figures.connectionsOfWorker[0] + figures.connectionsOfWorker[1], 5);
    placement.release(first);
    figures = placement.figures();
    QCOMPARE(figures.shards, 2);
    QCOMPARE(figures.seats, 50);
    QCOMPARE(figures.seatsTaken, 3);
}

namespace {

QStringList names(const Placement::Largest &largest)
{
    QStringList list;
    for (const Placement::ShardFigures &shard : largest.shards)
        list += QString::fromStdString(shard.projectId + '/' + shard.shardName);
    return list;
}

} // namespace

void tst_Placement::largestShardsComeFirst()
{
    Placement placement = make();
    seat(placement, wish(10, "z", "p"));
    seat(placement, wish(10, "a", "p"));
    seat(placement, wish(10, "b", "q"));
    seat(placement, wish(10, "b", "q"));
    // Those of one size in the order in which they were opened.
    const auto largest = placement.largestShards({}, 2);
    QCOMPARE(names(largest), (QStringList{"q/b", "p/z"}));
    QCOMPARE(largest.matching, 3);
    QCOMPARE(largest.shards.front().clients, 2);
    QCOMPARE(largest.shards.front().limit, 10);
    QCOMPARE(names(placement.largestShards({}, 9)), (QStringList{"q/b", "p/z", "p/a"}));
    QCOMPARE(names(placement.largestShards({}, 0)), QStringList());
}

void tst_Placement::shardsAreFoundByAPartOfTheirName_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QStringList>("found");
    QTest::newRow("nothing") << QString()
                             << QStringList{"chess/Lobby", "chess/table 1", "go/lobby"};
    QTest::newRow("a shard") << QStringLiteral("lobb") << QStringList{"chess/Lobby", "go/lobby"};
    QTest::newRow("a project") << QStringLiteral("CHESS")
                               << QStringList{"chess/Lobby", "chess/table 1"};
    QTest::newRow("neither") << QStringLiteral("poker") << QStringList();
}

void tst_Placement::shardsAreFoundByAPartOfTheirName()
{
    QFETCH(QString, text);
    QFETCH(QStringList, found);
    Placement placement = make();
    seat(placement, wish(10, "Lobby", "chess"));
    seat(placement, wish(10, "table 1", "chess"));
    seat(placement, wish(10, "lobby", "go"));
    const auto largest = placement.largestShards(text.toStdString(), 10);
    QCOMPARE(names(largest), found);
    QCOMPARE(largest.matching, int(found.size()));
}

void tst_Placement::trafficOutlivesItsShard()
{
    Placement placement = make();
    const auto first = seat(placement, wish(10, "a"));
    const auto second = seat(placement, wish(10, "a"));
    QCOMPARE(first.traffic, second.traffic);
    first.traffic->emitted.add(3);
    first.traffic->delivered.add(6);
    QCOMPARE(placement.largestShards({}, 1).shards.front().emitted, 3);
    QCOMPARE(placement.largestShards({}, 1).shards.front().delivered, 6);
    placement.release(first);
    placement.release(second);
    first.traffic->emitted.add(); // its worker hears of the end later
    QCOMPARE(placement.figures().seats, 0);
    QVERIFY(seat(placement, wish(10, "a")).traffic != first.traffic);
}

QTEST_APPLESS_MAIN(tst_Placement)
#include "tst_placement.moc"

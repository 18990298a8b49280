// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "enginetest.h"

#include <numeric>

using namespace Dispatch;
using namespace Dispatch::Engine;

Limits EngineTest::limits()
{
    Limits limits;
    limits.lease = std::chrono::minutes(5);
    limits.beat = milliseconds(200);
    limits.callTime = std::chrono::seconds(10);
    return limits;
}

Limits EngineTest::shortLeases()
{
    Limits limits;
    limits.lease = milliseconds(3'000);
    limits.beat = milliseconds(200);
    limits.callTime = milliseconds(1'000);
    return limits;
}

bool EngineTest::begin(int count, const Limits &limits)
{
    cluster = makeTestCluster(limits);
    if (!cluster)
        return false;
    for (int i = 0; i < count; ++i)
        nodes.push_back(cluster->node());
    return cluster->waitFor([this] {
        return std::ranges::all_of(nodes,
                                   [](const auto &node) { return node->heard->timesReached > 0; });
    });
}

void EngineTest::cleanup()
{
    nodes.clear();
    cluster.reset();
}

Outcome<Seat> EngineTest::place(const std::string &client, const std::string &shard, int limit,
                                std::size_t node)
{
    return cluster->await<Seat>([&](Reply<Seat> reply) {
        engine(node).place({project, client, shard, limit}, std::move(reply));
    });
}

std::string EngineTest::shardOf(const std::string &client, const std::string &shard, int limit,
                                std::size_t node)
{
    const auto outcome = place(client, shard, limit, node);
    const Seat *seat = std::get_if<Seat>(&outcome);
    return seat ? seat->shard.shardName : std::string();
}

std::map<std::string, int> EngineTest::occupancy(std::size_t node)
{
    const auto outcome =
        cluster->await<std::vector<Occupancy>>([&](Reply<std::vector<Occupancy>> reply) {
            engine(node).occupancy(project, std::move(reply));
        });
    std::map<std::string, int> result;
    if (const auto *list = std::get_if<std::vector<Occupancy>>(&outcome)) {
        for (const Occupancy &one : *list)
            result[one.shardName] = one.clients;
    }
    return result;
}

int EngineTest::clients(std::size_t node)
{
    const auto all = occupancy(node);
    return std::accumulate(all.begin(), all.end(), 0,
                           [](int sum, const auto &one) { return sum + one.second; });
}

std::shared_ptr<StreamRecord> EngineTest::listen(const StreamId &stream, std::size_t node)
{
    auto record = std::make_shared<StreamRecord>();
    engine(node).subscribe(stream, cluster->context.get_executor(), record);
    const bool isThere = cluster->waitFor(
        [&] { return record->beginning && (record->lists > 0 || !stream.isShard()); });
    return isThere ? record : nullptr;
}

Outcome<Published> EngineTest::publish(const Emission &emission, std::size_t node)
{
    return cluster->await<Published>(
        [&](Reply<Published> reply) { engine(node).publish(emission, std::move(reply)); });
}

Mark EngineTest::publish(const std::string &data, std::size_t node)
{
    const auto outcome = publish({room, data}, node);
    const Published *published = std::get_if<Published>(&outcome);
    return published ? published->mark : Mark();
}

Page EngineTest::read(const ReadWish &wish, std::size_t node)
{
    const auto outcome =
        cluster->await<Page>([&](Reply<Page> reply) { engine(node).read(wish, std::move(reply)); });
    const Page *page = std::get_if<Page>(&outcome);
    return page ? *page : Page{{}, false, {}, 0};
}

Outcome<Nothing> EngineTest::setMember(const std::string &client, const std::string &data,
                                       std::size_t node, bool takesOver)
{
    return cluster->await<Nothing>([&](Reply<Nothing> reply) {
        engine(node).setMember(room, {client, data}, takesOver, std::move(reply));
    });
}

Outcome<Nothing> EngineTest::createSession(const Session &session, const std::string &secret,
                                           std::size_t node)
{
    return cluster->await<Nothing>([&](Reply<Nothing> reply) {
        engine(node).createSession(session, secret, std::move(reply));
    });
}

Outcome<Session> EngineTest::claim(const std::string &shown, const std::string &next,
                                   std::size_t node)
{
    return cluster->await<Session>(
        [&](Reply<Session> reply) { engine(node).claimSession(shown, next, std::move(reply)); });
}

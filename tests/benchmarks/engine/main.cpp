// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

// What the engine costs (docs/engine.md): nodes on one redis-server of this machine.

#include "fanout.h"
#include "measure.h"
#include "nodethread_p.h"
#include "redisstore_p.h"

#include <boost/asio/executor_work_guard.hpp>

#include <QtCore/qcoreapplication.h>

#include <type_traits>

using namespace Dispatch;
using namespace Dispatch::Engine;

namespace {

constexpr int Events = 20'000;
constexpr std::size_t EventBytes = 200;

class Silent final : public NodeListener {
public:
    void reached() override { }
    void lost(std::string_view) override { }
    void complained(std::string_view why) override
    {
        std::fprintf(stderr, "%.*s\n", static_cast<int>(why.size()), why.data());
    }
    void seatLost(const Seat &) override { }
    void sessionTaken(const Session &) override { }
    void addressed(const std::string &) override { }
    void fenced() override { }
    void unfenced() override { }
};

/// Counts what a node hears.
class Hearer final : public StreamListener {
public:
    void began(const Mark &) override { }
    void received(const Mark &, const std::vector<Entry> &entries) override
    {
        events += entries.size();
    }
    void wasReset(const Mark &) override { }
    void membersListed(const PresenceList &) override { hasBegun = true; }
    void memberChanged(const PresenceChange &) override { }

    std::size_t events = 0;
    bool hasBegun = false;
};

/// The calls that nobody makes through a node are measured on a store of its own.
class Alone final : public Store::Sink {
public:
    void reached(bool) override { isReached = true; }
    void lost(std::string_view) override { }
    void complained(std::string_view why) override
    {
        std::fprintf(stderr, "%.*s\n", static_cast<int>(why.size()), why.data());
    }
    void measured(std::int64_t, std::int64_t) override { }
    void subscribed(const StreamId &) override { }
    void arrived(const StreamId &, const Mark &, std::string) override { }
    void reborn(const StreamId &, std::uint64_t) override { }
    void membersChanged(const StreamId &, PresenceChange) override { }
    void told(std::string) override { }
    void hearsAgain() override { }

    bool isReached = false;
};

std::string client(int number)
{
    return "client" + std::to_string(number);
}

StreamId shard(int number)
{
    return {"project", std::to_string(number)};
}

/// What a node does by itself: leases, sessions, and what it reads of a stream.
void measureStore(RedisServer &server, const RedisSettings &settings, const Limits &limits)
{
    boost::asio::io_context context;
    const auto work = boost::asio::make_work_guard(context);
    Alone sink;
    RedisStore store(context, settings, limits);
    store.open(sink);
    while (!sink.isReached)
        context.run_one();
    const auto run = [&]<class T>(const char *name, std::type_identity<T>, auto call) {
        measure<T>(name, server, context, Events, 16, call);
    };
    const std::type_identity<Renewal> renewal;
    const std::type_identity<Nothing> nothing;
    const std::type_identity<Session> session;
    const std::type_identity<Page> page;

    run("keepSeats", renewal,
        [&](int, Done<Renewal> done) { store.keepSeats("project", std::move(done)); });
    run("keepMembers, the first", renewal,
        [&](int number, Done<Renewal> done) { store.keepMembers(shard(number), std::move(done)); });
    run("keepMembers", renewal,
        [&](int number, Done<Renewal> done) { store.keepMembers(shard(number), std::move(done)); });
    run("setMember, 20 in a shard", nothing, [&](int number, Done<Nothing> done) {
        store.setMember(shard(number / 20), {client(number), "{}"}, true, std::move(done));
    });
    run("members, 20 in a shard", std::type_identity<PresenceList>(),
        [&](int number, Done<PresenceList> done) {
            store.members(shard(number / 20), std::move(done));
        });
    run("removeMember", nothing, [&](int number, Done<Nothing> done) {
        store.removeMember(shard(number / 20), client(number), std::move(done));
    });
    const auto sessionOf = [](int number) {
        Session one;
        one.clientId = client(number);
        one.shard = shard(number / 20);
        one.data = "{}";
        one.generation = 1;
        return one;
    };
    const auto secret = [](const char *which, int number) {
        return which + std::to_string(number) + std::string(58, 's');
    };
    run("createSession", nothing, [&](int number, Done<Nothing> done) {
        store.createSession(sessionOf(number), secret("a", number), std::move(done));
    });
    run("updateSession", nothing, [&](int number, Done<Nothing> done) {
        store.updateSession(sessionOf(number), secret("a", number), true, std::move(done));
    });
    run("claimSession", session, [&](int number, Done<Session> done) {
        store.claimSession(secret("a", number), secret("b", number), std::move(done));
    });
    run("endSession", nothing, [&](int number, Done<Nothing> done) {
        store.endSession(client(number), 2, secret("b", number), std::move(done));
    });
    run("read, nothing missed", page, [&](int number, Done<Page> done) {
        store.read({shard(100'000 + number % 100)}, std::move(done));
    });
    store.close();
    context.poll();
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    RedisServer server(RedisServer::Kind::Alone);
    if (!server.start())
        return 1;
    RedisSettings settings;
    settings.socketPath = server.socketPath();
    Limits limits;
    limits.callTime = std::chrono::seconds(30);
    const auto makeNode = [&] {
        return std::make_unique<NodeThread>(
            [&](boost::asio::io_context &context) {
                return std::make_unique<RedisStore>(context, settings, limits);
            },
            std::make_shared<Silent>());
    };
    const auto node = makeNode();
    Node &engine = node->node();
    const std::string data(EventBytes, 'x');
    boost::asio::io_context context;
    const auto work = boost::asio::make_work_guard(context);
    const auto here = [&context]<class T>(Done<T> done) {
        return Reply<T>{context.get_executor(), std::move(done)};
    };

    printCallHead();
    for (const int inFlight : {1, 16, 256}) {
        measure<Published>("publish", server, context, inFlight == 1 ? Events / 4 : Events,
                           inFlight, [&](int number, Done<Published> done) {
                               engine.publish({shard(number % 100), data}, here(std::move(done)));
                           });
    }
    measure<Published>("publish, numbered", server, context, Events, 16,
                       [&](int number, Done<Published> done) {
                           engine.publish({shard(number % 100), data, client(number % 100),
                                           static_cast<std::uint64_t>(number / 100 + 1)},
                                          here(std::move(done)));
                       });
    measure<Published>("publish, not kept", server, context, Events, 16,
                       [&](int number, Done<Published> done) {
                           Emission emission{shard(number % 100), data};
                           emission.isKept = false;
                           engine.publish(std::move(emission), here(std::move(done)));
                       });
    measure<Seat>("place", server, context, Events, 16, [&](int number, Done<Seat> done) {
        engine.place({"project", client(number), {}, 100}, here(std::move(done)));
    });
    measure<Nothing>("release", server, context, Events, 16, [&](int number, Done<Nothing> done) {
        engine.release("project", client(number), here(std::move(done)));
    });
    measure<Nothing>("setMember", server, context, Events, 16, [&](int number, Done<Nothing> done) {
        engine.setMember(shard(number % 200), {client(number), "{}"}, true, here(std::move(done)));
    });
    measureStore(server, settings, limits);

    // The way of an event from one node to the listener of another.
    const auto other = makeNode();
    const auto counter = std::make_shared<Hearer>();
    const StreamId room{"project", "room"};
    other->node().subscribe(room, context.get_executor(), counter);
    while (!counter->hasBegun)
        context.run_one();
    std::vector<Duration> times;
    for (std::size_t i = 0; i < Events / 4; ++i) {
        const TimePoint since = Clock::now();
        engine.publish({room, data}, {context.get_executor(), [](const Outcome<Published> &) {}});
        while (counter->events <= i) {
            context.run_one();
        }
        times.push_back(Clock::now() - since);
    }
    std::ranges::sort(times);
    std::printf("\nFrom one node to another: p50 %.0f us, p99 %.0f us\n", micros(times, 0.5),
                micros(times, 0.99));
    measureFanOut(server);
    return 0;
}

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "fanout.h"

#include "measure.h"
#include "node_p.h"
#include "redisstore_p.h"

#include <boost/asio/executor_work_guard.hpp>

#include <memory>

namespace Dispatch::Engine {

namespace {

constexpr std::size_t Streams = 10;
constexpr std::size_t EventBytes = 200;
constexpr std::size_t Copies = 200'000; ///< that one measurement sends, about

class Nobody final : public NodeListener {
public:
    void reached() override { }
    void lost(std::string_view) override { }
    void complained(std::string_view) override { }
    void seatLost(const Seat &) override { }
    void sessionTaken(const Session &) override { }
    void addressed(const std::string &) override { }
    void fenced() override { }
    void unfenced() override { }
};

/// Counts what all nodes hear.
struct Counter final : StreamListener {
    void began(const Mark &) override { }
    void received(const Mark &, const std::vector<Entry> &entries) override
    {
        events += entries.size();
    }
    void wasReset(const Mark &) override { }
    void membersListed(const PresenceList &) override { ++listed; }
    void memberChanged(const PresenceChange &) override { }

    std::size_t events = 0;
    std::size_t listed = 0;
};

/// \a nodes that all hear the same streams, each of which emits in its turn, with \a inFlight
/// emissions of all that have not ended.
void measureFanOut(RedisServer &server, std::size_t nodes, std::size_t inFlight)
{
    boost::asio::io_context context;
    const auto work = boost::asio::make_work_guard(context);
    RedisSettings settings;
    settings.socketPath = server.socketPath();
    Limits limits;
    limits.callTime = std::chrono::seconds(30);
    const std::string project = "fan-out-" + std::to_string(nodes) + '-' + std::to_string(inFlight);
    const auto stream = [&project](std::size_t number) {
        return StreamId{project, std::to_string(number % Streams)};
    };

    std::vector<std::unique_ptr<Node>> all;
    const auto heard = std::make_shared<Counter>();
    for (std::size_t i = 0; i < nodes; ++i) {
        all.push_back(std::make_unique<Node>(
            std::make_unique<RedisStore>(context, settings, limits), std::make_shared<Nobody>()));
        all.back()->open();
        for (std::size_t j = 0; j < Streams; ++j)
            all.back()->subscribe(stream(j), context.get_executor(), heard);
    }
    while (heard->listed < nodes * Streams)
        context.run_one();

    const std::size_t events = std::max(Copies / nodes / 4, Streams);
    const std::string data(EventBytes, 'x');
    std::size_t made = 0;
    std::size_t ended = 0;
    std::function<void()> next = [&] {
        if (made == events)
            return;
        const std::size_t number = made++;
        all[number % nodes]->publish({stream(number), data},
                                     {context.get_executor(), [&](const Outcome<Published> &) {
                                          ++ended;
                                          next();
                                      }});
    };
    const Usage before = usageOf(server);
    for (std::size_t i = 0; i < inFlight; ++i)
        next();
    while (ended < events || heard->events < events * nodes)
        context.run_one();
    const Usage after = usageOf(server);
    const double perEvent = 1 / static_cast<double>(events);
    std::printf("| %zu | %zu | %.1f | %.1f | %.0f | %.0f |\n", nodes, inFlight,
                (after.redisSeconds - before.redisSeconds) * 1e6 * perEvent,
                (after.ownSeconds - before.ownSeconds) * 1e6 * perEvent,
                static_cast<double>(after.bytesIn - before.bytesIn) * perEvent,
                static_cast<double>(after.bytesOut - before.bytesOut) * perEvent);
    std::fflush(stdout);
}

} // namespace

void measureFanOut(RedisServer &server)
{
    std::printf("\nOf an event of %zu bytes that is heard by so many nodes:\n\n"
                "| nodes | in flight | CPU of Redis, us | CPU of all nodes, us | bytes to Redis | "
                "bytes from Redis |\n|---|---|---|---|---|---|\n",
                EventBytes);
    for (const std::size_t nodes : {1, 2, 5, 20, 50, 100}) {
        for (const std::size_t inFlight : {std::size_t(1), 2 * nodes})
            measureFanOut(server, nodes, inFlight);
    }
}

} // namespace Dispatch::Engine

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

// What the engine costs (docs/engine.md): nodes on one redis-server of this machine.

#include "nodethread_p.h"
#include "redisserver.h"
#include "redisstore_p.h"

#include <boost/asio/executor_work_guard.hpp>

#include <QtCore/qcoreapplication.h>

#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <vector>

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
    void sessionTaken(const std::string &) override { }
    void fenced() override { }
    void unfenced() override { }
};

/// Counts what a node hears.
class Counter final : public StreamListener {
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

/// The processor time of this process.
double ownSeconds()
{
    rusage raw{};
    ::getrusage(RUSAGE_SELF, &raw);
    const auto seconds = [](const timeval &time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(raw.ru_utime) + seconds(raw.ru_stime);
}

double redisSeconds(RedisServer &server)
{
    const std::string info = server.text({"INFO", "cpu"});
    double sum = 0;
    for (const char *name : {"used_cpu_sys:", "used_cpu_user:"}) {
        if (const std::size_t found = info.find(name); found != std::string::npos)
            sum += std::stod(info.substr(found + std::strlen(name)));
    }
    return sum;
}

/// Keeps \a inFlight calls of \a call going until \a count have ended, and says how long each took.
template<class T, class Call>
std::vector<Duration> drive(boost::asio::io_context &context, int count, int inFlight, Call call)
{
    std::vector<Duration> times;
    int made = 0;
    std::function<void()> next = [&] {
        if (made == count)
            return;
        const int number = made++;
        call(number,
             Reply<T>{context.get_executor(), [&, since = Clock::now()](const Outcome<T> &outcome) {
                          if (!std::holds_alternative<T>(outcome))
                              std::fprintf(stderr, "a call failed\n");
                          times.push_back(Clock::now() - since);
                          next();
                      }});
    };
    for (int i = 0; i < inFlight; ++i)
        next();
    while (static_cast<int>(times.size()) < count) {
        context.run_one();
    }
    std::ranges::sort(times);
    return times;
}

double micros(const std::vector<Duration> &times, double part)
{
    const auto index = static_cast<std::size_t>(part * static_cast<double>(times.size() - 1));
    return std::chrono::duration<double, std::micro>(times[index]).count();
}

template<class T, class Call>
void measure(const char *name, RedisServer &server, int count, int inFlight, Call call)
{
    boost::asio::io_context context;
    const auto work = boost::asio::make_work_guard(context);
    const double redisBefore = redisSeconds(server);
    const double ownBefore = ownSeconds();
    const TimePoint since = Clock::now();
    const std::vector<Duration> times =
        drive<T>(context, count, inFlight,
                 [&](int number, Reply<T> reply) { call(number, std::move(reply)); });
    const double seconds = std::chrono::duration<double>(Clock::now() - since).count();
    const double perCall = 1e6 / count;
    std::printf("| %s | %d | %.0f | %.0f | %.0f | %.1f | %.1f |\n", name, inFlight, count / seconds,
                micros(times, 0.5), micros(times, 0.99),
                (redisSeconds(server) - redisBefore) * perCall,
                (ownSeconds() - ownBefore) * perCall);
    std::fflush(stdout);
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

    std::printf(
        "| call | in flight | calls/s | p50, us | p99, us | CPU of Redis, us a call | CPU of "
        "the node, us a call |\n|---|---|---|---|---|---|---|\n");
    for (const int inFlight : {1, 16, 256}) {
        measure<Published>("publish", server, inFlight == 1 ? Events / 4 : Events, inFlight,
                           [&](int number, Reply<Published> reply) {
                               const StreamId stream{"project", std::to_string(number % 100)};
                               engine.publish({stream, data}, std::move(reply));
                           });
    }
    measure<Published>("publish, numbered", server, Events, 16,
                       [&](int number, Reply<Published> reply) {
                           const StreamId stream{"project", std::to_string(number % 100)};
                           engine.publish({stream, data, "client" + std::to_string(number % 100),
                                           static_cast<std::uint64_t>(number / 100 + 1)},
                                          std::move(reply));
                       });
    measure<Published>("publish, not kept", server, Events, 16,
                       [&](int number, Reply<Published> reply) {
                           const StreamId stream{"project", std::to_string(number % 100)};
                           Emission emission{stream, data};
                           emission.isKept = false;
                           engine.publish(std::move(emission), std::move(reply));
                       });
    measure<Seat>("place", server, Events, 16, [&](int number, Reply<Seat> reply) {
        engine.place({"project", "client" + std::to_string(number), {}, 100}, std::move(reply));
    });
    measure<Nothing>("release", server, Events, 16, [&](int number, Reply<Nothing> reply) {
        engine.release("project", "client" + std::to_string(number), std::move(reply));
    });
    measure<Nothing>("setMember", server, Events, 16, [&](int number, Reply<Nothing> reply) {
        engine.setMember({"project", std::to_string(number % 200)},
                         {"client" + std::to_string(number), "{}"}, true, std::move(reply));
    });

    // The way of an event from one node to the listener of another.
    boost::asio::io_context context;
    const auto work = boost::asio::make_work_guard(context);
    const auto other = makeNode();
    const auto counter = std::make_shared<Counter>();
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
    return 0;
}

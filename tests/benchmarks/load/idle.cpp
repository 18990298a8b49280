// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "process.h"
#include "scenarios.h"
#include "swarm.h"

#include <cmath>
#include <cstdio>
#include <poll.h>
#include <unistd.h>

namespace Load {

namespace {

constexpr Seconds SettleStep{0.5};
constexpr int SettleSteps = 40;
constexpr double SettledChange = 0.002;

class IdleSwarm final : public Swarm {
public:
    using Swarm::Swarm;

private:
    void onText(Channel &, const FrameHead &) override { }
};

/// Waits until the memory of the server does not change any more, for a limited time.
std::int64_t settledMemory(Swarm &swarm, pid_t server)
{
    auto before = double(residentBytes(server));
    int steady = 0;
    for (int i = 0; i < SettleSteps && steady < 4; ++i) {
        swarm.turnFor(SettleStep);
        const auto now = double(residentBytes(server));
        steady = std::abs(now - before) < before * SettledChange ? steady + 1 : 0;
        before = now;
    }
    return std::int64_t(before);
}

bool stdinClosed()
{
    pollfd input{STDIN_FILENO, POLLIN, 0};
    char byte = 0;
    return poll(&input, 1, 0) > 0 && read(STDIN_FILENO, &byte, 1) == 0;
}

} // namespace

void idle(const Arguments &arguments)
{
    const auto server = pid_t(arguments.integer("pid", 0));
    const int count = arguments.integer("connections", 10'000);
    const int perRoom = arguments.integer("clients", 100);
    IdleSwarm swarm(Dialect::named(arguments.text("dialect")), Endpoint(arguments));
    for (int i = 0; i < count; ++i)
        swarm.add("room-" + std::to_string(i / perRoom));

    const std::int64_t before = settledMemory(swarm, server);
    const auto start = Clock::now();
    swarm.connectAll();
    const double joining = Seconds(Clock::now() - start).count();
    const std::int64_t after = settledMemory(swarm, server);
    std::printf("{\"held\":%zu}\n", swarm.size() - swarm.closed());
    std::fflush(stdout);
    while (!stdinClosed())
        swarm.turn(20);

    const double cpu = cpuSeconds(server);
    const double seconds = arguments.number("seconds", 5);
    swarm.turnFor(Seconds(seconds));
    std::printf("{\"held\":%zu,\"bytesPerConnection\":%.0f,\"joinsPerSecond\":%.0f,"
                "\"idleCpu\":%.4f,\"rssBefore\":%lld,\"rssAfter\":%lld}\n",
                swarm.size() - swarm.closed(), double(after - before) / count, count / joining,
                (cpuSeconds(server) - cpu) / seconds, static_cast<long long>(before),
                static_cast<long long>(after));
}

} // namespace Load

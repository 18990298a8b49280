// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "process.h"
#include "scenarios.h"
#include "swarm.h"

#include <algorithm>
#include <cstdio>

namespace Load {

namespace {

constexpr int SmallBuffer = 4096;

std::int64_t nowUs()
{
    return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now().time_since_epoch())
        .count();
}

class SteadyRoom final : public Swarm {
public:
    SteadyRoom(const Dialect &dialect, const Endpoint &endpoint, std::size_t payloadBytes)
        : Swarm(dialect, endpoint)
        , m_payload(samplePayload(0, payloadBytes).substr(1))
        , m_dialect(dialect)
        , m_prefix(dialect.prefix("paced"))
    {
    }

    /// Sends \a rate events each second for \a time; those that come meanwhile are timed.
    void run(double rate, Seconds time)
    {
        const auto start = Clock::now();
        std::int64_t sent = 0;
        while (Clock::now() - start < time) {
            const auto due = std::int64_t(Seconds(Clock::now() - start).count() * rate);
            for (; sent < due; ++sent)
                sendOne();
            turn(1);
        }
        turnFor(Seconds(0.2));
    }

    std::vector<std::int64_t> &latencies() { return m_latencies; }

private:
    void sendOne()
    {
        const std::string payload = "{\"t\":" + std::to_string(nowUs()) + "," + m_payload;
        send(channel(0), clientFrame(m_dialect.event("paced", payload, ++m_emitted)));
    }

    void onText(Channel &, const FrameHead &frame) override
    {
        if (frame.head.substr(0, m_prefix.size()) != m_prefix)
            return;
        const std::size_t at = frame.head.find("\"t\":");
        if (at != std::string_view::npos)
            m_latencies.push_back(nowUs() - std::atoll(frame.head.data() + at + 4));
    }

    const std::string m_payload; ///< without its first brace
    const Dialect m_dialect;
    std::int64_t m_emitted = 0;
    const std::string m_prefix;
    std::vector<std::int64_t> m_latencies;
};

double percentileMs(std::vector<std::int64_t> &values, double part)
{
    const auto at = std::min(values.size() - 1, std::size_t(double(values.size()) * part));
    std::nth_element(values.begin(), values.begin() + std::ptrdiff_t(at), values.end());
    return double(values[at]) / 1000;
}

} // namespace

void steady(const Arguments &arguments)
{
    const std::vector<int> server = arguments.integers("pid");
    const bool stalled = arguments.integer("stalled", 0) > 0;
    const int clients = arguments.integer("clients", 100);
    const double rate = arguments.number("rate", 500);
    const double seconds = arguments.number("seconds", 15);
    SteadyRoom room(Dialect::named(arguments.text("dialect")), Endpoint(arguments),
                    std::size_t(arguments.integer("bytes", 2000)));
    for (int i = 0; i < clients; ++i)
        room.add("room-0");
    const int idle = arguments.integer("idle", 0);
    for (int i = 0; i < idle; ++i)
        room.add("idle-" + std::to_string(i / clients));
    Channel &last = room.channel(std::size_t(clients - 1));
    if (stalled)
        last.receiveBuffer = SmallBuffer;
    room.connectAll();
    room.run(rate, Seconds(1)); // warms up
    room.latencies().clear();
    if (stalled)
        room.pause(last);

    const std::int64_t memory = residentBytes(server);
    const double cpu = cpuSeconds(server);
    room.run(rate, Seconds(seconds));
    const double cpuUsed = cpuSeconds(server) - cpu;
    auto &latencies = room.latencies();
    const bool dropped = last.state == Channel::Closed;
    if (latencies.empty() || room.closed() > (dropped ? 1U : 0U))
        throw std::runtime_error("clients that behaved were closed");
    const double expected = rate * seconds * (clients - (stalled ? 1 : 0));
    std::printf("{\"p50Ms\":%.3f,\"p99Ms\":%.3f,\"maxMs\":%.3f,\"arrived\":%.4f,"
                "\"stalledDropped\":%s,\"memoryGrowth\":%lld,\"serverCpu\":%.3f,"
                "\"cpuUsPerDelivered\":%.3f}\n",
                percentileMs(latencies, 0.5), percentileMs(latencies, 0.99),
                percentileMs(latencies, 1), double(latencies.size()) / expected,
                stalled && dropped ? "true" : "false",
                static_cast<long long>(residentBytes(server) - memory), cpuUsed / seconds,
                cpuUsed * 1e6 / double(latencies.size()));
}

} // namespace Load

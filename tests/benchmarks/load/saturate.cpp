// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "process.h"
#include "scenarios.h"
#include "swarm.h"

#include <cstdio>

namespace Load {

namespace {

class Saturation final : public Swarm {
public:
    Saturation(const Dialect &dialect, const Endpoint &endpoint, int inFlight)
        : Swarm(dialect, endpoint)
        , m_dialect(dialect)
        , m_prefix(dialect.prefix("bench"))
        , m_payload(samplePayload(0, SamplePayloadBytes))
        , m_inFlight(inFlight)
    {
    }

    void addRooms(int rooms, int clients)
    {
        for (int room = 0; room < rooms; ++room) {
            for (int i = 0; i < clients; ++i) {
                add("room-" + std::to_string(room));
                m_isSender.push_back(i == 0);
                m_emitted.push_back(0);
            }
        }
    }

    void start()
    {
        for (std::size_t i = 0; i < size(); ++i) {
            if (m_isSender[i])
                emit(channel(i), m_inFlight);
        }
    }

    std::int64_t delivered() const { return m_delivered; }

private:
    void emit(Channel &channel, int count)
    {
        std::string frames;
        for (int i = 0; i < count; ++i)
            frames += clientFrame(m_dialect.event("bench", m_payload, ++m_emitted[channel.index]));
        send(channel, frames);
    }

    void onText(Channel &channel, const FrameHead &frame) override
    {
        if (frame.head.substr(0, m_prefix.size()) != m_prefix)
            return;
        ++m_delivered;
        m_echoed += m_isSender[channel.index];
    }

    void onReadDone(Channel &channel) override
    {
        if (m_echoed == 0)
            return;
        if (m_echoed > m_inFlight)
            throw std::runtime_error("more came back than was sent");
        emit(channel, m_echoed);
        m_echoed = 0;
    }

    const Dialect m_dialect;
    const std::string m_prefix;
    const std::string m_payload;
    const int m_inFlight;
    std::vector<char> m_isSender;
    std::vector<std::int64_t> m_emitted;
    std::int64_t m_delivered = 0;
    int m_echoed = 0; ///< to the sender that is being read
};

} // namespace

void saturate(const Arguments &arguments)
{
    const std::vector<int> server = arguments.integers("pid");
    Saturation swarm(Dialect::named(arguments.text("dialect")), Endpoint(arguments),
                     arguments.integer("in-flight", 64));
    swarm.addRooms(arguments.integer("rooms", 1), arguments.integer("clients", 100));
    swarm.connectAll();
    swarm.turnFor(Seconds(0.5)); // lists of clients that still come
    swarm.start();
    swarm.turnFor(Seconds(arguments.number("warmup", 1)));

    const auto start = Clock::now();
    const double cpu = cpuSeconds(server);
    const double ownCpu = ownCpuSeconds();
    const std::int64_t delivered = swarm.delivered();
    swarm.turnFor(Seconds(arguments.number("seconds", 5)));
    const double time = Seconds(Clock::now() - start).count();
    const double serverTime = cpuSeconds(server) - cpu;
    const double ownTime = ownCpuSeconds() - ownCpu;
    const auto count = double(swarm.delivered() - delivered);
    if (swarm.closed() > 0 || count == 0)
        throw std::runtime_error(std::to_string(swarm.closed()) + " connections were closed and "
                                 + std::to_string(count) + " events delivered");
    std::printf("{\"deliveredPerSecond\":%.0f,\"cpuUsPerDelivered\":%.4f,\"serverCpu\":%.3f,"
                "\"generatorCpu\":%.3f}\n",
                count / time, serverTime * 1e6 / count, serverTime / time, ownTime / time);
}

} // namespace Load

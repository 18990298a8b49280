// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "measure.h"

#include "rediscalls_p.h"

#include <sys/resource.h>

namespace Dispatch::Engine {

namespace {

double numberIn(const std::string &info, const char *name)
{
    const std::string field = fieldOf(info, name);
    return field.empty() ? 0 : std::stod(field);
}

} // namespace

Usage usageOf(RedisServer &server)
{
    Usage usage;
    const std::string cpu = server.text({"INFO", "cpu"});
    usage.redisSeconds = numberIn(cpu, "used_cpu_sys") + numberIn(cpu, "used_cpu_user");
    const std::string stats = server.text({"INFO", "stats"});
    usage.bytesIn = static_cast<std::uint64_t>(numberIn(stats, "total_net_input_bytes"));
    usage.bytesOut = static_cast<std::uint64_t>(numberIn(stats, "total_net_output_bytes"));

    usage.memory = numberIn(server.text({"INFO", "memory"}), "used_memory");

    rusage raw{};
    ::getrusage(RUSAGE_SELF, &raw);
    for (const timeval &time : {raw.ru_utime, raw.ru_stime})
        usage.ownSeconds +=
            static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    return usage;
}

double micros(const std::vector<Duration> &times, double part)
{
    const auto index = static_cast<std::size_t>(part * static_cast<double>(times.size() - 1));
    return std::chrono::duration<double, std::micro>(times[index]).count();
}

void printCallHead()
{
    std::printf(
        "| call | in flight | calls/s | p50, us | p99, us | CPU of Redis, us a call | CPU of the "
        "node, us a call | bytes to Redis | bytes from Redis | "
        "bytes that Redis keeps |\n"
        "|---|---|---|---|---|---|---|---|---|---|\n");
}

void printCalls(const char *name, int inFlight, double seconds, const std::vector<Duration> &times,
                const Usage &before, const Usage &after)
{
    const auto count = static_cast<double>(times.size());
    std::printf("| %s | %d | %.0f | %.0f | %.0f | %.1f | %.1f | %.0f | %.0f | %.0f |\n", name,
                inFlight, count / seconds, micros(times, 0.5), micros(times, 0.99),
                (after.redisSeconds - before.redisSeconds) * 1e6 / count,
                (after.ownSeconds - before.ownSeconds) * 1e6 / count,
                static_cast<double>(after.bytesIn - before.bytesIn) / count,
                static_cast<double>(after.bytesOut - before.bytesOut) / count,
                (after.memory - before.memory) / count);
    std::fflush(stdout);
}

} // namespace Dispatch::Engine

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "enginetypes_p.h"
#include "redisserver.h"

#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <vector>

namespace Dispatch::Engine {

/// What a redis-server and this process have used so far.
struct Usage {
    double redisSeconds = 0; ///< of processor time
    double ownSeconds = 0;
    std::uint64_t bytesIn = 0; ///< of Redis
    std::uint64_t bytesOut = 0;
    double memory = 0; ///< bytes that Redis has now
};
Usage usageOf(RedisServer &server);

/// Of \a times, which are sorted, that which \a part of them does not exceed.
double micros(const std::vector<Duration> &times, double part);

void printCallHead();
/// A row of the table that printCallHead() begins.
void printCalls(const char *name, int inFlight, double seconds, const std::vector<Duration> &times,
                const Usage &before, const Usage &after);

/// Makes one call, and has what is handed to it called once it has ended.
template<class T>
using OneCall = std::function<void(int, Done<T>)>;

/// Keeps \a inFlight calls of \a call going until \a count have ended, and prints what they cost.
/// They end on \a context, which nobody else runs.
template<class T>
void measure(const char *name, RedisServer &server, boost::asio::io_context &context, int count,
             int inFlight, const OneCall<T> &call)
{
    std::vector<Duration> times;
    int made = 0;
    std::function<void()> next = [&] {
        if (made == count)
            return;
        call(made++, [&, since = Clock::now()](const Outcome<T> &outcome) {
            if (!std::holds_alternative<T>(outcome))
                std::fprintf(stderr, "%s: a call failed\n", name);
            times.push_back(Clock::now() - since);
            next();
        });
    };
    const Usage before = usageOf(server);
    const TimePoint since = Clock::now();
    for (int i = 0; i < inFlight; ++i)
        next();
    while (static_cast<int>(times.size()) < count)
        context.run_one();
    const double seconds = std::chrono::duration<double>(Clock::now() - since).count();
    std::ranges::sort(times);
    printCalls(name, inFlight, seconds, times, before, usageOf(server));
}

} // namespace Dispatch::Engine

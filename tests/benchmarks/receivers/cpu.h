// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <cstdio>
#include <sys/resource.h>

/// How a receiver measures itself, as consumer.mjs does for the others: from the event "start" to
/// the event "end", all threads of the process.
class Cpu {
public:
    void start()
    {
        m_events = 0;
        m_start = now();
    }
    void count(double value)
    {
        ++m_events;
        m_sum += value;
    }
    void print() const { print(double(m_events), m_sum); }
    void print(double events, double sum) const
    {
        std::printf("{\"events\":%.0f,\"cpuUs\":%.0f,\"sum\":%.0f}\n", events, now() - m_start,
                    sum);
        std::fflush(stdout);
    }

private:
    static double now()
    {
        rusage usage{};
        getrusage(RUSAGE_SELF, &usage);
        const auto us = [](const timeval &time) {
            return double(time.tv_sec) * 1e6 + double(time.tv_usec);
        };
        return us(usage.ru_utime) + us(usage.ru_stime);
    }

    double m_start = 0;
    long long m_events = 0;
    double m_sum = 0;
};

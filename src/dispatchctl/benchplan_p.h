// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "settings_p.h"

#include <cstdint>

namespace Dispatch::Ctl {

/// What bench was told to do. Client i is in shard i modulo the number of shards.
struct BenchPlan {
    Settings settings = {};
    QString shardPrefix = {}; ///< of names that nobody else uses
    int clients = 100;
    int shards = 1;
    double rate = 100; ///< events a second, of all clients together
    int bytes = 200; ///< of a payload
    Milliseconds time{10'000};

    int shardOf(int client) const { return client % shards; }
    QString shardName(int client) const;
    /// How many clients are in the shard of \a client.
    int membersWith(int client) const;
    /// The size of the largest shard.
    int largestShard() const { return (clients + shards - 1) / shards; }
};

/// Says how many events are due, so that they come evenly however often it is asked.
class Pacer {
public:
    explicit Pacer(double perSecond = 0)
        : m_perSecond(perSecond)
    {
    }

    /// How many have become due since the last call, \a elapsed after the beginning.
    std::int64_t due(std::chrono::nanoseconds elapsed);

private:
    double m_perSecond;
    std::int64_t m_handedOut = 0;
};

/// What came of it.
struct BenchResult {
    int joined = 0;
    double joinSeconds = 0;
    double seconds = 0; ///< in which events were emitted
    qint64 sent = 0;
    qint64 refused = 0; ///< by the client's queue or by the server
    qint64 expected = 0; ///< deliveries
    qint64 delivered = 0;
    qint64 lostConnections = 0;
    double p50Ms = 0;
    double p99Ms = 0;
    double maxMs = 0;

    QJsonObject toJson(const BenchPlan &plan) const;
    QStringList toLines(const BenchPlan &plan) const;
};

} // namespace Dispatch::Ctl

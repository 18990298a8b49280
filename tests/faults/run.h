// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "actor.h"
#include "fault.h"
#include "faultproxy.h"

#include <DispatchServer>

#include <QtCore/qtimer.h>

#include <memory>
#include <random>
#include <vector>

namespace Dispatch::Faults {

/// Some clients of all kinds in the shards of a server, who talk to each other over networks of
/// their own, which go wrong by schedules of a seed; then the networks heal, and what the clients
/// saw is judged.
class Run : public QObject {
    Q_OBJECT

public:
    struct Options {
        std::uint64_t seed = 0;
        Milliseconds length{600};
        int clients = 5;
        int shards = 2;
        int faults = 3; ///< for each client
        Milliseconds patience{20'000}; ///< until all must be well again
    };

    explicit Run(const Options &options);
    ~Run() override;

    void start();
    /// What went wrong; empty if nothing. To be asked after finished().
    const std::vector<std::string> &violations() const { return m_violations; }
    /// The seed and what it did.
    std::string describe() const;
    int connections() const;
    /// What the server counted.
    DispatchServerStatistics statistics() const { return m_server.statistics(); }

Q_SIGNALS:
    void finished();

private:
    std::unique_ptr<Actor> makeActor(const QString &name, const QUrl &url, const QString &shard);
    void speak();
    void heal();
    void settle();
    bool isSettled() const;
    void judge();
    bool isDue() const { return std::chrono::steady_clock::now() >= m_deadline; }

    const Options m_options;
    std::mt19937_64 m_dice;
    DispatchServer m_server;
    std::vector<Schedule> m_schedules;
    std::vector<std::unique_ptr<FaultProxy>> m_proxies;
    std::vector<std::unique_ptr<Actor>> m_actors;
    QTimer m_speaking;
    QTimer m_settling;
    std::chrono::steady_clock::time_point m_deadline;
    int m_fence = 0; ///< the last one; 0: none yet
    int m_looks = 0; ///< since then
    std::vector<std::string> m_violations;
};

} // namespace Dispatch::Faults

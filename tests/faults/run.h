// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "conversation.h"
#include "fault.h"
#include "faultproxy.h"

#include <DispatchServer>

#include <memory>
#include <vector>

namespace Dispatch::Faults {

/// A conversation over networks which go wrong by schedules of a seed; then they heal, what the
/// clients saw is judged, and they leave a server that has nobody any more.
class Run : public QObject {
    Q_OBJECT

public:
    struct Options {
        std::uint64_t seed = 0;
        Milliseconds length{600};
        int clients = 5;
        int faults = 3; ///< for each client
        Milliseconds patience{20'000}; ///< until all must be well again, and until all are gone
    };

    explicit Run(const Options &options);

    void start();
    bool isOver() const { return m_isOver; }

    // To be asked when it is over.
    /// What went wrong; empty if nothing.
    const std::vector<std::string> &violations() const { return m_violations; }
    /// The seed and what it did.
    std::string describe() const;
    /// How often a client lost its connection.
    int drops() const { return m_drops; }
    /// What the server counted.
    DispatchServerStatistics statistics() const { return m_server.statistics(); }

Q_SIGNALS:
    void over();

private:
    void heal();
    void judge();
    void leave();
    void watchServer();
    void end();

    const Options m_options;
    DispatchServer m_server;
    std::vector<Schedule> m_schedules;
    std::vector<std::unique_ptr<FaultProxy>> m_proxies;
    std::unique_ptr<Conversation> m_conversation;
    QTimer m_leaving;
    std::chrono::steady_clock::time_point m_deadline;
    int m_drops = 0;
    std::vector<std::string> m_violations;
    bool m_isOver = false;
};

} // namespace Dispatch::Faults

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "actor.h"
#include "checker.h"
#include "fault.h"

#include <QtCore/qelapsedtimer.h>
#include <QtCore/qtimer.h>

#include <memory>
#include <random>
#include <vector>

namespace Dispatch::Faults {

/// Clients of all kinds who talk to each other, until they are asked to come to rest; then what
/// they saw is judged.
class Conversation : public QObject {
    Q_OBJECT

public:
    struct Options {
        std::uint64_t seed = 0; ///< of who is of which kind, and who says what to whom
        int clients = 5;
        /// Shards that the clients name, each with a seat for each of its clients and no other;
        /// 0: they go where the server puts them, two into a shard.
        int shards = 2;
        int eventsPerSecond = 140;
        Milliseconds patience{20'000}; ///< until all must be well again
        Order order = Order::OfAll;
    };

    explicit Conversation(const Options &options);
    ~Conversation() override;

    /// The next client, which reaches the server by \a url, begins to connect.
    void add(const QUrl &url);
    void start();
    /// Each client has joined at least so many \a times.
    bool haveAllJoined(int times) const;
    /// What the clients do is to be judged from now on by how it ends: all is well around them.
    void rest();

    // To be asked after finished().
    /// What went wrong; empty if nothing.
    const std::vector<std::string> &violations() const { return m_violations; }
    std::vector<History> histories() const;
    /// Why each client lost its connections.
    std::string describe() const;
    /// How often a client lost its connection.
    int drops() const;
    int events() const { return m_said; }

Q_SIGNALS:
    void finished();

private:
    std::unique_ptr<Actor> makeActor(const QString &name, const Actor::Place &place);
    void speak();
    void sayOne();
    void settle();
    bool isSettled() const;
    void judge();

    const Options m_options;
    std::mt19937_64 m_dice;
    std::vector<std::unique_ptr<Actor>> m_actors;
    QTimer m_speaking;
    QElapsedTimer m_spoken;
    qint64 m_owed = 0; ///< thousandths of events
    int m_said = 0;
    QTimer m_settling;
    std::chrono::steady_clock::time_point m_deadline;
    int m_fence = 0; ///< the last one; 0: none yet
    int m_looks = 0; ///< since then
    std::vector<std::string> m_violations;
};

} // namespace Dispatch::Faults

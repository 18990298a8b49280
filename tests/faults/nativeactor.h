// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "actor.h"

#include <DispatchClient>

namespace Dispatch::Faults {

/// A DispatchClient, with times that are short enough for a run unless it is told others. It speaks
/// the extended profile, or the base profile alone.
class NativeActor final : public Actor {
    Q_OBJECT

public:
    enum Profile { Base, Extended };
    struct Times {
        int minDelay;
        int maxDelay;
        int attemptTimeout;
        int heartbeatInterval;
        int heartbeatTimeout;
        int lossGrace;
    };
    /// Short enough for a run with many faults.
    static constexpr Times Short{20, 200, 400, 150, 250, 2'000};
    /// The client's defaults, but for the time of an attempt \a scale times shorter.
    static Times defaults(int scale);

    NativeActor(const QString &name, const Place &place, Profile profile,
                const Times &times = Short);

    void start() override;
    bool isConnected() const override { return m_client.state() == DispatchClient::Connected; }
    void emitNext(const QStringList &recipients) override;
    void emitFence(int round) override;
    bool isIdle() const override { return m_pending == 0; }
    std::vector<std::string> present() const override;

private:
    void emitPlainly(const EventId &id, const QStringList &recipients);
    void emitAs(const QString &eventName, const EventId &id, const QStringList &recipients);
    void noteFailure(const QString &eventName, const QJsonValue &payload, Entry::Fate::Kind kind);
    void settle(const EventId &id, Entry::Fate::Kind kind, qint64 seq = 0);

    const Profile m_profile;
    const Times m_times;
    int m_pending = 0; ///< events whose fate is not known yet
    DispatchClient m_client;
};

} // namespace Dispatch::Faults

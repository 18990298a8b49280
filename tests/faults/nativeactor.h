// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "actor.h"

#include <DispatchClient>

namespace Dispatch::Faults {

/// A DispatchClient, with times that are short enough for a run.
class NativeActor final : public Actor {
    Q_OBJECT

public:
    using Actor::Actor;

    void start() override;
    bool isConnected() const override { return m_client.state() == DispatchClient::Connected; }
    void emitNext(const QStringList &recipients) override;
    void emitFence(int round) override;
    bool isIdle() const override { return m_pending == 0; }
    std::vector<std::string> present() const override;

private:
    void emitAs(const QString &eventName, const EventId &id, const QStringList &recipients);
    void settle(const EventId &id, Entry::Fate::Kind kind, qint64 seq = 0);

    int m_pending = 0; ///< events whose fate is not known yet
    DispatchClient m_client;
};

} // namespace Dispatch::Faults

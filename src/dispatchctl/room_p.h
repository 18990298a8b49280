// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "settings_p.h"

#include <DispatchClient>

#include <QtCore/qelapsedtimer.h>

#include <memory>

namespace Dispatch::Ctl {

/// A client that joins as \a settings say, when it is told to by join().
std::unique_ptr<DispatchClient> makeClient(const Settings &settings);

/// Has \a client join with the token of \a settings.
QFuture<DispatchConnectionInfo> join(DispatchClient &client, const Settings &settings);

/// "project 'game'", for people.
QString nameOf(const Settings &settings);
/// "shard 'lobby' of project 'game'", for people.
QString nameOf(const DispatchConnectionInfo &info, const Settings &settings);

/// Sends an event to its own client alone. It comes back when the server has done with all that
/// the client emitted before it, since what one client emits keeps its order.
class Echo : public QObject {
    Q_OBJECT

public:
    /// \a client must outlive it.
    explicit Echo(DispatchClient &client);

    /// Sends it; the client has to be connected.
    void send();

Q_SIGNALS:
    void returned(double milliseconds);

private:
    DispatchClient &m_client;
    DispatchSubscription m_subscription;
    QElapsedTimer m_clock;
};

} // namespace Dispatch::Ctl

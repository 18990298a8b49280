// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qbytearray.h>
#include <QtCore/qtimer.h>

#include <chrono>

namespace Dispatch {

/// Tells the manager that started this process how it goes, by the protocol of sd_notify(3). Does
/// nothing if there is none. What is told can't fail in a way that matters here.
class ServiceManager {
public:
    /// Looks into the environment, and takes out what is meant for this process alone.
    static ServiceManager fromEnvironment();

    /// \a socket is the path of a socket, or the name of an abstract one behind an '@'.
    /// \a watchdogUsec is the longest silence that is no death; 0: any.
    explicit ServiceManager(const QByteArray &socket = {}, qint64 watchdogUsec = 0);

    void ready() const;
    void reloading() const;
    /// That takes \a longest at most, for which the manager waits even if it would not.
    void stopping(std::chrono::milliseconds longest) const;
    /// Gives signs of life from now on, from the thread of \a timer, twice as often as need be.
    void startWatchdog(QTimer &timer) const;

private:
    void send(const QByteArray &message) const;

    QByteArray m_socket;
    qint64 m_watchdogUsec = 0;
};

} // namespace Dispatch

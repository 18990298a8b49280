// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qprocess.h>
#include <QtCore/qstringlist.h>

namespace Dispatch::Faults {

/// Moves this thread, and what it starts, into a network of its own, which has loopback alone and
/// ends with the last process in it. Nothing of the machine's network is touched. Says why that
/// can't be done; empty if it is. Before any other thread is there.
QString enterOwnNetwork();

/// Another network, which a wire connects to this process's, and which ends with this object.
class SeparateNetwork {
public:
    static constexpr auto NearAddress = "10.77.0.1";
    static constexpr auto FarAddress = "10.77.0.2";

    ~SeparateNetwork();

    /// False if it can't be made, with the reason in the log.
    bool start();
    /// What to begin a command with that is to run there.
    QStringList launcher() const;
    /// Nothing passes between it and \a port at the near end any more, in either direction; nobody
    /// is told so.
    bool dropAllFor(const QString &port) const;
    bool heal() const;

private:
    QProcess m_holder;
    bool m_isLinked = false;
};

} // namespace Dispatch::Faults

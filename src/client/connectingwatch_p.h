// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qobject.h>

#include <functional>

class QTcpSocket;

namespace Dispatch {

/// Finds out that a peer resets each connection before QTcpSocket has looked at it, as a load
/// balancer does that has no server. QTcpSocket, which does not know ECONNRESET there, then goes on
/// connecting, again and again, and without a word.
class ConnectingWatch final : public QObject {
public:
    /// Watches \a socket until it is connected. \a wasReset is called from within an event of the
    /// socket, which it must not destroy.
    ConnectingWatch(QTcpSocket *socket, std::function<void()> wasReset, QObject *parent);

    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void looked(QObject *watched);

    QTcpSocket *m_socket;
    std::function<void()> m_wasReset;
    QObject *m_notifier = nullptr;
    int m_looks = 0; ///< at the connection that m_notifier is of
};

} // namespace Dispatch

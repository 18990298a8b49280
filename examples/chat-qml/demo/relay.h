// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qobject.h>
#include <QtCore/qurl.h>
#include <QtNetwork/qtcpserver.h>

/// A way to a server that can be cut, as a network cable can.
class Relay : public QObject {
    Q_OBJECT

public:
    explicit Relay(const QUrl &target, QObject *parent = nullptr);

    /// Where the way begins; the same after a cut.
    QUrl url() const;

    /// Ends all connections without a word, and takes no more.
    void cut();
    bool mend();

private:
    void accept();

    QUrl m_target;
    QTcpServer m_server;
    quint16 m_port = 0;
};

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "peer.h"

#include <QtCore/qtimer.h>

/// Somebody who talks all the time, whatever others do to the server meanwhile: emits numbers, one
/// after the other, and has to hear each of them, once, in order.
class Neighbour : public QObject {
    Q_OBJECT

public:
    explicit Neighbour(QObject *parent = nullptr);

    /// Joins and begins to talk; true once something was heard.
    bool join(const QUrl &server, const QString &query = {});
    /// Goes on talking for a while. True if all was heard so far and nothing was refused.
    bool isUnharmed();
    Peer &peer() { return m_peer; }

private:
    void talk();
    void listen(const QString &text);
    bool waitForMore(int numbers);

    Peer m_peer;
    QTimer m_timer;
    int m_said = 0;
    int m_heard = 0;
    bool m_hasHeardAll = true; // in order, once
};

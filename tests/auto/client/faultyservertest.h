// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "errorof.h"
#include "fakeserver.h"

#include <DispatchClient>

#include <memory>

/// A client against a server that does wrong on purpose.
class FaultyServerTest : public QObject {
    Q_OBJECT

protected:
    bool join();
    /// The names of the events that came to the server over all connections, in order.
    QStringList eventsAtServer() const;
    /// The text of a message with this \a payload, JSON or not.
    static QByteArray message(const QString &eventName, const QByteArray &payload);

    std::unique_ptr<FakeServer> m_server;
    std::unique_ptr<DispatchClient> m_client;

private Q_SLOTS:
    void init();
    void cleanup();
};

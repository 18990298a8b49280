// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <DispatchClient>
#include <DispatchTestServer>

#include <memory>

/// Clients of a server of the test kit, which each test has anew.
class KitTest : public QObject {
    Q_OBJECT

protected:
    std::unique_ptr<DispatchClient> makeClient();
    std::unique_ptr<DispatchClient> join(const QString &shard = QStringLiteral("lobby"));
    /// Who is in the client's room, by their names; "self" is the client.
    static QStringList namesIn(const DispatchClient &client);

    std::unique_ptr<DispatchTestServer> m_server;

private Q_SLOTS:
    void init();
    void cleanup();
};

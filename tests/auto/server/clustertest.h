// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "backendcall.h"
#include "extendedpeer.h"
#include "peer.h"
#include "redisserver.h"

#include <DispatchServer>

#include <QtCore/qobject.h>

#include <functional>
#include <memory>
#include <vector>

/// Servers that share a Redis of the test's own.
class ClusterTest : public QObject {
    Q_OBJECT

protected:
    /// A shard for all.
    static const QString Room;

    /// One more server; it listens.
    bool addServer(const std::function<void(DispatchServerSettings &)> &change = {});
    DispatchServer &server(std::size_t index) { return *m_servers[index]; }
    QUrl url(std::size_t index) const { return m_servers[index]->url(); }
    /// The body of GET /info of the project "p", as \a index says it.
    QByteArray info(std::size_t index) const;

    /// What \a index answers to a back end of the project "p".
    BackendCall::Answer ask(std::size_t index, const char *method, const QString &path,
                            const QByteArray &body = {});

    static bool isRecovered(const ExtendedPeer &peer);
    /// The numbers that were payloads of events of that name, in the order in which they came.
    static QList<int> numbers(const ExtendedPeer &peer, const QString &eventName);

    BackendCall m_call;
    std::unique_ptr<RedisServer> m_redis;
    std::vector<std::unique_ptr<DispatchServer>> m_servers;

private Q_SLOTS:
    void init();
    void cleanup();
};

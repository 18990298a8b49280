// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "redisreply_p.h"

#include <QtCore/qprocess.h>
#include <QtCore/qtemporarydir.h>

#include <memory>
#include <string>
#include <vector>

/// A Redis of the test's own, in a folder of its own, behind a socket in it.
class RedisServer {
public:
    enum class Kind { Alone, Cluster };

    explicit RedisServer(Kind kind);
    ~RedisServer();

    /// It speaks TLS, too, at a port, from its next start on. All are PEM.
    void speakTls(const QByteArray &certificate, const QByteArray &key);
    /// Since its start.
    std::uint16_t tlsPort() const { return m_tlsPort; }
    /// Empty if it is not there, with the reason in the log.
    const std::string &socketPath() const { return m_socketPath; }
    /// Also at a free port of \a address, for whoever reaches it. Before start().
    void listenOn(const QString &address) { m_address = address; }
    const QString &port() const { return m_port; }
    bool start();
    void stop();
    void pause();
    void goOn();

    /// Waits for the answer.
    Dispatch::Engine::RedisReply ask(const std::vector<std::string> &command);
    std::string text(const std::vector<std::string> &command);
    std::uint64_t number(const std::vector<std::string> &command);

private:
    bool launch();
    bool becomeCluster();

    const Kind m_kind;
    QTemporaryDir m_folder;
    const std::string m_socketPath;
    QString m_address;
    QString m_port = QStringLiteral("0");
    QProcess m_process;
    bool m_speaksTls = false;
    std::uint16_t m_tlsPort = 0;
    std::unique_ptr<redisContext, void (*)(redisContext *)> m_connection;
};

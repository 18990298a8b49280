// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "haproxy.h"

#include "redisserver.h"

#include <QtCore/qstringlist.h>

#include <memory>
#include <vector>

namespace Dispatch::Faults {

/// One dispatchd, which may end and begin again, on other ports.
class ServerProcess {
public:
    /// \a launcher is a program with arguments that becomes dispatchd; \a log is where what it says
    /// is written.
    ServerProcess(QStringList launcher, QString address, QStringList options, QString log);
    ~ServerProcess();

    bool start();
    /// How many times it has begun.
    int starts() const { return m_starts; }
    const HaProxy::Server &place() const { return m_place; }
    bool isRunning() const { return m_process.state() != QProcess::NotRunning; }
    void send(int signal) const;
    /// Waits for its end, while clients of this process go on.
    bool ended();
    /// What it has said, for whoever looks into a failure.
    QByteArray log() const;

private:
    const QStringList m_launcher;
    const QStringList m_options;
    const QString m_log;
    HaProxy::Server m_place;
    QProcess m_process;
    int m_starts = 0;
};

/// Some dispatchd that share a redis-server, behind one HAProxy.
class Servers {
public:
    struct Options {
        int count = 3;
        bool haveEngine = true; ///< or each is alone, and knows nothing of the others
        /// Who is silent for half a second is dropped; else it takes as long as by default.
        bool areImpatient = true;
        /// Of the last one: how it is launched, and where it is then. Redis is at \a redisAddress.
        QStringList launcher = {};
        QString address = QStringLiteral("127.0.0.1");
        QString redisAddress = {};
    };

    explicit Servers(const Options &options);
    ~Servers();

    bool start();
    QUrl url() const { return m_proxy.url(); }
    int count() const { return int(m_servers.size()); }
    RedisServer &redis() { return m_redis; }

    void send(int number, int signal) const { m_servers[std::size_t(number)]->send(signal); }
    bool ended(int number) { return m_servers[std::size_t(number)]->ended(); }
    /// One that has ended begins again, and HAProxy is told where.
    bool startAgain(int number);
    /// What all said.
    QByteArray logs() const;

private:
    QStringList optionsFor(bool isLast) const;

    const Options m_options;
    QTemporaryDir m_folder;
    RedisServer m_redis{RedisServer::Kind::Alone};
    std::vector<std::unique_ptr<ServerProcess>> m_servers;
    HaProxy m_proxy;
};

} // namespace Dispatch::Faults

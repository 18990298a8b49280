// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "redisserver.h"

#include <QtCore/qdir.h>
#include <QtNetwork/qhostaddress.h>
#include <QtNetwork/qtcpserver.h>
#include <QtTest/qtest.h>

#include <csignal>

#include <sys/prctl.h>

using namespace Qt::StringLiterals;

using Dispatch::Engine::RedisReply;

namespace {

constexpr int Attempts = 5;
constexpr int Guard = 30'000;

/// One that is free now.
QString freePort(const QHostAddress &address = QHostAddress::LocalHost)
{
    QTcpServer server;
    server.listen(address);
    return QString::number(server.serverPort());
}

} // namespace

RedisServer::RedisServer(Kind kind)
    : m_kind(kind)
    , m_socketPath(m_folder.filePath(QStringLiteral("redis")).toStdString())
    , m_connection(nullptr, redisFree)
{
}

RedisServer::~RedisServer()
{
    stop();
}

bool RedisServer::start()
{
    // The nodes of a cluster talk at a port; somebody else may have taken it meanwhile.
    for (int i = 0; i < Attempts; ++i) {
        if (launch())
            return m_kind == Kind::Alone || becomeCluster();
        stop();
    }
    qWarning("redis-server does not start: %s", m_process.readAllStandardOutput().constData());
    return false;
}

void RedisServer::speakTls(const QByteArray &certificate, const QByteArray &key)
{
    const auto write = [this](const QString &name, const QByteArray &content) {
        QFile file(m_folder.filePath(name));
        return file.open(QIODevice::WriteOnly) && file.write(content) == content.size();
    };
    m_speaksTls = write(QStringLiteral("certificate.pem"), certificate)
        && write(QStringLiteral("key.pem"), key);
}

bool RedisServer::launch()
{
    if (!m_address.isEmpty() && m_port == "0"_L1)
        m_port = freePort(QHostAddress(m_address));
    QStringList arguments{QStringLiteral("--port"),       m_port,
                          QStringLiteral("--unixsocket"), QString::fromStdString(m_socketPath),
                          QStringLiteral("--dir"),        m_folder.path(),
                          QStringLiteral("--save"),       QString(),
                          QStringLiteral("--bind"),       QStringLiteral("127.0.0.1")};
    if (!m_address.isEmpty())
        arguments += {m_address, QStringLiteral("--protected-mode"), QStringLiteral("no")};
    if (m_kind == Kind::Cluster) {
        QFile::remove(m_folder.filePath(QStringLiteral("nodes.conf")));
        arguments += {QStringLiteral("--cluster-enabled"), QStringLiteral("yes"),
                      QStringLiteral("--cluster-port"), freePort()};
    }
    if (m_speaksTls) {
        const QString port = freePort();
        m_tlsPort = port.toUShort();
        arguments += {QStringLiteral("--tls-port"),
                      port,
                      QStringLiteral("--tls-cert-file"),
                      m_folder.filePath(QStringLiteral("certificate.pem")),
                      QStringLiteral("--tls-key-file"),
                      m_folder.filePath(QStringLiteral("key.pem")),
                      QStringLiteral("--tls-ca-cert-file"),
                      m_folder.filePath(QStringLiteral("certificate.pem")),
                      QStringLiteral("--tls-auth-clients"),
                      QStringLiteral("no")};
    }
    // It is not left behind by a test that crashes.
    m_process.setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGKILL); });
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    m_process.start(QStringLiteral("redis-server"), arguments);
    return QTest::qWaitFor(
               [this] {
                   if (m_process.state() == QProcess::NotRunning)
                       return true;
                   m_connection.reset(redisConnectUnix(m_socketPath.c_str()));
                   return m_connection && m_connection->err == 0;
               },
               Guard)
        && m_process.state() == QProcess::Running;
}

bool RedisServer::becomeCluster()
{
    ask({"CLUSTER", "ADDSLOTSRANGE", "0", "16383"});
    return QTest::qWaitFor(
        [this] {
            return text({"CLUSTER", "INFO"}).find("cluster_state:ok") != std::string::npos;
        },
        Guard);
}

void RedisServer::stop()
{
    m_connection.reset();
    if (m_process.state() == QProcess::NotRunning)
        return;
    goOn();
    m_process.kill();
    m_process.waitForFinished(Guard);
}

void RedisServer::pause()
{
    ::kill(static_cast<pid_t>(m_process.processId()), SIGSTOP);
}

void RedisServer::goOn()
{
    ::kill(static_cast<pid_t>(m_process.processId()), SIGCONT);
}

RedisReply RedisServer::ask(const std::vector<std::string> &command)
{
    std::vector<const char *> texts;
    std::vector<std::size_t> lengths;
    for (const std::string &one : command) {
        texts.push_back(one.data());
        lengths.push_back(one.size());
    }
    void *reply = redisCommandArgv(m_connection.get(), static_cast<int>(texts.size()), texts.data(),
                                   lengths.data());
    return RedisReply(static_cast<redisReply *>(reply));
}

std::string RedisServer::text(const std::vector<std::string> &command)
{
    const RedisReply reply = ask(command);
    return reply ? std::string(Dispatch::Engine::textOf(*reply)) : std::string();
}

std::uint64_t RedisServer::number(const std::vector<std::string> &command)
{
    const RedisReply reply = ask(command);
    return reply ? Dispatch::Engine::numberOf(*reply) : 0;
}

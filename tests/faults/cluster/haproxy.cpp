// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "haproxy.h"

#include <QtCore/qfile.h>
#include <QtCore/qstandardpaths.h>
#include <QtNetwork/qlocalsocket.h>
#include <QtNetwork/qtcpsocket.h>
#include <QtTest/qtest.h>

#include <csignal>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace Dispatch::Faults {

namespace {

constexpr int Guard = 30'000; // ms; only for what never comes

// Of docs/operations.md, with times that are short enough for a run.
constexpr auto Configuration = R"(global
    maxconn 8000
    stats socket %1/admin mode 600 level admin
defaults
    mode http
    timeout connect 500ms
    timeout queue 500ms
    timeout client 30s
    timeout server 30s
    timeout tunnel 60s
    timeout http-request 10s
    timeout check 500ms
frontend rooms
    bind fd@%2
    http-request set-header X-Forwarded-For %[src]
    default_backend dispatchd
backend dispatchd
    balance roundrobin
    option httpchk
    http-check send meth GET uri /readyz ver HTTP/1.1 hdr Host localhost
    retry-on conn-failure empty-response 503
    option redispatch 1
    default-server check inter 100ms fall 1 rise 1
)"_L1;

/// Where Debian has what is for administrators alone.
QString program()
{
    const QString found = QStandardPaths::findExecutable(u"haproxy"_s);
    return found.isEmpty() ? QStandardPaths::findExecutable(u"haproxy"_s, {u"/usr/sbin"_s}) : found;
}

} // namespace

HaProxy::~HaProxy()
{
    m_process.kill();
    m_process.waitForFinished(Guard);
    if (m_listener >= 0)
        ::close(m_listener);
}

QUrl HaProxy::url() const
{
    return QUrl(u"ws://127.0.0.1:%1"_s.arg(m_port));
}

/// HAProxy inherits the socket, and does not say which port it has taken.
bool HaProxy::listen()
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    m_listener = ::socket(AF_INET, SOCK_STREAM, 0);
    auto *const raw = reinterpret_cast<sockaddr *>(&address);
    if (m_listener < 0 || ::bind(m_listener, raw, length) != 0
        || ::listen(m_listener, SOMAXCONN) != 0 || ::getsockname(m_listener, raw, &length) != 0)
        return false;
    m_port = ntohs(address.sin_port);
    return true;
}

QByteArray HaProxy::configuration(const QList<Server> &servers) const
{
    QString text(Configuration);
    text.replace("%1"_L1, m_folder.path());
    text.replace("%2"_L1, QString::number(m_listener));
    for (qsizetype i = 0; i < servers.size(); ++i) {
        text += u"    server s%1 %2:%3 port %4\n"_s.arg(i)
                    .arg(servers[i].address)
                    .arg(servers[i].port)
                    .arg(servers[i].operatorsPort);
    }
    return text.toUtf8();
}

bool HaProxy::start(const QList<Server> &servers)
{
    if (program().isEmpty() || !listen()) {
        qWarning("haproxy is not installed, or there is no port");
        return false;
    }
    QFile file(m_folder.filePath(u"haproxy.cfg"_s));
    if (!file.open(QIODevice::WriteOnly) || file.write(configuration(servers)) < 0)
        return false;
    file.close();
    // It is not left behind by a test that crashes.
    m_process.setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGKILL); });
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    m_process.start(program(), {u"-db"_s, u"-f"_s, file.fileName()});
    const bool answers = QTest::qWaitFor(
        [this] { return m_process.state() == QProcess::NotRunning || command(u"show info"_s); },
        Guard);
    if (!answers || m_process.state() == QProcess::NotRunning) {
        qWarning("haproxy does not start: %s", m_process.readAll().constData());
        return false;
    }
    return true;
}

bool HaProxy::command(const QString &text)
{
    QLocalSocket socket;
    socket.connectToServer(m_folder.filePath(u"admin"_s));
    if (!socket.waitForConnected(Guard))
        return false;
    socket.write(text.toUtf8() + '\n');
    QByteArray answer;
    while (socket.waitForReadyRead(Guard))
        answer += socket.readAll();
    // It says nothing, or what it has done, or what is wrong.
    return !answer.contains("No such") && !answer.contains("Invalid")
        && !answer.contains("Unknown");
}

bool HaProxy::move(int number, const Server &server)
{
    return command(u"set server dispatchd/s%1 addr %2 port %3"_s.arg(number)
                       .arg(server.address)
                       .arg(server.port))
        && command(
               u"set server dispatchd/s%1 check-port %2"_s.arg(number).arg(server.operatorsPort));
}

} // namespace Dispatch::Faults

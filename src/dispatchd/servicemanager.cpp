// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "servicemanager_p.h"

#include <QtCore/qglobal.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <ctime>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace Dispatch {

namespace {

qint64 monotonicUsec()
{
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return qint64(now.tv_sec) * 1'000'000 + now.tv_nsec / 1'000;
}

/// Takes the variable \a name out of the environment.
QByteArray take(const char *name)
{
    const QByteArray value = qgetenv(name);
    qunsetenv(name);
    return value;
}

} // namespace

ServiceManager ServiceManager::fromEnvironment()
{
    const QByteArray socket = take("NOTIFY_SOCKET");
    const qint64 watchdog = take("WATCHDOG_USEC").toLongLong();
    const QByteArray process = take("WATCHDOG_PID");
    const bool isMeant = process.isEmpty() || process.toLongLong() == ::getpid();
    return ServiceManager(socket, isMeant ? watchdog : 0);
}

ServiceManager::ServiceManager(const QByteArray &socket, qint64 watchdogUsec)
    : m_socket(socket)
    , m_watchdogUsec(watchdogUsec)
{
}

void ServiceManager::ready() const
{
    send("READY=1");
}

void ServiceManager::reloading() const
{
    send("RELOADING=1\nMONOTONIC_USEC=" + QByteArray::number(monotonicUsec()));
}

void ServiceManager::stopping(std::chrono::milliseconds longest) const
{
    const std::chrono::microseconds time = longest;
    send("STOPPING=1\nEXTEND_TIMEOUT_USEC=" + QByteArray::number(qint64(time.count())));
}

void ServiceManager::startWatchdog(QTimer &timer) const
{
    if (m_socket.isEmpty() || m_watchdogUsec <= 0)
        return;
    QObject::connect(&timer, &QTimer::timeout, &timer,
                     [manager = *this] { manager.send("WATCHDOG=1"); });
    timer.start(int(std::clamp<qint64>(m_watchdogUsec / 2'000, 1, 3'600'000)));
}

void ServiceManager::send(const QByteArray &message) const
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const auto size = std::size_t(m_socket.size());
    if (size < 2 || size >= sizeof address.sun_path)
        return;
    std::memcpy(address.sun_path, m_socket.constData(), size);
    if (address.sun_path[0] == '@')
        address.sun_path[0] = '\0';
    const int descriptor = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0)
        return;
    ::sendto(descriptor, message.constData(), std::size_t(message.size()),
             MSG_NOSIGNAL | MSG_DONTWAIT, reinterpret_cast<const sockaddr *>(&address),
             socklen_t(offsetof(sockaddr_un, sun_path) + size));
    ::close(descriptor);
}

} // namespace Dispatch

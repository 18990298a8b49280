// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "processsignals_p.h"

#include <QtCore/qsocketnotifier.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <unistd.h>

namespace Dispatch {

namespace {

std::atomic<int> writeEnd{-1};

void setHandler(int signal, void (*handler)(int))
{
    struct sigaction action = {};
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;
    sigaction(signal, &action, nullptr);
}

// Only what is safe in a signal handler: a byte into the pipe, which the event loop reads.
void handleSignal(int signal)
{
    const int savedErrno = errno;
    if (signal != SIGHUP) {
        // Who asks twice, whichever way, does not want to wait.
        setHandler(SIGTERM, SIG_DFL);
        setHandler(SIGINT, SIG_DFL);
    }
    const char byte = signal == SIGHUP ? 'h' : 't';
    [[maybe_unused]] const auto written = ::write(writeEnd.load(), &byte, 1);
    errno = savedErrno;
}

} // namespace

ProcessSignals::ProcessSignals(QObject *parent)
    : QObject(parent)
{
    if (::pipe2(m_pipe.data(), O_CLOEXEC | O_NONBLOCK) != 0)
        qFatal("dispatchd: no pipe for signals");
    writeEnd = m_pipe[1];
    auto *notifier = new QSocketNotifier(m_pipe[0], QSocketNotifier::Read, this);
    connect(notifier, &QSocketNotifier::activated, this, &ProcessSignals::read);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP})
        setHandler(signal, handleSignal);
    setHandler(SIGPIPE, SIG_IGN);
}

ProcessSignals::~ProcessSignals()
{
    for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGPIPE})
        setHandler(signal, SIG_DFL);
    writeEnd = -1;
    ::close(m_pipe[0]);
    ::close(m_pipe[1]);
}

void ProcessSignals::read()
{
    bool reload = false;
    bool end = false;
    std::array<char, 64> bytes{};
    ssize_t count = 0;
    while ((count = ::read(m_pipe[0], bytes.data(), bytes.size())) > 0) {
        for (ssize_t i = 0; i < count; ++i)
            (bytes[std::size_t(i)] == 'h' ? reload : end) = true;
    }
    if (end)
        Q_EMIT endRequested();
    else if (reload)
        Q_EMIT reloadRequested();
}

} // namespace Dispatch

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "processsignals_p.h"

#include <QtCore/qsocketnotifier.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <unistd.h>

namespace Dispatch {

namespace {

std::atomic<int> writeEnd{-1};
std::atomic<int> ends{0};
static_assert(std::atomic<int>::is_always_lock_free);

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
    if (signal != SIGHUP && ++ends == 2) {
        // Should the event loop be stuck, a third one is left to the system.
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
    ends = 0;
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
    int newEnds = 0;
    std::array<char, 64> bytes{};
    ssize_t count = 0;
    while ((count = ::read(m_pipe[0], bytes.data(), bytes.size())) > 0) {
        const ssize_t hangUps = std::count(bytes.begin(), bytes.begin() + count, 'h');
        reload = reload || hangUps > 0;
        newEnds += int(count - hangUps);
    }
    for (; newEnds > 0; --newEnds) {
        if (++m_ends == 1)
            Q_EMIT endRequested();
        else if (m_ends == 2)
            Q_EMIT endNowRequested();
    }
    if (reload)
        Q_EMIT reloadRequested();
}

} // namespace Dispatch

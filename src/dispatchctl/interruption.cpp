// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "interruption_p.h"

#include <QtCore/qsocketnotifier.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <unistd.h>

namespace Dispatch::Ctl {

namespace {

std::atomic<int> pipeEnd{-1};

// Only what is safe in a signal handler.
void wake(int)
{
    const int savedErrno = errno;
    [[maybe_unused]] const auto written = ::write(pipeEnd.load(), "i", 1);
    errno = savedErrno;
}

void onInterruption(void (*handler)(int), int flags)
{
    struct sigaction action = {};
    action.sa_handler = handler;
    action.sa_flags = flags;
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
}

} // namespace

Interruption::Interruption(QObject *parent)
    : QObject(parent)
{
    std::signal(SIGPIPE, SIG_IGN);
    if (::pipe2(m_pipe.data(), O_CLOEXEC | O_NONBLOCK) != 0)
        return; // then signals end the process as they always do
    pipeEnd = m_pipe[1];
    auto *notifier = new QSocketNotifier(m_pipe[0], QSocketNotifier::Read, this);
    connect(notifier, &QSocketNotifier::activated, this, [this, notifier] {
        notifier->setEnabled(false);
        Q_EMIT requested();
    });
    onInterruption(wake, int(SA_RESTART | SA_RESETHAND));
}

Interruption::~Interruption()
{
    onInterruption(SIG_DFL, 0);
    pipeEnd = -1;
    for (const int end : m_pipe) {
        if (end >= 0)
            ::close(end);
    }
}

} // namespace Dispatch::Ctl

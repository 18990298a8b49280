// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "logwriter_p.h"

#include <cerrno>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace Dispatch {

bool LogWriter::isReady() const
{
    // A pipe that is ready takes PIPE_BUF bytes, so a line, without blocking.
    pollfd poll{m_descriptor, POLLOUT, 0};
    return ::poll(&poll, 1, 0) == 1 && (poll.revents & POLLOUT) != 0;
}

bool LogWriter::write(const QByteArray &line)
{
    const auto size = std::size_t(line.size());
    ssize_t written = ::send(m_descriptor, line.constData(), size, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (written < 0 && errno == ENOTSOCK && isReady())
        written = ::write(m_descriptor, line.constData(), size);
    if (written == ssize_t(size))
        return true;
    ++m_lost;
    return false;
}

int LogWriter::takeLost()
{
    return std::exchange(m_lost, 0);
}

} // namespace Dispatch

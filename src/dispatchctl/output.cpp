// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "output_p.h"

#include <QtCore/qfile.h>

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace Dispatch::Ctl {

void fillStandardStreams()
{
    int lowestFree = -1;
    do {
        lowestFree = ::open("/dev/null", O_RDONLY);
    } while (lowestFree >= 0 && lowestFree <= STDERR_FILENO);
    if (lowestFree >= 0)
        ::close(lowestFree);
}

Output::~Output()
{
    if (m_isOwn)
        close();
}

bool Output::open(const QString &path)
{
    m_isOwn = true;
    m_stream = std::fopen(QFile::encodeName(path).constData(), "we");
    return succeeds(m_stream);
}

bool Output::write(const QByteArray &bytes)
{
    if (m_error != 0)
        return false;
    m_hasWritten = true;
    const auto size = std::size_t(bytes.size());
    return succeeds(std::fwrite(bytes.constData(), 1, size, m_stream) == size
                    && std::fflush(m_stream) == 0);
}

bool Output::close()
{
    // A stdout that nobody has used may be closed by whoever started us.
    if (std::FILE *stream = std::exchange(m_stream, nullptr); stream && (m_isOwn || m_hasWritten))
        succeeds(std::fclose(stream) == 0);
    return m_error == 0;
}

bool Output::isUnread() const
{
    return m_error == EPIPE;
}

QString Output::reason() const
{
    return m_error == 0 ? QString() : qt_error_string(m_error);
}

/// Keeps why, if \a isFine is not true and nothing failed before.
bool Output::succeeds(bool isFine)
{
    if (!isFine && m_error == 0)
        m_error = errno;
    return isFine;
}

} // namespace Dispatch::Ctl

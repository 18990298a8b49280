// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "filereserve_p.h"

#include <fcntl.h>
#include <unistd.h>

namespace Dispatch {

FileReserve::FileReserve(std::size_t files)
    : m_size(files)
{
    fill();
}

FileReserve::~FileReserve()
{
    while (release()) { }
}

bool FileReserve::release()
{
    if (m_files.empty())
        return false;
    ::close(m_files.back());
    m_files.pop_back();
    return true;
}

bool FileReserve::fill()
{
    while (m_files.size() < m_size) {
        const int file = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
        if (file < 0)
            return false;
        m_files.push_back(file);
    }
    return true;
}

} // namespace Dispatch

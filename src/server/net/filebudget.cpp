// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "filebudget_p.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <limits>
#include <sys/resource.h>

namespace Dispatch {

namespace {

constexpr std::int64_t MostKeptFiles = 256;
constexpr std::int64_t LeastKeptFiles = FilesReservedForClients + FilesReservedForOperators + 8;
constexpr std::int64_t Listeners = 2; // of clients and of operators
constexpr std::int64_t FilesOfALoop = 3; // of Asio's on Linux: what it waits with, timer, alarm

std::int64_t openFiles()
{
    std::error_code ec;
    const std::filesystem::directory_iterator files("/proc/self/fd", ec);
    return ec ? 0 : std::distance(begin(files), end(files));
}

} // namespace

int connectionsFor(std::int64_t limit, std::int64_t used)
{
    const std::int64_t kept = std::clamp(limit / 3, LeastKeptFiles, MostKeptFiles);
    constexpr std::int64_t Most = std::numeric_limits<int>::max();
    return static_cast<int>(std::clamp<std::int64_t>(limit - kept - used, 1, Most));
}

int connectionsForThisProcess(int threads)
{
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
        return std::numeric_limits<int>::max();
    constexpr rlim_t Most = std::numeric_limits<int>::max();
    const std::int64_t own = (threads + Listeners) * FilesOfALoop + Listeners;
    return connectionsFor(static_cast<std::int64_t>(std::min(limit.rlim_cur, Most)),
                          openFiles() + own);
}

} // namespace Dispatch

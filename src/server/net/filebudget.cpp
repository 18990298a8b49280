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

std::int64_t openFiles()
{
    std::error_code ec;
    const std::filesystem::directory_iterator files("/proc/self/fd", ec);
    return ec ? 0 : std::distance(begin(files), end(files));
}

} // namespace

int connectionsFor(std::int64_t limit, std::int64_t used)
{
    const std::int64_t kept = std::min(MostKeptFiles, limit / 3);
    constexpr std::int64_t Most = std::numeric_limits<int>::max();
    return static_cast<int>(std::clamp<std::int64_t>(limit - kept - used, 1, Most));
}

int connectionsForThisProcess()
{
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
        return std::numeric_limits<int>::max();
    constexpr rlim_t Most = std::numeric_limits<int>::max();
    return connectionsFor(static_cast<std::int64_t>(std::min(limit.rlim_cur, Most)), openFiles());
}

} // namespace Dispatch

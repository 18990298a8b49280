// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "process.h"

#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <string>
#include <sys/resource.h>
#include <unistd.h>

namespace Load {

namespace {

std::string contents(pid_t pid, const char *file)
{
    std::ifstream stream("/proc/" + std::to_string(pid) + "/" + file);
    if (!stream)
        throw std::runtime_error("the server's process is gone");
    return {std::istreambuf_iterator<char>(stream), {}};
}

double seconds(const timeval &time)
{
    return double(time.tv_sec) + double(time.tv_usec) / 1e6;
}

} // namespace

double cpuSeconds(pid_t pid)
{
    const std::string stat = contents(pid, "stat");
    // The name, in parentheses, may hold anything; utime and stime are the 12th and 13th behind it.
    std::istringstream fields(stat.substr(stat.rfind(')') + 1));
    std::string skipped;
    for (int i = 0; i < 11; ++i)
        fields >> skipped;
    double user = 0;
    double system = 0;
    fields >> user >> system;
    return (user + system) / double(sysconf(_SC_CLK_TCK));
}

double cpuSeconds(const std::vector<int> &pids)
{
    double sum = 0;
    for (const int pid : pids)
        sum += cpuSeconds(pid_t(pid));
    return sum;
}

double ownCpuSeconds()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

std::int64_t residentBytes(pid_t pid)
{
    std::istringstream fields(contents(pid, "statm"));
    std::int64_t total = 0;
    std::int64_t resident = 0;
    fields >> total >> resident;
    return resident * sysconf(_SC_PAGESIZE);
}

std::int64_t residentBytes(const std::vector<int> &pids)
{
    std::int64_t sum = 0;
    for (const int pid : pids)
        sum += residentBytes(pid_t(pid));
    return sum;
}

} // namespace Load

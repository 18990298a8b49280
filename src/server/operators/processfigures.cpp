// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "processfigures_p.h"

#include <chrono>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <sys/resource.h>
#include <unistd.h>

namespace Dispatch {

namespace {

double seconds(const timeval &time)
{
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

double cpuSeconds()
{
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

struct Memory {
    std::int64_t virtualBytes = 0;
    std::int64_t residentBytes = 0;

    static Memory now()
    {
        Memory memory;
        std::ifstream("/proc/self/statm") >> memory.virtualBytes >> memory.residentBytes;
        const std::int64_t page = ::sysconf(_SC_PAGESIZE);
        return {memory.virtualBytes * page, memory.residentBytes * page};
    }
};

std::int64_t openFiles()
{
    std::error_code ec;
    const std::filesystem::directory_iterator files("/proc/self/fd", ec);
    // One of them is the listing itself.
    return ec ? 0 : std::distance(files, {}) - 1;
}

std::int64_t maxFiles()
{
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    return static_cast<std::int64_t>(limit.rlim_cur);
}

#ifdef CLOCK_BOOTTIME
/// By what proc(5) says of stat: the time after boot, in ticks. The time of boot itself, in
/// /proc/stat, is hidden from a hardened service.
double startTimeSeconds()
{
    std::ifstream file("/proc/self/stat");
    std::string stat(std::istreambuf_iterator<char>(file), {});
    // The second field is the name of the program, which may have spaces and brackets.
    const std::size_t name = stat.rfind(')');
    if (name == std::string::npos)
        return 0;
    std::istringstream fields(stat.substr(name + 1));
    constexpr int FieldsBetween = 19; // and the 22nd
    std::string skipped;
    for (int i = 0; i < FieldsBetween; ++i)
        fields >> skipped;
    double ticks = 0;
    fields >> ticks;
    timespec sinceBoot{};
    ::clock_gettime(CLOCK_BOOTTIME, &sinceBoot);
    const double age = static_cast<double>(sinceBoot.tv_sec)
        + static_cast<double>(sinceBoot.tv_nsec) / 1e9
        - ticks / static_cast<double>(::sysconf(_SC_CLK_TCK));
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration<double>(now).count() - age;
}
#else
double startTimeSeconds()
{
    return 0;
}
#endif

} // namespace

ProcessFigures ProcessFigures::now()
{
    ProcessFigures figures;
    figures.cpuSeconds = Dispatch::cpuSeconds();
    static const double startTime = Dispatch::startTimeSeconds();
    figures.startTimeSeconds = startTime;
    figures.openFiles = Dispatch::openFiles();
    figures.maxFiles = Dispatch::maxFiles();
    const Memory memory = Memory::now();
    figures.virtualBytes = memory.virtualBytes;
    figures.residentBytes = memory.residentBytes;
    return figures;
}

std::int64_t residentMemory()
{
    return Memory::now().residentBytes;
}

} // namespace Dispatch

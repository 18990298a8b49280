// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "resources.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

namespace Dispatch::Faults {

namespace {

int openFiles(const std::string &process)
{
    const std::filesystem::directory_iterator files("/proc/" + process + "/fd");
    return int(std::distance(begin(files), end(files)));
}

} // namespace

Resources resourcesOf(pid_t process)
{
    std::ifstream statm("/proc/" + std::to_string(process) + "/statm");
    std::int64_t total = 0;
    std::int64_t resident = 0;
    statm >> total >> resident;
    return {openFiles(std::to_string(process)), resident * sysconf(_SC_PAGESIZE)};
}

Resources ownResources()
{
    const auto memory = mallinfo2();
    return {openFiles("self"), std::int64_t(memory.uordblks + memory.hblkhd)};
}

bool canOpen(int files)
{
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return false;
    limit.rlim_cur = limit.rlim_max;
    return setrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur > rlim_t(files);
}

std::vector<std::string> checkReturned(const Resources &before, const Resources &after,
                                       std::int64_t leeway)
{
    std::vector<std::string> violations;
    if (after.files > before.files) {
        violations.push_back(std::to_string(after.files) + " files are open, and were "
                             + std::to_string(before.files));
    }
    if (after.bytes > before.bytes + leeway) {
        violations.push_back(std::to_string(after.bytes) + " bytes are held, and were "
                             + std::to_string(before.bytes));
    }
    return violations;
}

} // namespace Dispatch::Faults

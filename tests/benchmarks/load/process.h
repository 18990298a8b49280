// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <cstdint>
#include <sys/types.h>
#include <vector>

/// What a process uses, as the system tells it.
namespace Load {

double cpuSeconds(pid_t pid);
/// Of all of them.
double cpuSeconds(const std::vector<int> &pids);
double ownCpuSeconds();
std::int64_t residentBytes(pid_t pid);
std::int64_t residentBytes(const std::vector<int> &pids);

} // namespace Load

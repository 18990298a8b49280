// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <cstdint>
#include <sys/types.h>

/// What a process uses, as the system tells it.
namespace Load {

double cpuSeconds(pid_t pid);
double ownCpuSeconds();
std::int64_t residentBytes(pid_t pid);

} // namespace Load

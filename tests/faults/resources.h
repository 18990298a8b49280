// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <cstdint>
#include <string>
#include <sys/types.h>
#include <vector>

namespace Dispatch::Faults {

/// What a process holds, as Linux tells it.
struct Resources {
    int files = 0; ///< open descriptors
    std::int64_t bytes = 0; ///< of memory
};

/// Of a process: the memory is what is resident.
Resources resourcesOf(pid_t process);
/// Of this process: the memory is what is allocated; 0 under a sanitizer.
Resources ownResources();

/// Lets this process open as many files as it may; false if these are not \a files.
bool canOpen(int files);

/// What of it did not come back \a after a run, to what it was \a before; empty if all did, up to
/// \a leeway bytes.
std::vector<std::string> checkReturned(const Resources &before, const Resources &after,
                                       std::int64_t leeway);

} // namespace Dispatch::Faults

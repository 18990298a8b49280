// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "event_p.h"

#include <optional>
#include <string>
#include <vector>

namespace Dispatch {

/// What \a names take in memory.
inline std::size_t bytesOf(const std::vector<std::string> &names)
{
    std::size_t bytes = 0;
    for (const std::string &name : names)
        bytes += sizeof(std::string) + name.size();
    return bytes;
}

/// An event of a back end on its way to the workers, which share it.
struct Mailing {
    explicit Mailing(const Event &what)
        : event(what)
    {
    }

    StoredEvent event;
    std::string projectId;
    /// Nothing: all shards of the project.
    std::optional<std::vector<std::string>> shards;
    /// It goes to these users and clients, and to no shard.
    bool isForPeople = false;
    std::vector<std::string> users;
    std::vector<std::string> clients;
};

} // namespace Dispatch

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace Dispatch {

class Shard;

/// Finds the shards of one worker by their project and name.
class Roster {
public:
    using Shards = std::map<std::string, Shard *, std::less<>>; ///< by name

    void add(const std::string &projectId, const std::string &shardName, Shard *shard)
    {
        m_projects[projectId].insert_or_assign(shardName, shard);
    }
    void remove(const std::string &projectId, const std::string &shardName, const Shard *shard);

    Shard *find(std::string_view projectId, std::string_view shardName) const;
    const Shards &shardsOf(std::string_view projectId) const;

private:
    std::map<std::string, Shards, std::less<>> m_projects;
};

} // namespace Dispatch

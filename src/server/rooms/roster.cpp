// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "roster_p.h"

namespace Dispatch {

void Roster::remove(const std::string &projectId, const std::string &shardName, const Shard *shard)
{
    const auto project = m_projects.find(projectId);
    if (project == m_projects.end())
        return;
    // A new shard may have the name of one that has not ended here yet.
    const auto place = project->second.find(shardName);
    if (place != project->second.end() && place->second == shard)
        project->second.erase(place);
    if (project->second.empty())
        m_projects.erase(project);
}

Shard *Roster::find(std::string_view projectId, std::string_view shardName) const
{
    const Shards &shards = shardsOf(projectId);
    const auto shard = shards.find(shardName);
    return shard == shards.end() ? nullptr : shard->second;
}

const Roster::Shards &Roster::shardsOf(std::string_view projectId) const
{
    static const Shards none;
    const auto project = m_projects.find(projectId);
    return project == m_projects.end() ? none : project->second;
}

} // namespace Dispatch

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "banlist_p.h"

namespace Dispatch {

bool BanList::put(std::string_view projectId, const Ban &ban, TimePoint now, const Limits &limits)
{
    forgetExpired(now);
    const std::string place = position(ban);
    if (lookUp(projectId, place)) {
        erase(projectId, place);
    } else {
        const auto project = m_projects.find(projectId);
        const std::size_t ofProject = project == m_projects.end() ? 0 : project->second.size();
        if (ofProject >= limits.ofProject || m_ends.size() >= limits.ofAll)
            return false;
    }
    m_ends.emplace(ban.until, projectId, place);
    m_projects[std::string(projectId)].emplace(place, ban);
    return true;
}

bool BanList::remove(std::string_view projectId, Kind kind, std::string_view name, TimePoint now)
{
    forgetExpired(now);
    const std::string place = position(kind, name);
    const bool isThere = lookUp(projectId, place) != nullptr;
    if (isThere)
        erase(projectId, place);
    return isThere;
}

std::optional<BanList::Ban> BanList::find(std::string_view projectId, Kind kind,
                                          std::string_view name, TimePoint now) const
{
    const Ban *ban = lookUp(projectId, position(kind, name));
    return ban && ban->until > now ? std::optional(*ban) : std::nullopt;
}

std::vector<BanList::Ban> BanList::list(std::string_view projectId, std::string_view after,
                                        std::size_t limit, TimePoint now) const
{
    std::vector<Ban> found;
    const auto project = m_projects.find(projectId);
    if (project == m_projects.end())
        return found;
    const Bans &bans = project->second;
    for (auto ban = bans.upper_bound(after); ban != bans.end() && found.size() < limit; ++ban) {
        if (ban->second.until > now)
            found.push_back(ban->second);
    }
    return found;
}

void BanList::clear(std::string_view projectId)
{
    const auto project = m_projects.find(projectId);
    if (project == m_projects.end())
        return;
    for (const auto &[place, ban] : project->second)
        m_ends.erase({ban.until, project->first, place});
    m_projects.erase(project);
}

std::string BanList::position(const Ban &ban)
{
    return position(ban.kind, ban.name);
}

std::string_view BanList::kindName(Kind kind)
{
    return kind == Kind::User ? "users" : "addresses";
}

std::optional<BanList::Kind> BanList::kindOf(std::string_view name)
{
    for (const Kind kind : {Kind::User, Kind::Address}) {
        if (kindName(kind) == name)
            return kind;
    }
    return std::nullopt;
}

std::string BanList::position(Kind kind, std::string_view name)
{
    return std::string(kindName(kind)).append("/").append(name);
}

const BanList::Ban *BanList::lookUp(std::string_view projectId, std::string_view position) const
{
    const auto project = m_projects.find(projectId);
    if (project == m_projects.end())
        return nullptr;
    const auto ban = project->second.find(position);
    return ban == project->second.end() ? nullptr : &ban->second;
}

void BanList::erase(std::string_view projectId, std::string_view position)
{
    const auto project = m_projects.find(projectId);
    const auto ban = project->second.find(position);
    m_ends.erase({ban->second.until, project->first, ban->first});
    project->second.erase(ban);
    if (project->second.empty())
        m_projects.erase(project);
}

void BanList::forgetExpired(TimePoint now)
{
    while (!m_ends.empty() && std::get<TimePoint>(*m_ends.begin()) <= now) {
        const auto [until, projectId, place] = *m_ends.begin();
        erase(projectId, place);
    }
}

} // namespace Dispatch

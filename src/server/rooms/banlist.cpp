// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "banlist_p.h"

#include <algorithm>
#include <utility>

namespace Dispatch {

bool BanList::put(std::string_view projectId, Ban ban, TimePoint now, std::size_t mostBans)
{
    Key place = key(projectId, ban.kind, ban.name);
    if (m_bans.size() >= mostBans && !m_bans.contains(place)) {
        forgetExpired(now);
        if (m_bans.size() >= mostBans)
            return false;
    }
    m_bans.insert_or_assign(std::move(place),
                            Value{ban.kind, std::move(ban.name), std::move(ban.reason), ban.until});
    return true;
}

bool BanList::remove(std::string_view projectId, Kind kind, std::string_view name, TimePoint now)
{
    const auto ban = m_bans.find(key(projectId, kind, name));
    if (ban == m_bans.end())
        return false;
    const bool isOver = ban->second.until <= now;
    m_bans.erase(ban);
    return !isOver;
}

std::optional<BanList::Ban> BanList::find(std::string_view projectId, Kind kind,
                                          std::string_view name, TimePoint now) const
{
    const auto ban = m_bans.find(key(projectId, kind, name));
    if (ban == m_bans.end() || ban->second.until <= now)
        return std::nullopt;
    return Ban{kind, ban->second.name, ban->second.reason, ban->second.until};
}

std::vector<BanList::Ban> BanList::list(std::string_view projectId, std::string_view after,
                                        std::size_t limit, TimePoint now) const
{
    std::vector<Ban> found;
    auto ban = m_bans.upper_bound(Key(projectId, after));
    for (; ban != m_bans.end() && std::get<0>(ban->first) == projectId && found.size() < limit;
         ++ban) {
        const Value &value = ban->second;
        if (value.until > now)
            found.push_back({value.kind, value.name, value.reason, value.until});
    }
    return found;
}

std::string BanList::position(const Ban &ban)
{
    return std::string(kindName(ban.kind)).append("/").append(ban.name);
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

BanList::Key BanList::key(std::string_view projectId, Kind kind, std::string_view name)
{
    return {std::string(projectId), std::string(kindName(kind)).append("/").append(name)};
}

void BanList::forgetExpired(TimePoint now)
{
    std::erase_if(m_bans, [now](const auto &ban) { return ban.second.until <= now; });
}

} // namespace Dispatch

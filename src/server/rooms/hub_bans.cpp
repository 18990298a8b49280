// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

// Whom the hub keeps out.

#include "hub_p.h"

#include "logging_p.h"
#include "logtext_p.h"

namespace Dispatch {

std::optional<std::string> Hub::banOf(std::string_view projectId, std::string_view userId,
                                      std::string_view address) const
{
    const TimePoint now = Clock::now();
    const std::lock_guard lock(m_banMutex);
    std::optional<BanList::Ban> ban;
    if (!userId.empty())
        ban = m_bans.find(projectId, BanList::Kind::User, userId, now);
    if (!ban)
        ban = m_bans.find(projectId, BanList::Kind::Address, address, now);
    return ban ? std::optional(std::move(ban->reason)) : std::nullopt;
}

void Hub::putBan(const std::string &projectId, const BanList::Ban &ban,
                 std::function<void(std::optional<Refusal>)> done)
{
    const DispatchServerSettings settings = this->settings();
    const auto ofProject = static_cast<std::size_t>(settings.maxBansPerProject);
    if (m_cluster)
        return m_cluster->putBan(projectId, ban, ofProject, std::move(done));
    const BanList::Limits limits{ofProject, static_cast<std::size_t>(settings.maxBans)};
    const bool isPut =
        withBans([&](BanList &bans) { return bans.put(projectId, ban, Clock::now(), limits); });
    done(isPut ? std::nullopt : std::optional(Refusal::ServerFull));
}

void Hub::removeBan(const std::string &projectId, BanList::Kind kind, const std::string &name,
                    std::function<void(std::variant<bool, Refusal>)> done)
{
    if (m_cluster)
        return m_cluster->removeBan(projectId, kind, name, std::move(done));
    done(learnBan(projectId, {kind, name, {}, {}}, true));
}

void Hub::readBans(const std::string &projectId,
                   std::function<void(std::variant<const BanList *, Refusal>)> done)
{
    if (m_cluster)
        return m_cluster->readBans(projectId, std::move(done));
    withBans([&done](const BanList &bans) { done(&bans); });
}

void Hub::learnBans(const std::string &projectId, const std::vector<BanList::Ban> &bans, bool isAll)
{
    if (isAll)
        withBans([&](BanList &list) { list.clear(projectId); });
    for (const BanList::Ban &ban : bans)
        learnBan(projectId, ban, false);
}

bool Hub::learnBan(const std::string &projectId, const BanList::Ban &ban, bool isTakenBack)
{
    const TimePoint now = Clock::now();
    if (isTakenBack) {
        return withBans(
            [&](BanList &bans) { return bans.remove(projectId, ban.kind, ban.name, now); });
    }
    // How many a project may have was looked at by the server that was asked.
    const auto most = static_cast<std::size_t>(settings().maxBans);
    const bool isPut = withBans([&](BanList &bans) {
        return bans.put(projectId, ban, now, {most, most});
    });
    if (!isPut)
        qCWarning(lcServer, "A ban of %s is not kept here: there are too many (maxBans)",
                  escapedForLog(projectId).c_str());
    return isPut;
}

} // namespace Dispatch

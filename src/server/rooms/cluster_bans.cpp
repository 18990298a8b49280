// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

// What several servers know of whom a project has banned.

#include "cluster_project_p.h"

#include "clusterevent_p.h"
#include "distantpeople_p.h"
#include "hub_p.h"

#include <boost/asio/post.hpp>

#include <algorithm>

namespace Dispatch {

namespace net = boost::asio;

std::vector<BanList::Ban> bansIn(const Engine::PinList &list)
{
    std::vector<BanList::Ban> bans;
    const TimePoint now = Clock::now();
    for (const Engine::Pin &pin : list.pins) {
        auto news = unpackedBanNews(pin.data, now);
        if (!news || news->isTakenBack)
            continue;
        news->ban.until = now + pin.life; // data is as of when it was pinned up
        bans.push_back(std::move(news->ban));
    }
    return bans;
}

void Cluster::putBan(const std::string &projectId, const BanList::Ban &ban, std::size_t most,
                     std::function<void(std::optional<Refusal>)> done)
{
    const TimePoint now = Clock::now();
    const BanNews news{ban, false};
    const std::string text = packedBanNews(news, now);
    const auto life = std::chrono::ceil<milliseconds>(ban.until - now);
    node().pin({{projectId}, text}, {BanList::position(ban), text, life}, most,
               reply<Engine::Pinned>(done, [this, projectId, news, done](const Engine::Pinned &) {
                   learn(projectId, news);
                   done(std::nullopt);
               }));
}

void Cluster::removeBan(const std::string &projectId, BanList::Kind kind, const std::string &name,
                        std::function<void(std::variant<bool, Refusal>)> done)
{
    const BanNews news{{kind, name, {}, {}}, true};
    // The engine may have forgotten what servers still know. Looked at now: the news may be heard
    // before the answer.
    const bool wasHere = m_hub.withBans([&](const BanList &bans) {
        return bans.find(projectId, kind, name, Clock::now()).has_value();
    });
    node().pin({{projectId}, packedBanNews(news, {})}, {BanList::position(news.ban), {}, {}}, 0,
               reply<Engine::Pinned>(
                   done, [this, projectId, news, wasHere, done](const Engine::Pinned &pinned) {
                       learn(projectId, news);
                       done(wasHere || pinned.wasThere);
                   }));
}

bool Cluster::learn(const std::string &projectId, const BanNews &news)
{
    return knowsBans(projectId) && m_hub.learnBan(projectId, news.ban, news.isTakenBack);
}

bool Cluster::knowsBans(const std::string &projectId) const
{
    const auto ear = m_projects.find(projectId);
    return ear != m_projects.end() && ear->second->knowsBans();
}

void Cluster::readBans(const std::string &projectId,
                       std::function<void(std::variant<const BanList *, Refusal>)> done)
{
    net::post(executor(), [this, projectId, done = std::move(done)] {
        if (knowsBans(projectId))
            return m_hub.withBans([&done](const BanList &bans) { done(&bans); });
        using List = Engine::PinList;
        node().pins(projectId, reply<List>(done, [projectId, done](const List &list) {
                        const std::size_t count = list.pins.size();
                        BanList bans;
                        for (const BanList::Ban &ban : bansIn(list))
                            bans.put(projectId, ban, Clock::now(), {count, count});
                        done(&bans);
                    }));
    });
}

void Cluster::findClient(const std::string &projectId, const std::string &clientId,
                         std::function<void(std::variant<std::vector<ClientInfo>, Refusal>)> done)
{
    using Found = std::vector<ClientInfo>;
    const auto findIn = [clientId, done](const Engine::PresenceList &list) {
        Found found;
        const auto member = std::ranges::find(list.members, clientId, &Engine::Member::clientId);
        if (member != list.members.end()) {
            if (auto client = unpackedPerson(clientId, member->data))
                found.push_back(*std::move(client));
        }
        done(std::move(found));
    };
    node().locate(
        projectId, clientId,
        reply<Engine::StreamId>(done, [this, findIn, done](const Engine::StreamId &shard) {
            if (shard.isShard())
                node().members(shard, reply<Engine::PresenceList>(done, findIn));
            else
                done(Found());
        }));
}

} // namespace Dispatch

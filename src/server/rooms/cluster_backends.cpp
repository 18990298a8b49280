// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

// What several servers do together for back ends.

#include "cluster_p.h"

#include "clientinfo_p.h"
#include "clusterevent_p.h"
#include "distantpeople_p.h"
#include "gathering_p.h"
#include "hub_p.h"
#include "later_p.h"
#include "mailing_p.h"

#include <boost/asio/post.hpp>

#include <limits>
#include <set>

namespace Dispatch {

namespace net = boost::asio;

namespace {

constexpr std::size_t All = std::numeric_limits<std::size_t>::max();

/// What others know of the clients in \a list, and this server of its \a own ones, which it knows
/// better; the part of it behind \a after.
ClientPage merged(const Engine::PresenceList &list, ClientPage own, const std::string &after,
                  std::size_t limit)
{
    std::map<std::string, ClientInfo> all;
    const std::int64_t now = msSinceEpoch();
    for (const Engine::Member &member : list.members) {
        if (auto client = unpackedPerson(member.clientId, member.data)) {
            client->lastPing = now; // its server says that it lives
            all.emplace(member.clientId, *std::move(client));
        }
    }
    for (ClientInfo &client : own.clients)
        all.insert_or_assign(client.clientId, client);
    ClientPage page;
    page.isThere = own.isThere || !list.members.empty();
    auto client = all.upper_bound(after);
    for (; client != all.end() && page.clients.size() < limit; ++client)
        page.clients.push_back(std::move(client->second));
    page.hasMore = client != all.end();
    return page;
}

} // namespace

void Cluster::publish(const std::shared_ptr<const Mailing> &mailing,
                      std::function<void(std::optional<Refusal>)> done)
{
    using Verdict = std::optional<Refusal>;
    const auto publishTo = [this, done](std::vector<Engine::StreamId> streams, std::string data) {
        if (streams.empty())
            return done(std::nullopt);
        const auto gathering = std::make_shared<Gathering<Verdict>>(streams.size(), done);
        for (Engine::StreamId &stream : streams) {
            node().publish({std::move(stream), data},
                           {executor(), [gathering](const auto &outcome) {
                                gathering->add([&outcome](Verdict &verdict) {
                                    if (const auto *why = std::get_if<Engine::Failure>(&outcome))
                                        verdict = refusalOf(*why);
                                });
                            }});
        }
    };
    const std::string &project = mailing->projectId;
    if (mailing->isForPeople)
        return publishTo({{project}}, packedDirect(*mailing));
    std::string data = packedEvent(mailing->event.event());
    if (mailing->shards) {
        std::vector<Engine::StreamId> streams;
        for (const std::string &name : *mailing->shards)
            streams.push_back({project, name});
        return publishTo(std::move(streams), std::move(data));
    }
    using Shards = std::vector<Engine::Occupancy>;
    node().occupancy(project, reply<Shards>(done, [publishTo, project, data](const Shards &all) {
                         std::vector<Engine::StreamId> streams;
                         for (const Engine::Occupancy &shard : all)
                             streams.push_back({project, shard.shardName});
                         publishTo(std::move(streams), data);
                     }));
}

void Cluster::sendAway(const ClientSelection &selection, Refusal refusal, const std::string &detail,
                       Sum done)
{
    using Servers = std::vector<std::string>;
    Dismissal dismissal{selection, refusal, detail, node().id(), 0};
    node().nodes(selection.projectId,
                 reply<Servers>(
                     done, [this, dismissal = std::move(dismissal), done](const Servers &servers) {
                         sendAwayOn(servers, dismissal, done);
                     }));
}

void Cluster::sendAwayOn(const std::vector<std::string> &servers, Dismissal dismissal,
                         const Sum &done)
{
    const std::string &projectId = dismissal.whom.projectId;
    std::set<std::string> asked(servers.begin(), servers.end());
    if (hears(projectId))
        asked.insert(node().id()); // it may have back ends alone
    const bool isAnybodyAsked = !asked.empty();
    const std::uint64_t question =
        m_headcounts.ask(std::move(asked), [done](int count) { done(count); });
    dismissal.question = question;
    node().publish({{projectId}, packedDismissal(dismissal)},
                   {executor(), [this, question, isAnybodyAsked, done](const auto &outcome) {
                        if (const auto *why = std::get_if<Engine::Failure>(&outcome)) {
                            if (m_headcounts.drop(question))
                                done(refusalOf(*why));
                        } else if (isAnybodyAsked) {
                            later(executor(), node().limits().callTime,
                                  [this, question] { m_headcounts.finish(question); });
                        } else {
                            m_headcounts.finish(question);
                        }
                    }});
}

void Cluster::listClients(const Engine::StreamId &shard, const std::string &after,
                          std::size_t limit,
                          std::function<void(std::variant<ClientPage, Refusal>)> done)
{
    using List = Engine::PresenceList;
    node().members(shard, reply<List>(done, [this, shard, after, limit, done](const List &list) {
                       m_hub.listClientsHere(shard.projectId, shard.shardName, {}, All,
                                             [list, after, limit, done](const ClientPage &own) {
                                                 done(merged(list, own, after, limit));
                                             });
                   }));
}

void Cluster::obey(const std::string &projectId, const std::string &entry)
{
    if (const auto dismissal = unpackedDismissal(projectId, entry)) {
        m_hub.sendAwayHere(dismissal->whom, dismissal->refusal, dismissal->detail,
                           [this, asker = dismissal->asker, question = dismissal->question](
                               int count) { answer(asker, question, count); });
    } else if (const auto news = unpackedBanNews(entry, Clock::now())) {
        learn(projectId, *news);
    }
}

void Cluster::answer(const std::string &asker, std::uint64_t question, int count)
{
    const std::string message = packedHeadcount({question, node().id(), count});
    if (asker == node().id())
        return net::post(executor(), [this, message] { takeHeadcount(message); });
    node().tell(asker, message, {});
}

void Cluster::takeHeadcount(const std::string &message)
{
    if (const auto headcount = unpackedHeadcount(message))
        m_headcounts.answer(headcount->question, headcount->node, headcount->count);
}

} // namespace Dispatch

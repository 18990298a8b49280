// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

// What the hub does for back ends.

#include "hub_p.h"

#include "gathering_p.h"
#include "mailing_p.h"
#include "worker_p.h"

#include <algorithm>
#include <iterator>

namespace Dispatch {

std::variant<Placement::Seat, Refusal> Hub::reserveBackend(const ConnectParameters &wish)
{
    const TimedLock lock(m_placementMutex, m_placementTimes);
    return m_placement.reserveBackend(wish);
}

void Hub::publish(const std::shared_ptr<const Mailing> &mailing,
                  std::function<void(std::optional<Refusal>)> done)
{
    if (m_cluster)
        return m_cluster->publish(mailing, std::move(done));
    if (!std::ranges::all_of(workers, [](const auto &worker) { return worker->hasRoom(); }))
        return done(Refusal::ServerFull);
    for (const auto &worker : workers)
        worker->post(mailing);
    done(std::nullopt);
}

void Hub::listClients(const std::string &projectId, const std::string &shardName,
                      const std::string &after, std::size_t limit,
                      std::function<void(std::variant<ClientPage, Refusal>)> done)
{
    if (m_cluster)
        return m_cluster->listClients({projectId, shardName}, after, limit, std::move(done));
    listClientsHere(projectId, shardName, after, limit, std::move(done));
}

void Hub::listClientsHere(const std::string &projectId, const std::string &shardName,
                          const std::string &after, std::size_t limit,
                          std::function<void(ClientPage)> done)
{
    int serving = -1;
    {
        const TimedLock lock(m_placementMutex, m_placementTimes);
        serving = m_placement.workerOf(projectId, shardName);
    }
    if (serving < 0)
        return done({});
    workers[static_cast<std::size_t>(serving)]->call(
        [done = std::move(done), projectId, shardName, after, limit](Worker &worker) {
            done(worker.clientsOf(projectId, shardName, after, limit));
        });
}

void Hub::findClient(const std::string &projectId, const std::string &clientId,
                     std::function<void(std::variant<std::vector<ClientInfo>, Refusal>)> done)
{
    using Found = std::vector<ClientInfo>;
    const auto gathering = std::make_shared<Gathering<Found>>(
        workers.size(), [this, projectId, clientId, done = std::move(done)](Found found) {
            if (m_cluster && found.empty())
                return m_cluster->findClient(projectId, clientId, done);
            done(std::move(found));
        });
    for (const auto &worker : workers) {
        worker->call([gathering, projectId, clientId](Worker &asked) {
            gathering->add(
                [found = asked.find({projectId, ClientSelection::Kind::Client, clientId})](
                    Found &all) mutable { std::ranges::move(found, std::back_inserter(all)); });
        });
    }
}

void Hub::sendAway(const ClientSelection &selection, Refusal refusal, const std::string &detail,
                   std::function<void(std::variant<int, Refusal>)> done)
{
    if (m_cluster)
        return m_cluster->sendAway(selection, refusal, detail, std::move(done));
    sendAwayHere(selection, refusal, detail, std::move(done));
}

void Hub::sendAwayHere(const ClientSelection &selection, Refusal refusal, const std::string &detail,
                       std::function<void(int)> done)
{
    const auto gathering = std::make_shared<Gathering<int>>(workers.size(), std::move(done));
    for (const auto &worker : workers) {
        worker->call([gathering, selection, refusal, detail](Worker &asked) {
            const int count = asked.sendAway(selection, refusal, detail);
            gathering->add([count](int &sum) { sum += count; });
        });
    }
}

} // namespace Dispatch

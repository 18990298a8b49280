// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "cluster_project_p.h"

#include "clusterevent_p.h"
#include "hub_p.h"
#include "later_p.h"
#include "worker_p.h"

#include <boost/asio/post.hpp>

namespace Dispatch {

namespace net = boost::asio;

Cluster::ProjectEar::ProjectEar(Cluster &cluster, Hub &hub, std::string projectId)
    : m_cluster(cluster)
    , m_hub(hub)
    , m_projectId(std::move(projectId))
{
}

void Cluster::ProjectEar::await(Waiter waiter)
{
    if (m_knowsBans)
        net::post(waiter.first, std::move(waiter.second));
    else
        m_waiters.push_back(std::move(waiter));
}

void Cluster::ProjectEar::began(const Engine::Mark &top)
{
    m_epoch = top.epoch;
    for (const auto &worker : m_hub.workers) {
        worker->call([project = m_projectId, top](Worker &one) { one.beginDirects(project, top); });
    }
    readBans();
}

void Cluster::ProjectEar::received(const Engine::Mark &last,
                                   const std::vector<Engine::Entry> &entries)
{
    std::size_t bytes = 0;
    for (const Engine::Entry &entry : entries)
        bytes += entry.data.size();
    const auto shared = std::make_shared<const std::vector<Engine::Entry>>(entries);
    for (const auto &worker : m_hub.workers) {
        if (!worker->hasRoom() || !m_cluster.node().holdsLease())
            lose(*worker, last);
        else
            worker->callWith(bytes,
                             [project = m_projectId, epoch = last.epoch, shared](Worker &one) {
                                 one.deliverDirects(project, epoch, *shared);
                             });
    }
    for (const Engine::Entry &entry : entries)
        hear(last.epoch, entry);
}

void Cluster::ProjectEar::wasReset(const Engine::Mark &mark)
{
    for (const auto &worker : m_hub.workers)
        lose(*worker, mark);
    m_mayHaveForgotten |= std::exchange(m_epoch, mark.epoch) != mark.epoch;
    readBans();
}

void Cluster::ProjectEar::lose(Worker &worker, const Engine::Mark &mark)
{
    worker.call([project = m_projectId, mark](Worker &one) { one.loseDirects(project, mark); });
}

void Cluster::ProjectEar::hear(std::uint64_t epoch, const Engine::Entry &entry)
{
    if (!m_isReading || !unpackedBanNews(entry.data, Clock::now()))
        return m_cluster.obey(m_projectId, entry.data);
    if (m_held.size() < m_cluster.node().limits().heldBack) {
        m_held.emplace_back(epoch, entry);
    } else {
        m_held.clear();
        m_isReadAgain = true;
    }
}

void Cluster::ProjectEar::readBans()
{
    if (std::exchange(m_isReading, true))
        m_isReadAgain = true;
    else
        askForBans();
}

void Cluster::ProjectEar::askForBans()
{
    // What was heard before is in what is read.
    m_held.clear();
    m_isReadAgain = false;
    m_cluster.node().pins(m_projectId,
                          {m_cluster.executor(), [self = weak_from_this()](const auto &outcome) {
                               if (const auto there = self.lock())
                                   there->takeBans(outcome);
                           }});
}

void Cluster::ProjectEar::takeBans(const Engine::Outcome<Engine::PinList> &outcome)
{
    const auto *list = std::get_if<Engine::PinList>(&outcome);
    if (!list) {
        return later(m_cluster.executor(), m_cluster.node().limits().callTime / 2,
                     [self = weak_from_this()] {
                         if (const auto there = self.lock())
                             there->askForBans();
                     });
    }
    if (m_isReadAgain)
        return askForBans();
    m_isReading = false;
    m_hub.learnBans(m_projectId, bansIn(*list), !std::exchange(m_mayHaveForgotten, false));
    for (const auto &[epoch, entry] : std::exchange(m_held, {})) {
        if (epoch != list->top.epoch || entry.seq > list->top.seq)
            m_cluster.obey(m_projectId, entry.data);
    }
    m_knowsBans = true;
    for (Waiter &waiter : std::exchange(m_waiters, {}))
        net::post(waiter.first, std::move(waiter.second));
}

} // namespace Dispatch

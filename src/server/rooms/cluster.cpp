// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "cluster_p.h"

#include "cluster_project_p.h"
#include "hub_p.h"
#include "logging_p.h"
#include "worker_p.h"

#include <boost/asio/post.hpp>

#include <future>

namespace Dispatch {

namespace net = boost::asio;

/// Hears of the node, and tells the workers.
class Cluster::Ear final : public Engine::NodeListener {
public:
    Ear(Cluster &cluster, Hub &hub)
        : m_cluster(cluster)
        , m_hub(hub)
    {
    }

    void reached() override { qCInfo(lcServer, "The engine is reached"); }
    void lost(std::string_view why) override
    {
        qCWarning(lcServer, "The engine can't be reached: %s", std::string(why).c_str());
    }
    void complained(std::string_view why) override
    {
        qCWarning(lcServer, "The engine refuses: %s", std::string(why).c_str());
    }
    void seatLost(const Engine::Seat &seat) override
    {
        tellAll([seat](Worker &worker) { worker.loseSeat(seat.shard.projectId, seat.clientId); });
    }
    void sessionTaken(const Engine::Session &session) override
    {
        tellAll([session](Worker &worker) { worker.loseSession(session); });
    }
    void addressed(const std::string &message) override { m_cluster.takeHeadcount(message); }
    void fenced() override
    {
        qCWarning(lcServer,
                  "Others may take this server's seats: nothing is delivered until the "
                  "engine is reached again");
    }
    void unfenced() override
    {
        tellAll([](Worker &worker) { worker.deliverHeld(); });
    }

private:
    void tellAll(const std::function<void(Worker &)> &what)
    {
        for (const auto &worker : m_hub.workers)
            worker->call(what);
    }

    Cluster &m_cluster;
    Hub &m_hub;
};

Cluster::Cluster(Hub &hub, const Engine::NodeThread::MakeStore &makeStore)
    : m_hub(hub)
    , m_thread(std::make_unique<Engine::NodeThread>(makeStore, std::make_shared<Ear>(*this, hub)))
{
}

Cluster::~Cluster() = default;

void Cluster::stop()
{
    // Calls are done in order: behind this one nothing is left.
    const auto isDone = std::make_shared<std::promise<void>>();
    node().occupancy("-", {executor(), [isDone](const auto &) { isDone->set_value(); }});
    isDone->get_future().wait_for(2 * node().limits().callTime);
    m_thread->stop();
}

void Cluster::enterProject(const std::string &projectId, net::any_io_executor executor,
                           std::function<void()> ready)
{
    net::post(this->executor(),
              [this, projectId, waiter = std::pair(std::move(executor), std::move(ready))] {
                  enter(projectId, waiter);
              });
}

void Cluster::leaveProject(const std::string &projectId)
{
    net::post(executor(), [this, projectId] { leave(projectId); });
}

void Cluster::enter(const std::string &projectId,
                    std::pair<net::any_io_executor, std::function<void()>> waiter)
{
    std::shared_ptr<ProjectEar> &ear = m_projects[projectId];
    const bool isNew = !ear;
    if (isNew)
        ear = std::make_shared<ProjectEar>(*this, m_hub, projectId);
    ++ear->uses;
    ear->await(std::move(waiter));
    if (isNew)
        node().subscribe({projectId}, executor(), ear);
}

void Cluster::leave(const std::string &projectId)
{
    const auto ear = m_projects.find(projectId);
    if (ear == m_projects.end() || --ear->second->uses > 0)
        return;
    m_projects.erase(ear);
    node().unsubscribe({projectId});
    m_hub.withBans([&](BanList &bans) { bans.clear(projectId); }); // nobody tells of them any more
    for (const auto &worker : m_hub.workers)
        worker->call([projectId](Worker &one) { one.endDirects(projectId); });
}

bool Cluster::hears(const std::string &projectId) const
{
    const auto ear = m_projects.find(projectId);
    return ear != m_projects.end() && ear->second->hasBegun();
}

void Cluster::release(const std::string &projectId, const std::string &clientId)
{
    node().release(projectId, clientId, {});
}

void Cluster::abandon(const Engine::Session &session)
{
    const std::string &project = session.shard.projectId;
    node().endSession(session.clientId, {});
    // Each is this server's before it is given back; the one may have to wait for a lease.
    node().setMember(
        session.shard, {session.clientId, {}}, true,
        {executor(), [this, shard = session.shard, client = session.clientId](const auto &) {
             node().removeMember(shard, client, {});
         }});
    node().place({project, session.clientId, session.shard.shardName, 1, true},
                 {executor(), [this, project, client = session.clientId](const auto &) {
                      release(project, client);
                  }});
}

Refusal refusalOf(Engine::Failure failure)
{
    switch (failure) {
    case Engine::Failure::ShardFull:
        return Refusal::ShardFull;
    case Engine::Failure::Busy:
        return Refusal::ServerBusy;
    case Engine::Failure::TooManyPins:
        return Refusal::ServerFull;
    case Engine::Failure::StateFull:
        return Refusal::StateFull;
    case Engine::Failure::StateOwned:
        return Refusal::StateOwned;
    case Engine::Failure::StateChanged:
        return Refusal::StateChanged;
    case Engine::Failure::Unavailable:
    case Engine::Failure::Rejected:
    case Engine::Failure::Fenced:
    case Engine::Failure::EmitGap:
    case Engine::Failure::NoSession:
    case Engine::Failure::Superseded:
        break;
    }
    return Refusal::EngineUnavailable;
}

} // namespace Dispatch

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "hub_p.h"

#include "logging_p.h"
#include "upgraderequest_p.h"
#include "worker_p.h"

#include <QtCore/qrandom.h>

#include <algorithm>
#include <functional>

namespace Dispatch {

Q_LOGGING_CATEGORY(lcServer, "dispatch.server", QtInfoMsg)

namespace {

Placement::Limits placementLimits(const DispatchServerSettings &settings)
{
    return {settings.maxConnections, settings.maxConnectionsPerShard, settings.threads,
            settings.maxConnectionsPerUser};
}

} // namespace

Hub::Hub(const DispatchServerSettings &settings,
         std::shared_ptr<const DispatchTokenVerifier> verifier, std::function<void()> wake,
         const Engine::NodeThread::MakeStore &makeStore)
    : notices(std::move(wake))
    , m_settings(settings)
    , m_verifier(std::move(verifier))
    , m_placement(placementLimits(settings), QRandomGenerator::system()->generate64())
{
    for (int i = 0; i < settings.threads; ++i)
        workers.push_back(std::make_unique<Worker>(*this, settings));
    if (makeStore)
        m_cluster = std::make_unique<Cluster>(*this, makeStore);
}

Hub::~Hub()
{
    // Its thread calls all others: they have to be there until it has ended.
    if (m_cluster)
        m_cluster->stop();
}

void Hub::reconfigure(const DispatchServerSettings &settings,
                      std::shared_ptr<const DispatchTokenVerifier> verifier)
{
    {
        const std::lock_guard lock(m_verifierMutex);
        m_verifier = std::move(verifier);
    }
    {
        const std::lock_guard lock(m_settingsMutex);
        m_settings = settings;
    }
    {
        const TimedLock lock(m_placementMutex, m_placementTimes);
        m_placement.setLimits(placementLimits(settings));
    }
    for (const auto &worker : workers)
        worker->reconfigure(settings);
}

void Hub::drain()
{
    m_isDraining = true;
    const auto time = DrainSchedule::closingTime(milliseconds(settings().drainTime));
    for (std::size_t i = 0; i < workers.size(); ++i) {
        const double phase = static_cast<double>(i + 1) / static_cast<double>(workers.size());
        workers[i]->drain(time, phase);
    }
}

bool Hub::hasDrained() const
{
    // Somebody may be on the way from the listener to a worker.
    return m_isDraining && placementFigures().connections == 0
        && std::ranges::all_of(workers, [](const auto &worker) { return worker->hasDrained(); });
}

DispatchServerSettings Hub::settings() const
{
    const std::lock_guard lock(m_settingsMutex);
    return m_settings;
}

std::shared_ptr<const DispatchTokenVerifier> Hub::verifier() const
{
    const std::lock_guard lock(m_verifierMutex);
    return m_verifier;
}

std::variant<Placement::Seat, Refusal> Hub::reserve(const ConnectParameters &wish,
                                                    const std::string &userId)
{
    const TimedLock lock(m_placementMutex, m_placementTimes);
    return m_placement.reserve(wish, userId);
}

std::variant<Placement::Seat, Refusal> Hub::occupy(const ConnectParameters &wish,
                                                   const std::string &userId)
{
    const TimedLock lock(m_placementMutex, m_placementTimes);
    return m_placement.occupy(wish, userId);
}

bool Hub::switchUser(Placement::Seat &seat, const std::string &userId)
{
    const TimedLock lock(m_placementMutex, m_placementTimes);
    return m_placement.switchUser(seat, userId);
}

void Hub::release(const Placement::Seat &seat)
{
    {
        const TimedLock lock(m_placementMutex, m_placementTimes);
        m_placement.release(seat);
    }
    if (!seat.clientId.empty())
        m_cluster->release(seat.projectId, seat.clientId);
}

void Hub::giveUp(const UpgradeRequest &request)
{
    if (!request.claim)
        release(request.seat);
    if (request.adopted)
        m_cluster->abandon(request.adopted->session);
}

std::vector<Placement::Occupancy> Hub::occupancy(std::string_view projectId) const
{
    const TimedLock lock(m_placementMutex, m_placementTimes);
    return m_placement.occupancy(projectId);
}

void Hub::askOccupancy(
    const std::string &projectId,
    std::function<void(std::variant<std::vector<Placement::Occupancy>, Refusal>)> done) const
{
    if (!m_cluster)
        return done(occupancy(projectId));
    using All = std::vector<Engine::Occupancy>;
    m_cluster->node().occupancy(projectId, m_cluster->reply<All>(done, [done](const All &all) {
        std::vector<Placement::Occupancy> shards;
        for (const Engine::Occupancy &shard : all)
            shards.push_back({shard.shardName, shard.clients});
        done(std::move(shards));
    }));
}

std::optional<Engine::Figures> Hub::engineFigures() const
{
    if (!m_cluster)
        return {};
    return m_cluster->node().figures();
}

Placement::Figures Hub::placementFigures() const
{
    const TimedLock lock(m_placementMutex, m_placementTimes);
    return m_placement.figures();
}

bool Hub::hasRoom() const
{
    const Placement::Figures figures = placementFigures();
    return figures.connections < figures.limit;
}

Placement::Largest Hub::largestShards(std::string_view text, std::size_t most) const
{
    const TimedLock lock(m_placementMutex, m_placementTimes);
    return m_placement.largestShards(text, most);
}

Waiting Hub::waiting() const
{
    Waiting sum;
    for (const auto &worker : workers) {
        const Waiting own = worker->waiting();
        sum.bytes += own.bytes;
        sum.largest = std::max(sum.largest, own.largest);
        sum.clients += own.clients;
    }
    return sum;
}

void Hub::addCounters(Counters &sum) const
{
    sum.add(listenerCounters);
    for (const auto &worker : workers)
        sum.add(worker->counters());
}

DispatchTokenVerdict Hub::verify(std::string_view token, std::string_view projectId) const
{
    return judge(&DispatchTokenVerifier::verify, token, projectId);
}

DispatchTokenVerdict Hub::verifyBackend(std::string_view token, std::string_view projectId) const
{
    return judge(&DispatchTokenVerifier::verifyBackend, token, projectId);
}

DispatchTokenVerdict Hub::judge(Judge check, std::string_view token,
                                std::string_view projectId) const
{
    const auto verifier = this->verifier();
    if (!verifier)
        return {{}, QStringLiteral("there is no verifier"), DispatchTokenVerdict::NoKey, 0, {}};
    DispatchTokenVerdict verdict = std::invoke(
        check, *verifier, QByteArray(token.data(), static_cast<qsizetype>(token.size())),
        QString::fromUtf8(projectId.data(), static_cast<qsizetype>(projectId.size())));
    if (!verdict)
        qCDebug(lcServer, "Token refused: %s", qUtf8Printable(verdict.reason));
    return verdict;
}

} // namespace Dispatch

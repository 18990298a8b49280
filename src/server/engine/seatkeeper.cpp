// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "seatkeeper_p.h"

#include <utility>
#include <vector>

namespace Dispatch::Engine {

namespace {

bool failedWith(const Outcome<Seat> &outcome, Failure failure)
{
    const Failure *why = std::get_if<Failure>(&outcome);
    return why && *why == failure;
}

} // namespace

void SeatKeeper::place(const SeatWish &wish, Done<Seat> done)
{
    ++m_projects[wish.projectId].placing;
    place(wish, false, done);
}

void SeatKeeper::place(const SeatWish &wish, bool isRepeated, const Done<Seat> &done)
{
    Project &project = m_projects[wish.projectId];
    if (!project.gate.isHeld()) {
        const auto goOn = [this, wish, isRepeated, done](bool isHeld) {
            if (isHeld)
                place(wish, isRepeated, done);
            else
                end(wish, Failure::Unavailable, done);
        };
        if (project.gate.wait(goOn))
            enter(wish.projectId);
        return;
    }
    project.doubtful.erase(wish.clientId);
    m_store.place(wish, [this, wish, isRepeated, done](Outcome<Seat> outcome) {
        if (failedWith(outcome, Failure::Fenced) && !isRepeated) {
            m_projects[wish.projectId].gate.lose();
            place(wish, true, done);
        } else {
            end(wish, std::move(outcome), done);
        }
    });
}

void SeatKeeper::end(const SeatWish &wish, Outcome<Seat> outcome, const Done<Seat> &done)
{
    Project &project = m_projects[wish.projectId];
    --project.placing;
    if (const Seat *seat = std::get_if<Seat>(&outcome))
        project.seats.insert_or_assign(wish.clientId, *seat);
    else if (failedWith(outcome, Failure::Unavailable))
        project.doubtful.try_emplace(wish.clientId); // it may have been taken all the same
    done(std::move(outcome));
    forgetIfIdle(wish.projectId);
}

void SeatKeeper::release(const std::string &projectId, const std::string &clientId,
                         Done<Nothing> done)
{
    Project &project = m_projects[projectId];
    project.seats.erase(clientId);
    project.doubtful.insert_or_assign(clientId, TimePoint());
    giveBack(projectId, clientId, done);
}

void SeatKeeper::forget(const std::string &projectId, const std::string &clientId, TimePoint end)
{
    if (const auto project = m_projects.find(projectId); project != m_projects.end()) {
        if (project->second.seats.erase(clientId) > 0)
            project->second.doubtful.insert_or_assign(clientId, end);
    }
}

void SeatKeeper::giveBack(const std::string &projectId, const std::string &clientId,
                          const Done<Nothing> &done)
{
    m_store.release(projectId, clientId,
                    [this, projectId, clientId, done](const Outcome<Nothing> &outcome) {
                        if (std::holds_alternative<Nothing>(outcome))
                            m_projects[projectId].doubtful.erase(clientId);
                        if (done)
                            done(outcome);
                        forgetIfIdle(projectId);
                    });
}

std::size_t SeatKeeper::renew(const std::function<void(bool)> &renewed)
{
    const TimePoint now = m_store.now();
    const std::size_t count = m_projects.size();
    for (auto &[id, project] : m_projects) {
        for (const auto &[clientId, end] : project.doubtful) {
            if (end <= now)
                giveBack(id, clientId, {});
        }
        m_store.keepSeats(id, [this, projectId = id, renewed](const Outcome<Renewal> &outcome) {
            const Renewal *renewal = std::get_if<Renewal>(&outcome);
            if (renewal)
                takeRenewal(projectId, *renewal);
            renewed(renewal != nullptr);
        });
    }
    return count;
}

void SeatKeeper::enter(const std::string &projectId)
{
    m_store.keepSeats(projectId, [this, projectId](const Outcome<Renewal> &outcome) {
        if (const Renewal *renewal = std::get_if<Renewal>(&outcome))
            takeRenewal(projectId, *renewal);
        else
            m_projects[projectId].gate.refuse();
    });
}

void SeatKeeper::takeRenewal(const std::string &projectId, const Renewal &renewal)
{
    const auto found = m_projects.find(projectId);
    if (found == m_projects.end())
        return;
    Project &project = found->second;
    if (project.gate.isOther(renewal.lease)) {
        m_reclaims -= project.toReclaim.size();
        project.toReclaim.clear();
        for (const auto &[clientId, seat] : project.seats)
            project.toReclaim.push_back(clientId);
        m_reclaims += project.toReclaim.size();
    }
    reclaimMore(projectId);
    project.gate.admit(renewal.lease);
}

void SeatKeeper::reclaimMore(const std::string &projectId)
{
    Project &project = m_projects[projectId];
    while (!project.toReclaim.empty() && project.reclaims < ReclaimsAtOnce) {
        const std::string clientId = project.toReclaim.front();
        project.toReclaim.pop_front();
        const auto seat = project.seats.find(clientId);
        if (seat == project.seats.end()) {
            --m_reclaims; // it was given back meanwhile
            continue;
        }
        ++project.reclaims;
        const StreamId &shard = seat->second.shard;
        m_store.place({projectId, clientId, shard.shardName, seat->second.limit, false},
                      [this, projectId, clientId](const Outcome<Seat> &outcome) {
                          reclaimed(projectId, clientId, outcome);
                      });
    }
}

void SeatKeeper::reclaimed(const std::string &projectId, const std::string &clientId,
                           const Outcome<Seat> &outcome)
{
    Project &project = m_projects[projectId];
    --project.reclaims;
    const auto seat = project.seats.find(clientId);
    const bool isLost =
        failedWith(outcome, Failure::ShardFull) || failedWith(outcome, Failure::Superseded);
    if (seat == project.seats.end()) {
        --m_reclaims;
        project.doubtful.try_emplace(clientId); // it was given back, or forgotten, meanwhile
    } else if (isLost) {
        --m_reclaims;
        const Seat lost = seat->second;
        project.seats.erase(seat);
        m_lost(lost);
    } else if (std::holds_alternative<Seat>(outcome)) {
        --m_reclaims;
        seat->second = std::get<Seat>(outcome);
    } else {
        // Its turn comes again with the next renewal, or the next lease.
        project.toReclaim.push_back(clientId);
        if (failedWith(outcome, Failure::Fenced))
            project.gate.lose();
        return;
    }
    reclaimMore(projectId);
    forgetIfIdle(projectId);
}

void SeatKeeper::forgetIfIdle(const std::string &projectId)
{
    const auto found = m_projects.find(projectId);
    if (found == m_projects.end())
        return;
    const Project &project = found->second;
    if (project.seats.empty() && project.doubtful.empty() && project.reclaims == 0
        && project.toReclaim.empty() && project.placing == 0 && project.gate.isIdle())
        m_projects.erase(found);
}

std::size_t SeatKeeper::seatCount() const
{
    std::size_t count = 0;
    for (const auto &[id, project] : m_projects)
        count += project.seats.size();
    return count;
}

} // namespace Dispatch::Engine

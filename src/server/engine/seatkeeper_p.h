// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "leasegate_p.h"
#include "store_p.h"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>

namespace Dispatch::Engine {

/// The seats of one node: takes them, keeps their leases, gives back what nobody waits for any
/// more, and takes them again where the store has forgotten them. Lives on the store's thread.
class SeatKeeper {
public:
    using Lost = std::function<void(const Seat &)>;

    /// \a lost hears of seats that are somebody else's now.
    SeatKeeper(Store &store, Lost lost)
        : m_store(store)
        , m_lost(std::move(lost))
    {
    }

    void place(const SeatWish &wish, Done<Seat> done);
    void release(const std::string &projectId, const std::string &clientId, Done<Nothing> done);
    /// The seat is none of this node's any more. If the store still has it here, it goes back with
    /// the first renewal at \a end or behind it.
    void forget(const std::string &projectId, const std::string &clientId, TimePoint end);

    /// Renews all leases; \a renewed hears of each whether that was possible. How many there are is
    /// returned.
    std::size_t renew(const std::function<void(bool)> &renewed);
    /// Takes all seats again with the next renewals.
    void forgetLeases()
    {
        for (auto &[id, project] : m_projects)
            project.gate.forget();
    }
    bool isReclaiming() const { return m_reclaims > 0; }
    std::size_t seatCount() const;

private:
    /// Seats that are asked for again at the same time.
    static constexpr std::size_t ReclaimsAtOnce = 64;

    struct Project {
        LeaseGate gate;
        std::map<std::string, Seat> seats; // by client
        /// Clients whose seats have to be given back yet, and from when on.
        std::map<std::string, TimePoint> doubtful;
        std::deque<std::string> toReclaim;
        std::size_t reclaims = 0;
        std::size_t placing = 0;
    };

    void place(const SeatWish &wish, bool isRepeated, const Done<Seat> &done);
    void end(const SeatWish &wish, Outcome<Seat> outcome, const Done<Seat> &done);
    void enter(const std::string &projectId);
    void takeRenewal(const std::string &projectId, const Renewal &renewal);
    void giveBack(const std::string &projectId, const std::string &clientId,
                  const Done<Nothing> &done);
    void reclaimMore(const std::string &projectId);
    void reclaimed(const std::string &projectId, const std::string &clientId,
                   const Outcome<Seat> &outcome);
    void forgetIfIdle(const std::string &projectId);

    Store &m_store;
    const Lost m_lost;
    std::map<std::string, Project> m_projects;
    std::size_t m_reclaims = 0; // of all projects: waiting and on their way
};

} // namespace Dispatch::Engine

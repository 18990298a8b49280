// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "cluster_p.h"

#include <utility>

namespace Dispatch {

class Worker;

/// Hears what goes through the stream of one project: hands the events for recipients to all
/// workers, and does what each server has to do. Knows the project's bans as long as it hears.
class Cluster::ProjectEar final : public Engine::StreamListener,
                                  public std::enable_shared_from_this<ProjectEar> {
public:
    using Waiter = std::pair<boost::asio::any_io_executor, std::function<void()>>;

    ProjectEar(Cluster &cluster, Hub &hub, std::string projectId);

    /// Has \a waiter called when events are heard, and the bans are known.
    void await(Waiter waiter);

    void began(const Engine::Mark &top) override;
    void received(const Engine::Mark &last, const std::vector<Engine::Entry> &entries) override;
    void wasReset(const Engine::Mark &mark) override;
    void membersListed(const Engine::PresenceList &) override { }
    void memberChanged(const Engine::PresenceChange &) override { }

    bool hasBegun() const { return m_epoch != 0; }
    bool knowsBans() const { return m_knowsBans; }

    int uses = 0;

private:
    void lose(Worker &worker, const Engine::Mark &mark);
    void hear(std::uint64_t epoch, const Engine::Entry &entry);
    void readBans();
    void askForBans();
    void takeBans(const Engine::Outcome<Engine::PinList> &outcome);

    Cluster &m_cluster;
    Hub &m_hub;
    const std::string m_projectId;
    std::vector<Waiter> m_waiters;
    std::vector<std::pair<std::uint64_t, Engine::Entry>> m_held; // news of bans, by epoch
    std::uint64_t m_epoch = 0; // of the stream; 0: nothing is heard yet
    bool m_isReading = false; // the bans; what is heard of them meanwhile is held
    bool m_isReadAgain = false; // that is out of date already
    bool m_mayHaveForgotten = false; // the engine, what this server knows
    bool m_knowsBans = false;
};

} // namespace Dispatch

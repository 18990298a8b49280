// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "memorycluster_p.h"
#include "store_p.h"

#include <boost/asio/io_context.hpp>

#include <deque>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace Dispatch::Engine {

class MemoryStore;

/// A MemoryCluster with the stores of its nodes, on one thread and with a clock that goes on when
/// it is told. Can be as bad as a network.
class MemoryNetwork {
public:
    explicit MemoryNetwork(const Limits &limits)
        : m_limits(limits)
        , m_cluster(limits)
    {
    }

    /// Ends the calls whose time is over.
    void advance(Duration time);
    TimePoint now() const { return m_now; }
    const Limits &limits() const { return m_limits; }

    /// While it is paused nobody is answered; what is called meanwhile is done then, if it is not
    /// too late.
    void setPaused(bool isPaused);
    bool isPaused() const { return m_isPaused; }
    /// All that is subscribed misses what is said, until the next advance().
    void cutSubscriptions();
    /// All is lost, and another one is there, as the stores are told.
    void restart();
    /// What there is, to be put back.
    MemoryCluster snapshot() const { return m_cluster; }
    void restore(MemoryCluster cluster) { m_cluster = std::move(cluster); }

private:
    friend class MemoryStore;

    void say(const MemoryCluster::Notices &notices);

    const Limits m_limits;
    MemoryCluster m_cluster;
    TimePoint m_now{std::chrono::hours(1)};
    std::vector<MemoryStore *> m_stores;
    bool m_isPaused = false;
};

/// One node's way to what the nodes of a process share.
class MemoryStore final : public Store {
public:
    /// Both outlive it.
    MemoryStore(boost::asio::io_context &context, MemoryNetwork &network);
    ~MemoryStore() override;

    boost::asio::any_io_executor executor() const override;
    TimePoint now() const override { return m_network.now(); }
    const std::string &nodeId() const override { return m_nodeId; }
    const Limits &limits() const override { return m_network.limits(); }

    void open(Sink &sink) override;
    void close() override;

    void place(const SeatWish &wish, Done<Seat> done) override;
    void release(const std::string &projectId, const std::string &clientId,
                 Done<Nothing> done) override;
    void keepSeats(const std::string &projectId, Done<Renewal> done) override;
    void occupancy(const std::string &projectId, Done<std::vector<Occupancy>> done) override;
    void nodes(const std::string &projectId, Done<std::vector<std::string>> done) override;
    void locate(const std::string &projectId, const std::string &clientId,
                Done<StreamId> done) override;

    void publish(const Emission &emission, Done<Published> done) override;
    void read(const ReadWish &wish, Done<Page> done) override;
    void subscribe(const StreamId &stream) override;
    void unsubscribe(const StreamId &stream) override;

    void pin(const Emission &emission, const Pin &pin, std::size_t most,
             Done<Pinned> done) override;
    void pins(const std::string &projectId, const Mark &seen, Done<PinList> done) override;

    void state(const StreamId &shard, const Mark &seen, Done<StateList> done) override;

    void setMember(const StreamId &shard, const Member &member, bool takesOver,
                   Done<Nothing> done) override;
    void removeMember(const StreamId &shard, const std::string &clientId,
                      Done<Nothing> done) override;
    void members(const StreamId &shard, Done<PresenceList> done) override;
    void keepMembers(const StreamId &shard, Done<Renewal> done) override;

    void createSession(const Session &session, const std::string &secret,
                       Done<Nothing> done) override;
    void claimSession(const std::string &shown, const std::string &next,
                      Done<Session> done) override;
    void updateSession(const Session &session, const std::string &secret, bool isConfirmed,
                       Done<Nothing> done) override;
    void restoreSession(const Session &session, const std::string &secret,
                        const std::string &previous, Done<Nothing> done) override;
    void endSession(const std::string &clientId, std::uint64_t generation,
                    const std::string &secret, Done<Nothing> done) override;

    void tell(const std::string &nodeId, const std::string &message, Done<Nothing> done) override;

private:
    friend class MemoryNetwork;
    using Notices = MemoryCluster::Notices;

    struct Call {
        TimePoint deadline;
        std::function<void()> perform;
        std::function<void(Failure)> fail;
    };

    /// Has \a step done with the cluster, in its turn, and its outcome told.
    template<class T, class Step>
    void call(Done<T> done, Step step, milliseconds limit = {});
    void later(std::function<void()> task);
    void work();
    void expire();
    void hear(const MemoryCluster::Notice &notice);
    void resubscribe();

    boost::asio::io_context &m_context;
    MemoryNetwork &m_network;
    const std::string m_nodeId;
    Sink *m_sink = nullptr;
    std::deque<Call> m_calls;
    std::set<StreamId> m_wished;
    std::set<StreamId> m_subscribed;
    bool m_hears = true; // what other nodes tell
    std::shared_ptr<bool> m_isOpen = std::make_shared<bool>(false);
};

} // namespace Dispatch::Engine

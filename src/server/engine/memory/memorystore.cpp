// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "memorystore_p.h"

#include "names_p.h"
#include "streamposition_p.h"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <type_traits>
#include <utility>

namespace Dispatch::Engine {

void MemoryNetwork::advance(Duration time)
{
    m_now += time;
    for (MemoryStore *store : m_stores) {
        store->expire();
        store->resubscribe();
    }
}

void MemoryNetwork::setPaused(bool isPaused)
{
    m_isPaused = isPaused;
    for (MemoryStore *store : m_stores)
        store->work();
}

void MemoryNetwork::cutSubscriptions()
{
    for (MemoryStore *store : m_stores) {
        store->m_subscribed.clear();
        store->m_hears = false;
    }
}

void MemoryNetwork::restart()
{
    cutSubscriptions();
    m_cluster = MemoryCluster(m_limits);
    for (MemoryStore *store : m_stores)
        store->later([store] { store->m_sink->reached(true); });
}

void MemoryNetwork::say(const MemoryCluster::Notices &notices)
{
    for (const MemoryCluster::Notice &notice : notices) {
        for (MemoryStore *store : m_stores)
            store->hear(notice);
    }
}

MemoryStore::MemoryStore(boost::asio::io_context &context, MemoryNetwork &network)
    : m_context(context)
    , m_network(network)
    , m_nodeId(epochText(randomNumber()))
{
    m_network.m_stores.push_back(this);
}

MemoryStore::~MemoryStore()
{
    close();
    std::erase(m_network.m_stores, this);
}

boost::asio::any_io_executor MemoryStore::executor() const
{
    return m_context.get_executor();
}

void MemoryStore::open(Sink &sink)
{
    m_sink = &sink;
    *m_isOpen = true;
    later([this] { m_sink->reached(true); });
}

void MemoryStore::close()
{
    *m_isOpen = false;
    for (const Call &call : std::exchange(m_calls, {}))
        boost::asio::post(m_context, [fail = call.fail] { fail(Failure::Unavailable); });
    m_wished.clear();
    m_subscribed.clear();
}

void MemoryStore::later(std::function<void()> task)
{
    boost::asio::post(m_context, [isOpen = m_isOpen, task = std::move(task)] {
        if (*isOpen)
            task();
    });
}

template<class T, class Step>
void MemoryStore::call(Done<T> done, Step step, milliseconds limit)
{
    const bool isFull = m_calls.size() >= mostCalls(limits());
    if (!*m_isOpen || isFull) {
        const Failure why = isFull ? Failure::Busy : Failure::Unavailable;
        boost::asio::post(m_context, [done = std::move(done), why] { done(why); });
        return;
    }
    const auto perform = [this, done, step = std::move(step)] {
        Notices notices;
        Outcome<T> outcome = step(m_network.m_cluster, notices);
        m_network.say(notices);
        done(std::move(outcome));
    };
    m_calls.push_back({now() + (limit.count() > 0 ? limit : limits().callTime), perform,
                       [done](Failure why) { done(why); }});
    later([this] { work(); });
}

void MemoryStore::work()
{
    while (!m_network.isPaused() && !m_calls.empty()) {
        const Call call = std::move(m_calls.front());
        m_calls.pop_front();
        call.perform();
    }
}

void MemoryStore::expire()
{
    std::vector<Call> late;
    for (auto it = m_calls.begin(); it != m_calls.end();) {
        if (it->deadline <= now()) {
            late.push_back(std::move(*it));
            it = m_calls.erase(it);
        } else {
            ++it;
        }
    }
    for (const Call &call : late)
        call.fail(Failure::Unavailable);
}

void MemoryStore::hear(const MemoryCluster::Notice &notice)
{
    if (!m_subscribed.contains(notice.stream))
        return;
    later([this, notice] {
        if (!m_subscribed.contains(notice.stream))
            return;
        switch (notice.kind) {
        case MemoryCluster::Notice::Kind::Event:
            return m_sink->arrived(notice.stream, notice.mark, notice.data);
        case MemoryCluster::Notice::Kind::Rebirth:
            return m_sink->reborn(notice.stream, notice.mark.epoch);
        case MemoryCluster::Notice::Kind::Members:
            return m_sink->membersChanged(notice.stream, notice.change);
        }
    });
}

void MemoryStore::resubscribe()
{
    if (m_network.isPaused())
        return;
    if (!std::exchange(m_hears, true))
        later([this] { m_sink->hearsAgain(); });
    for (const StreamId &stream : m_wished) {
        if (m_subscribed.insert(stream).second) {
            later([this, stream] {
                if (m_subscribed.contains(stream))
                    m_sink->subscribed(stream);
            });
        }
    }
}

void MemoryStore::place(const SeatWish &wish, Done<Seat> done)
{
    call(std::move(done), [this, wish](MemoryCluster &cluster, Notices &) {
        return cluster.place(now(), m_nodeId, wish);
    });
}

void MemoryStore::release(const std::string &projectId, const std::string &clientId,
                          Done<Nothing> done)
{
    call(std::move(done), [this, projectId, clientId](MemoryCluster &cluster, Notices &) {
        return cluster.release(now(), m_nodeId, projectId, clientId);
    });
}

void MemoryStore::keepSeats(const std::string &projectId, Done<Renewal> done)
{
    call(std::move(done), [this, projectId](MemoryCluster &cluster, Notices &) {
        return cluster.keepSeats(now(), m_nodeId, projectId);
    });
}

void MemoryStore::occupancy(const std::string &projectId, Done<std::vector<Occupancy>> done)
{
    call(std::move(done), [this, projectId](MemoryCluster &cluster, Notices &) {
        return cluster.occupancy(now(), projectId);
    });
}

void MemoryStore::nodes(const std::string &projectId, Done<std::vector<std::string>> done)
{
    call(std::move(done), [this, projectId](MemoryCluster &cluster, Notices &) {
        return cluster.nodes(now(), projectId);
    });
}

void MemoryStore::locate(const std::string &projectId, const std::string &clientId,
                         Done<StreamId> done)
{
    call(std::move(done), [this, projectId, clientId](MemoryCluster &cluster, Notices &) {
        return cluster.locate(now(), projectId, clientId);
    });
}

void MemoryStore::publish(const Emission &emission, Done<Published> done)
{
    call(
        std::move(done),
        [this, emission](MemoryCluster &cluster, Notices &notices) {
            return cluster.publish(now(), emission, notices);
        },
        emission.limit);
}

void MemoryStore::read(const ReadWish &wish, Done<Page> done)
{
    call(std::move(done),
         [wish](MemoryCluster &cluster, Notices &notices) { return cluster.read(wish, notices); });
}

void MemoryStore::subscribe(const StreamId &stream)
{
    m_wished.insert(stream);
    later([this] { resubscribe(); });
}

void MemoryStore::unsubscribe(const StreamId &stream)
{
    m_wished.erase(stream);
    m_subscribed.erase(stream);
}

void MemoryStore::pin(const Emission &emission, const Pin &pin, std::size_t most, Done<Pinned> done)
{
    call(std::move(done), [this, emission, pin, most](MemoryCluster &cluster, Notices &notices) {
        return cluster.pin(now(), emission, pin, most, notices);
    });
}

void MemoryStore::pins(const std::string &projectId, const Mark &seen, Done<PinList> done)
{
    call(std::move(done), [this, projectId, seen](MemoryCluster &cluster, Notices &notices) {
        return cluster.pins(now(), projectId, seen, notices);
    });
}

void MemoryStore::state(const StreamId &shard, const Mark &seen, Done<StateList> done)
{
    call(std::move(done), [this, shard, seen](MemoryCluster &cluster, Notices &notices) {
        return cluster.state(now(), shard, seen, notices);
    });
}

void MemoryStore::setMember(const StreamId &shard, const Member &member, bool takesOver,
                            Done<Nothing> done)
{
    call(std::move(done),
         [this, shard, member, takesOver](MemoryCluster &cluster, Notices &notices) {
             return cluster.setMember(now(), m_nodeId, shard, member, takesOver, notices);
         });
}

void MemoryStore::removeMember(const StreamId &shard, const std::string &clientId,
                               Done<Nothing> done)
{
    call(std::move(done), [this, shard, clientId](MemoryCluster &cluster, Notices &notices) {
        return cluster.removeMember(now(), m_nodeId, shard, clientId, notices);
    });
}

void MemoryStore::members(const StreamId &shard, Done<PresenceList> done)
{
    call(std::move(done), [this, shard](MemoryCluster &cluster, Notices &notices) {
        return cluster.members(now(), shard, notices);
    });
}

void MemoryStore::keepMembers(const StreamId &shard, Done<Renewal> done)
{
    call(std::move(done), [this, shard](MemoryCluster &cluster, Notices &notices) {
        return cluster.keepMembers(now(), m_nodeId, shard, notices);
    });
}

void MemoryStore::createSession(const Session &session, const std::string &secret,
                                Done<Nothing> done)
{
    call(std::move(done), [this, session, secret](MemoryCluster &cluster, Notices &) {
        return cluster.createSession(m_nodeId, session, secret);
    });
}

void MemoryStore::claimSession(const std::string &shown, const std::string &next,
                               Done<Session> done)
{
    call(std::move(done), [this, shown, next](MemoryCluster &cluster, Notices &) {
        return cluster.claimSession(m_nodeId, shown, next);
    });
}

void MemoryStore::updateSession(const Session &session, const std::string &, bool isConfirmed,
                                Done<Nothing> done)
{
    call(std::move(done), [session, isConfirmed](MemoryCluster &cluster, Notices &) {
        return cluster.updateSession(session, isConfirmed);
    });
}

void MemoryStore::restoreSession(const Session &session, const std::string &secret,
                                 const std::string &previous, Done<Nothing> done)
{
    call(std::move(done), [this, session, secret, previous](MemoryCluster &cluster, Notices &) {
        return cluster.restoreSession(m_nodeId, session, secret, previous);
    });
}

void MemoryStore::endSession(const std::string &clientId, std::uint64_t generation,
                             const std::string &, Done<Nothing> done)
{
    call(std::move(done), [clientId, generation](MemoryCluster &cluster, Notices &) {
        return cluster.endSession(clientId, generation);
    });
}

void MemoryStore::tell(const std::string &nodeId, const std::string &message, Done<Nothing> done)
{
    call(std::move(done), [this, nodeId, message](MemoryCluster &, Notices &) {
        for (MemoryStore *store : m_network.m_stores) {
            if (store->m_nodeId == nodeId && store->m_hears)
                store->later([store, message] { store->m_sink->told(message); });
        }
        return Nothing();
    });
}

} // namespace Dispatch::Engine

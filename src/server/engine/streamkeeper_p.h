// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "figures_p.h"
#include "leasegate_p.h"
#include "memberlist_p.h"
#include "store_p.h"
#include "streamcursor_p.h"
#include "streamlistener_p.h"

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

namespace Dispatch::Engine {

/// The streams that one node listens to, and its members of their shards. Lives on the store's
/// thread.
class StreamKeeper {
public:
    struct Audience {
        boost::asio::any_io_executor executor;
        std::shared_ptr<StreamListener> listener;
    };

    /// Members are set again where \a mayRestore allows it: not before it is known who has a seat
    /// still, as others would see more people than there are seats.
    StreamKeeper(Store &store, NodeCounters &counters, std::function<bool()> mayRestore)
        : m_store(store)
        , m_counters(counters)
        , m_mayRestore(std::move(mayRestore))
    {
    }

    void subscribe(const StreamId &id, Audience audience);
    void unsubscribe(const StreamId &id);
    void publish(Emission emission, Done<Published> done);
    void read(ReadWish wish, Done<Page> done);
    void pin(Emission emission, const Pin &pin, std::size_t most, Done<Pinned> done);
    void pins(const std::string &projectId, Done<PinList> done);
    void state(const StreamId &shard, Done<StateList> done);
    void setMember(const StreamId &shard, const Member &member, bool takesOver, Done<Nothing> done);
    void removeMember(const StreamId &shard, const std::string &clientId, Done<Nothing> done);

    /// The client is no member of this node's any more. What the store still has of it here is
    /// removed with the first renewal at \a end or behind it.
    void forget(const StreamId &shard, const std::string &clientId, TimePoint end);

    /// Renews the leases of all shards that this node has members in; as with SeatKeeper.
    std::size_t renew(const std::function<void(bool)> &renewed);
    /// Sets the members again of shards whose lease is another one, if it may by now.
    void restore();
    /// Sets all members again with the next renewals.
    void forgetLeases()
    {
        for (auto &[id, members] : m_members)
            members.gate.forget();
    }
    /// Asks again for what could not be read.
    void retry();

    std::size_t streamCount() const { return m_streams.size(); }
    std::size_t memberCount() const;

    // What the store says.
    void subscribed(const StreamId &id);
    void arrived(const StreamId &id, const Mark &mark, std::string data);
    void reborn(const StreamId &id, std::uint64_t epoch);
    void membersChanged(const StreamId &id, PresenceChange change);

private:
    struct Stream {
        Stream(std::size_t mostHeldBack, Audience hearers)
            : audience(std::move(hearers))
            , cursor(mostHeldBack)
            , list(mostHeldBack)
        {
        }

        Audience audience;
        StreamCursor cursor;
        MemberList list;
        bool hasBegun = false;
    };
    struct Own {
        std::string data;
        bool takesOver = false; ///< from another node, and has not done so yet
    };
    struct Members {
        LeaseGate gate;
        std::map<std::string, Own> own; // by client
        std::map<std::string, TimePoint> leaving; // clients to be removed yet, and from when on
    };

    template<class F>
    static void tell(const Stream &stream, F f);
    void take(const StreamId &id, Stream &stream, StreamCursor::Step step);
    void readOn(const StreamId &id);
    void take(const StreamId &id, const Stream &stream, MemberList::Step step);
    void listOn(const StreamId &id);
    void note(const StreamId &id, const Mark &mark);
    Mark seen(const StreamId &id) const;

    /// Sends what there is of an own member.
    void sendMember(const StreamId &shard, const std::string &clientId, const Done<Nothing> &done);
    void enter(const StreamId &shard);
    void takeRenewal(const StreamId &shard, const Renewal &renewal);
    void sendRemoval(const StreamId &shard, const std::string &clientId, const Done<Nothing> &done);
    Own *findOwn(const StreamId &shard, const std::string &clientId);
    void noteFailure(const StreamId &shard, const std::string &clientId, Failure failure);
    void forgetIfIdle(const StreamId &shard);

    Store &m_store;
    NodeCounters &m_counters;
    const std::function<bool()> m_mayRestore;
    std::map<StreamId, std::shared_ptr<Stream>> m_streams;
    std::map<StreamId, Mark> m_seen; // the furthest that is known of those in m_streams
    std::map<StreamId, Members> m_members;
    std::set<StreamId> m_toRestore;
    std::set<StreamId> m_unread;
    std::set<StreamId> m_unlisted;
};

} // namespace Dispatch::Engine

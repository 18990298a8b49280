// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "figures_p.h"
#include "store_p.h"
#include "streamlistener_p.h"

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace Dispatch::Engine {

/// Hears what happens to a node, on the store's thread.
class NodeListener {
public:
    virtual ~NodeListener() = default;
    virtual void reached() = 0;
    virtual void lost(std::string_view why) = 0;
    virtual void complained(std::string_view why) = 0;
    /// Another node could not be kept from taking this one's seat: the client has to go.
    virtual void seatLost(const Seat &seat) = 0;
    /// Another node has the session, which comes as this one knew it: the client's connection here
    /// has to go.
    virtual void sessionTaken(const Session &session) = 0;
    /// Another node's caller says something to this one; see Node::tell().
    virtual void addressed(const std::string &message) = 0;
    /// The node's leases have lapsed: nothing is to be delivered until all of them are there again.
    /// What was lost meanwhile is told before that.
    virtual void fenced() = 0;
    virtual void unfenced() = 0;
};

/// Where the end of a call is told. Without done nobody waits for it: what has to be repeated, the
/// node repeats by itself.
template<class T>
struct Reply {
    boost::asio::any_io_executor executor = {};
    Done<T> done = {};
};

/// One server's part in what all nodes share. Its functions may be called on any thread, and none
/// of them waits; each reply comes, once, on its executor. What a store guarantees holds for the
/// functions of the same name; what is different:
///
/// - Limits::outstanding bounds the calls that have not ended, wherever they are; one more is Busy,
///   unless it is release(), removeMember(), setMember(), or about a session.
/// - Leases are taken and renewed by themselves. A seat, a member or a session is kept until it is
///   given back, and is taken again if the store has lost it.
/// - A seat whose place() was not answered in time is given back as soon as that is possible.
/// - While the node is fenced, it places and publishes nothing.
class Node {
public:
    /// The node calls \a store on its thread alone. tick() has to be called there, some times a
    /// beat.
    Node(std::unique_ptr<Store> store, std::shared_ptr<NodeListener> listener);
    /// On the store's thread, or when that has ended. To the others the node has died.
    ~Node();

    void open();
    /// Ends all calls. Nothing is given back.
    void close();
    void tick();

    const std::string &id() const;
    const Limits &limits() const;
    /// Whether others leave this node what it has. Exact at any time, also after the process was
    /// stopped for a while: to be asked before something is delivered. False until the store was
    /// reached.
    bool holdsLease() const;

    Figures figures() const;

    void place(SeatWish wish, Reply<Seat> reply);
    void release(std::string projectId, std::string clientId, Reply<Nothing> reply);
    void occupancy(std::string projectId, Reply<std::vector<Occupancy>> reply);
    void nodes(std::string projectId, Reply<std::vector<std::string>> reply);
    void locate(std::string projectId, std::string clientId, Reply<StreamId> reply);

    /// What this node has seen of the stream is filled in.
    void publish(Emission emission, Reply<Published> reply);
    /// To be merged with what a listener has heard since it was asked for.
    void read(ReadWish wish, Reply<Page> reply);
    /// What this node has seen of the stream is filled in.
    void pin(Emission emission, Pin pin, std::size_t most, Reply<Pinned> reply);
    void pins(std::string projectId, Reply<PinList> reply);
    /// To be merged with what a listener has heard since it was asked for.
    void state(StreamId shard, Reply<StateList> reply);
    /// One listener for each stream; it is held.
    void subscribe(StreamId stream, boost::asio::any_io_executor executor,
                   std::shared_ptr<StreamListener> listener);
    void unsubscribe(StreamId stream);

    void setMember(StreamId shard, Member member, bool takesOver, Reply<Nothing> reply);
    void removeMember(StreamId shard, std::string clientId, Reply<Nothing> reply);
    void members(StreamId shard, Reply<PresenceList> reply);

    void createSession(Session session, std::string secret, Reply<Nothing> reply);
    void claimSession(std::string shown, std::string next, Reply<Session> reply);
    /// Of \a session the client id and what may change count.
    void updateSession(Session session, bool isConfirmed, Reply<Nothing> reply);
    void endSession(std::string clientId, Reply<Nothing> reply);

    /// Its listener is addressed(), at most once.
    void tell(std::string nodeId, std::string message, Reply<Nothing> reply);

private:
    class Private;
    /// Calls that give back, or that the node repeats by itself, are not bounded: as many as there
    /// are clients.
    enum class Bound { Outstanding, None };
    template<class T, class Step>
    void run(Reply<T> reply, Step step, Bound bound = Bound::Outstanding);

    const std::shared_ptr<Private> d;
};

} // namespace Dispatch::Engine

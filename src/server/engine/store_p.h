// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "enginetypes_p.h"

#include <boost/asio/any_io_executor.hpp>

#include <string_view>

namespace Dispatch::Engine {

/// What all nodes share, as one node reaches it. The same suite of tests runs on each store.
///
/// Everything happens on executor(): calls are made there, answers and the sink's functions come
/// there, never within the call. No call waits; each ends within its time limit, also if the store
/// is not there, paused, or slow. At most mostCalls() have not ended; one more is Busy.
///
/// - Atomic: each call is done as a whole or not at all, and no other call of any node sees a part
///   of it.
/// - Ordered: calls of one node are done in the order in which they were made, until one ends as
///   Unavailable; those behind it may have been done before it is repeated.
/// - Idempotent: each call can be repeated with the same arguments, and has the effect of one,
///   unless it is said below.
/// - What ends as Unavailable was done before its limit, or never will be.
class Store {
public:
    class Sink {
    public:
        virtual ~Sink() = default;
        /// The store answers, or does not (told once, also at the beginning); \a why is for the
        /// log. If it \a isOther than before, it may have forgotten anything, also what a lease was
        /// for that it still has.
        virtual void reached(bool isOther) = 0;
        virtual void lost(std::string_view why) = 0;
        /// A call was rejected; \a why is for the operator.
        virtual void complained(std::string_view why) = 0;
        /// What the scripts of all nodes have cost the store since it was started, if it says so.
        virtual void measured(std::int64_t scriptCalls, std::int64_t microseconds) = 0;
        /// From now on the stream's events come live: what was before has to be read. Comes again
        /// whenever some may have been missed.
        virtual void subscribed(const StreamId &stream) = 0;
        /// An event, in order, but perhaps not the one behind the last, if a subscription was lost.
        virtual void arrived(const StreamId &stream, const Mark &mark, std::string data) = 0;
        /// The life \a epoch of the stream begins.
        virtual void reborn(const StreamId &stream, std::uint64_t epoch) = 0;
        virtual void membersChanged(const StreamId &shard, PresenceChange change) = 0;
        /// Another node says something to this one; see tell().
        virtual void told(std::string message) = 0;
        /// From now on this node is told; what others said while it was not is lost.
        virtual void hearsAgain() = 0;
    };

    virtual ~Store() = default;

    virtual boost::asio::any_io_executor executor() const = 0;
    virtual TimePoint now() const = 0;
    /// Names this node, and no other one ever.
    virtual const std::string &nodeId() const = 0;
    virtual const Limits &limits() const = 0;

    /// Begins to reach the store. \a sink has to be there until close().
    virtual void open(Sink &sink) = 0;
    /// Ends calls that have not ended as Unavailable, later. Nothing is given back: to the others
    /// this node has died.
    virtual void close() = 0;

    // Seats. One lease of the node covers all its seats of a project.

    /// Takes a seat, exactly: no shard ever has more clients than its limit, whoever asks at the
    /// same time. Without a name, the fullest shard of the project that has room under its own
    /// limit and that of the wish; if there is none, a new one. With a name that shard, made if it
    /// is not there, or ShardFull. A shard keeps the limit of the one who opened it. If the client
    /// has a seat already, it is that one, whatever is wished; Superseded if another node has it
    /// and the wish does not take over. Fenced without a lease.
    virtual void place(const SeatWish &wish, Done<Seat> done) = 0;
    /// Gives a seat back, if it is this node's, and forgets the numbers of the client's emissions
    /// in the project's stream. The last one closes the shard.
    virtual void release(const std::string &projectId, const std::string &clientId,
                         Done<Nothing> done) = 0;
    /// Renews the node's lease, or takes one. Seats of nodes whose lease has lapsed are given back,
    /// each once: here, in place(), and in occupancy(); some hundreds in one call.
    virtual void keepSeats(const std::string &projectId, Done<Renewal> done) = 0;
    /// The shards of a project and how many seats are taken in them, by name.
    virtual void occupancy(const std::string &projectId, Done<std::vector<Occupancy>> done) = 0;
    /// The nodes that have seats of a project, in no order; not those whose lease has lapsed.
    virtual void nodes(const std::string &projectId, Done<std::vector<std::string>> done) = 0;
    /// The shard in which a client has a seat; no shard's name if it has none.
    virtual void locate(const std::string &projectId, const std::string &clientId,
                        Done<StreamId> done) = 0;

    // Streams.

    /// In one step: drops it if the client's number is not higher than the last one here; refuses
    /// it (EmitGap) if the one that it says it comes after is not the last one here; gives it the
    /// next number; puts it into the log, which is bounded; and sends it to all who subscribe. All
    /// get the events of a stream in the order of their numbers. Without a client it is not
    /// idempotent. If the store is empty or has fallen behind what any node knows, the stream
    /// begins a new life: never have two events the same epoch and number.
    /// With a change the state of the shard is changed in the same step; or nothing is done, also
    /// if it is repeated: StateFull, StateOwned, StateChanged.
    virtual void publish(const Emission &emission, Done<Published> done) = 0;
    /// All behind wish.from, if its epoch is that of the stream; if it is 0 the latest events; else
    /// all that there is. As with publish(), a stream that has fallen behind wish.seen begins anew.
    virtual void read(const ReadWish &wish, Done<Page> done) = 0;
    virtual void subscribe(const StreamId &stream) = 0;
    virtual void unsubscribe(const StreamId &stream) = 0;

    // Pins of a project. Those whose time is over are gone.

    /// In one step: pins \a pin up in the place of one of the same name, or takes that down; and
    /// publishes \a emission, of no client, which says so in the stream of the project.
    /// TooManyPins, and nothing is done, if there were more than \a most then. Repeated, it is
    /// published again.
    virtual void pin(const Emission &emission, const Pin &pin, std::size_t most,
                     Done<Pinned> done) = 0;
    /// All of them. \a seen as in Emission.
    virtual void pins(const std::string &projectId, const Mark &seen, Done<PinList> done) = 0;

    // The state of a shard: texts under keys, which emissions change.

    /// All of it. \a seen as in Emission. It is of one life of the shard's stream: another one
    /// begins without.
    virtual void state(const StreamId &shard, const Mark &seen, Done<StateList> done) = 0;

    // Presence. One lease of the node covers all its members of a shard.

    /// Adds or changes a member; without a change nobody is told. Superseded if another node has
    /// it, unless it is taken over. Fenced without a lease.
    virtual void setMember(const StreamId &shard, const Member &member, bool takesOver,
                           Done<Nothing> done) = 0;
    /// Removes a member, if it is this node's, and forgets the numbers of the client's emissions in
    /// the shard's stream: here, and with a seat, also those under its id with "~" behind it, which
    /// are its node's.
    virtual void removeMember(const StreamId &shard, const std::string &clientId,
                              Done<Nothing> done) = 0;
    virtual void members(const StreamId &shard, Done<PresenceList> done) = 0;
    /// Renews the node's lease, or takes one. Members of nodes whose lease has lapsed are removed:
    /// here, in setMember(), and in members().
    virtual void keepMembers(const StreamId &shard, Done<Renewal> done) = 0;

    // Sessions. Secrets are known by their hashes alone.

    virtual void createSession(const Session &session, const std::string &secret,
                               Done<Nothing> done) = 0;
    /// Makes this node the owner of the session of which \a shown is a secret, and \a next one,
    /// too. The newest claim wins: updates of older owners are Superseded. Repeated, it is a newer
    /// claim.
    virtual void claimSession(const std::string &shown, const std::string &next,
                              Done<Session> done) = 0;
    /// Writes what may change of a session, and renews it; \a isConfirmed: only the latest secret
    /// is good from now on.
    virtual void updateSession(const Session &session, const std::string &secret, bool isConfirmed,
                               Done<Nothing> done) = 0;
    /// Writes a session of this node's that the store may have lost, as it is now, with its
    /// secrets: \a secret, and the one before if that is still good. Superseded if another node has
    /// claimed it since.
    virtual void restoreSession(const Session &session, const std::string &secret,
                                const std::string &previous, Done<Nothing> done) = 0;
    virtual void endSession(const std::string &clientId, std::uint64_t generation,
                            const std::string &secret, Done<Nothing> done) = 0;

    /// Says something to another node; at most once, in no order with the rest.
    virtual void tell(const std::string &nodeId, const std::string &message,
                      Done<Nothing> done) = 0;
};

} // namespace Dispatch::Engine

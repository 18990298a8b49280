// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "node_p.h"

#include "seatkeeper_p.h"
#include "sessionkeeper_p.h"
#include "streamkeeper_p.h"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <atomic>
#include <utility>

namespace Dispatch::Engine {

namespace net = boost::asio;

namespace {

// What callers say to each other begins with it; no word about a session does.
constexpr char CallersMark = ' ';

} // namespace

class Node::Private final : public Store::Sink {
public:
    Private(std::unique_ptr<Store> itsStore, std::shared_ptr<NodeListener> itsListener)
        : store(std::move(itsStore))
        , listener(std::move(itsListener))
        , seats(*store, [this](const Seat &seat) { lose(seat); })
        , streams(*store, *counters, [this] { return !isFenced && !seats.isReclaiming(); })
        , sessions(*store, [this](const Session &session) { handOver(session); })
    {
    }

    void reached(bool isOther) override;
    void lost(std::string_view why) override
    {
        counters->isReached.set(0);
        listener->lost(why);
    }
    void complained(std::string_view why) override { listener->complained(why); }
    void measured(std::int64_t scriptCalls, std::int64_t microseconds) override
    {
        counters->scriptCalls.set(scriptCalls);
        counters->scriptMicroseconds.set(microseconds);
    }
    void subscribed(const StreamId &id) override { streams.subscribed(id); }
    void arrived(const StreamId &id, const Mark &mark, std::string data) override
    {
        streams.arrived(id, mark, std::move(data));
    }
    void reborn(const StreamId &id, std::uint64_t epoch) override { streams.reborn(id, epoch); }
    void membersChanged(const StreamId &id, PresenceChange change) override
    {
        streams.membersChanged(id, std::move(change));
    }
    void told(std::string message) override;
    void hearsAgain() override { sessions.restore(); }

    void tick();
    void beat();
    void checkLease();
    bool holdsLease() const;

    const std::unique_ptr<Store> store;
    const std::shared_ptr<NodeListener> listener;
    /// Calls may end when the node is not there any more.
    const std::shared_ptr<NodeCounters> counters = std::make_shared<NodeCounters>();
    SeatKeeper seats;
    StreamKeeper streams;
    SessionKeeper sessions;
    bool isFenced = false;

private:
    void lose(const Seat &seat);
    void handOver(const Session &session);

    /// All leases, renewed at one time.
    struct Round {
        TimePoint since;
        std::size_t left = 0;
        bool hasFailed = false;
    };

    void endRound(const Round &round);
    void setFenced(bool fenced);

    TimePoint m_nextBeat;
    std::atomic<Duration::rep> m_heldUntil{0};
};

void Node::Private::told(std::string message)
{
    if (message.starts_with(CallersMark))
        listener->addressed(message.substr(1));
    else
        sessions.told(message);
}

void Node::Private::reached(bool isOther)
{
    counters->isReached.set(1);
    counters->timesReached.add();
    listener->reached();
    if (isOther) {
        seats.forgetLeases();
        streams.forgetLeases();
        sessions.restore();
    }
    beat();
}

void Node::Private::tick()
{
    const TimePoint now = store->now();
    checkLease();
    streams.retry();
    sessions.renew();
    if (now >= m_nextBeat)
        beat();
}

void Node::Private::beat()
{
    m_nextBeat = store->now() + store->limits().beat;
    counters->streams.set(static_cast<std::int64_t>(streams.streamCount()));
    counters->seats.set(static_cast<std::int64_t>(seats.seatCount()));
    counters->members.set(static_cast<std::int64_t>(streams.memberCount()));
    counters->sessions.set(static_cast<std::int64_t>(sessions.count()));
    const auto round = std::make_shared<Round>(Round{store->now(), 0, false});
    const auto renewed = [this, round](bool isRenewed) {
        round->hasFailed |= !isRenewed;
        if (--round->left == 0)
            endRound(*round);
    };
    round->left = seats.renew(renewed) + streams.renew(renewed);
    if (round->left == 0)
        endRound(*round);
}

void Node::Private::lose(const Seat &seat)
{
    streams.forget(seat.shard, seat.clientId, store->now());
    listener->seatLost(seat);
}

void Node::Private::handOver(const Session &session)
{
    // The other node may not have it in hand yet. Removed before, seat and member would take the
    // numbers of the client's emissions along: they last as if this node had died.
    const TimePoint now = store->now();
    seats.forget(session.shard.projectId, session.clientId, now + seatLease(store->limits()));
    streams.forget(session.shard, session.clientId, now + store->limits().lease);
    listener->sessionTaken(session);
}

void Node::Private::endRound(const Round &round)
{
    if (round.hasFailed)
        return;
    checkLease(); // it may have lapsed since the last tick
    const TimePoint end = round.since + store->limits().lease;
    m_heldUntil = std::max(m_heldUntil.load(), end.time_since_epoch().count());
    checkLease();
}

void Node::Private::checkLease()
{
    const bool isHeld = holdsLease();
    if (!isHeld && !isFenced && m_heldUntil != 0) {
        setFenced(true);
        listener->fenced();
    } else if (isHeld && isFenced && !seats.isReclaiming()) {
        setFenced(false);
        listener->unfenced();
    }
    streams.restore();
}

void Node::Private::setFenced(bool fenced)
{
    isFenced = fenced;
    counters->isFenced.set(fenced ? 1 : 0);
}

bool Node::Private::holdsLease() const
{
    return store->now().time_since_epoch().count() < m_heldUntil.load(std::memory_order_relaxed);
}

Node::Node(std::unique_ptr<Store> store, std::shared_ptr<NodeListener> listener)
    : d(std::make_shared<Private>(std::move(store), std::move(listener)))
{
}

Node::~Node()
{
    d->store->close();
}

template<class T, class Step>
void Node::run(Reply<T> reply, Step step, Bound bound)
{
    const auto tell = [executor = std::move(reply.executor),
                       done = std::move(reply.done)](Outcome<T> outcome) {
        if (!done)
            return;
        net::post(executor,
                  [done, outcome = std::move(outcome)]() mutable { done(std::move(outcome)); });
    };
    const std::shared_ptr<NodeCounters> counters = d->counters;
    const auto most = static_cast<std::int64_t>(limits().outstanding);
    if (counters->outstanding.fetch_add(1) >= most && bound == Bound::Outstanding) {
        counters->outstanding.fetch_sub(1);
        counters->tooMany.fetch_add(1);
        return tell(Failure::Busy);
    }
    const auto done = [counters, tell, since = Clock::now()](Outcome<T> outcome) {
        counters->outstanding.fetch_sub(1);
        counters->callTimes.observe(Clock::now() - since);
        if (const Failure *why = std::get_if<Failure>(&outcome))
            counters->failed[static_cast<std::size_t>(*why)].add();
        else
            counters->succeeded.add();
        tell(std::move(outcome));
    };
    net::post(d->store->executor(),
              [d = d, step = std::move(step), done]() mutable { step(*d, Done<T>(done)); });
}

void Node::open()
{
    net::post(d->store->executor(), [d = d] { d->store->open(*d); });
}

void Node::close()
{
    net::post(d->store->executor(), [d = d] { d->store->close(); });
}

void Node::tick()
{
    d->tick();
}

const std::string &Node::id() const
{
    return d->store->nodeId();
}

const Limits &Node::limits() const
{
    return d->store->limits();
}

bool Node::holdsLease() const
{
    return d->holdsLease();
}

Figures Node::figures() const
{
    return figuresOf(*d->counters);
}

void Node::place(SeatWish wish, Reply<Seat> reply)
{
    run(std::move(reply), [wish = std::move(wish)](Private &p, Done<Seat> done) {
        if (p.isFenced)
            return done(Failure::Fenced);
        p.seats.place(wish, std::move(done));
    });
}

void Node::release(std::string projectId, std::string clientId, Reply<Nothing> reply)
{
    run(
        std::move(reply),
        [projectId = std::move(projectId), clientId = std::move(clientId)](Private &p,
                                                                           Done<Nothing> done) {
            p.seats.release(projectId, clientId, std::move(done));
        },
        Bound::None);
}

void Node::occupancy(std::string projectId, Reply<std::vector<Occupancy>> reply)
{
    run(std::move(reply),
        [projectId = std::move(projectId)](Private &p, Done<std::vector<Occupancy>> done) {
            p.store->occupancy(projectId, std::move(done));
        });
}

void Node::nodes(std::string projectId, Reply<std::vector<std::string>> reply)
{
    run(std::move(reply),
        [projectId = std::move(projectId)](Private &p, Done<std::vector<std::string>> done) {
            p.store->nodes(projectId, std::move(done));
        });
}

void Node::locate(std::string projectId, std::string clientId, Reply<StreamId> reply)
{
    run(std::move(reply),
        [projectId = std::move(projectId), clientId = std::move(clientId)](Private &p,
                                                                           Done<StreamId> done) {
            p.store->locate(projectId, clientId, std::move(done));
        });
}

void Node::publish(Emission emission, Reply<Published> reply)
{
    run(std::move(reply),
        [emission = std::move(emission)](Private &p, Done<Published> done) mutable {
            p.checkLease();
            if (p.isFenced)
                return done(Failure::Fenced);
            p.streams.publish(std::move(emission), std::move(done));
        });
}

void Node::read(ReadWish wish, Reply<Page> reply)
{
    run(std::move(reply), [wish = std::move(wish)](Private &p, Done<Page> done) mutable {
        p.streams.read(std::move(wish), std::move(done));
    });
}

void Node::pin(Emission emission, Pin pin, std::size_t most, Reply<Pinned> reply)
{
    run(std::move(reply),
        [emission = std::move(emission), pin = std::move(pin), most](Private &p,
                                                                     Done<Pinned> done) mutable {
            p.checkLease();
            if (p.isFenced)
                return done(Failure::Fenced);
            p.streams.pin(std::move(emission), pin, most, std::move(done));
        });
}

void Node::state(StreamId shard, Reply<StateList> reply)
{
    run(std::move(reply), [shard = std::move(shard)](Private &p, Done<StateList> done) {
        p.streams.state(shard, std::move(done));
    });
}

void Node::pins(std::string projectId, Reply<PinList> reply)
{
    run(std::move(reply), [projectId = std::move(projectId)](Private &p, Done<PinList> done) {
        p.streams.pins(projectId, std::move(done));
    });
}

void Node::subscribe(StreamId stream, net::any_io_executor executor,
                     std::shared_ptr<StreamListener> listener)
{
    net::post(d->store->executor(),
              [d = d, stream = std::move(stream),
               audience = StreamKeeper::Audience{std::move(executor), std::move(listener)}] {
                  d->streams.subscribe(stream, audience);
              });
}

void Node::unsubscribe(StreamId stream)
{
    net::post(d->store->executor(),
              [d = d, stream = std::move(stream)] { d->streams.unsubscribe(stream); });
}

void Node::setMember(StreamId shard, Member member, bool takesOver, Reply<Nothing> reply)
{
    run(
        std::move(reply),
        [shard = std::move(shard), member = std::move(member), takesOver](Private &p,
                                                                          Done<Nothing> done) {
            p.streams.setMember(shard, member, takesOver, std::move(done));
        },
        Bound::None);
}

void Node::removeMember(StreamId shard, std::string clientId, Reply<Nothing> reply)
{
    run(
        std::move(reply),
        [shard = std::move(shard), clientId = std::move(clientId)](Private &p, Done<Nothing> done) {
            p.streams.removeMember(shard, clientId, std::move(done));
        },
        Bound::None);
}

void Node::members(StreamId shard, Reply<PresenceList> reply)
{
    run(std::move(reply), [shard = std::move(shard)](Private &p, Done<PresenceList> done) {
        p.store->members(shard, std::move(done));
    });
}

void Node::createSession(Session session, std::string secret, Reply<Nothing> reply)
{
    run(
        std::move(reply),
        [session = std::move(session), secret = std::move(secret)](Private &p, Done<Nothing> done) {
            p.sessions.create(session, secret, std::move(done));
        },
        Bound::None);
}

void Node::claimSession(std::string shown, std::string next, Reply<Session> reply)
{
    run(std::move(reply),
        [shown = std::move(shown), next = std::move(next)](Private &p, Done<Session> done) {
            p.sessions.claim(shown, next, std::move(done));
        });
}

void Node::updateSession(Session session, bool isConfirmed, Reply<Nothing> reply)
{
    run(
        std::move(reply),
        [session = std::move(session), isConfirmed](Private &p, Done<Nothing> done) {
            p.sessions.update(session, isConfirmed, std::move(done));
        },
        Bound::None);
}

void Node::endSession(std::string clientId, Reply<Nothing> reply)
{
    run(
        std::move(reply),
        [clientId = std::move(clientId)](Private &p, Done<Nothing> done) {
            p.sessions.end(clientId, std::move(done));
        },
        Bound::None);
}

void Node::tell(std::string nodeId, std::string message, Reply<Nothing> reply)
{
    message.insert(0, 1, CallersMark);
    run(std::move(reply),
        [nodeId = std::move(nodeId), message = std::move(message)](Private &p, Done<Nothing> done) {
            p.store->tell(nodeId, message, std::move(done));
        });
}

} // namespace Dispatch::Engine

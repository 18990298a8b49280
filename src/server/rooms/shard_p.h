// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "awaitedmarks_p.h"
#include "distantpeople_p.h"
#include "enginetypes_p.h"
#include "event_p.h"
#include "outboundqueue_p.h"
#include "presence_p.h"
#include "replaylog_p.h"
#include "statemap_p.h"
#include "streamposition_p.h"
#include "traffic_p.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace Dispatch {

class Cluster;
class Connection;
class Worker;
struct StateItem;

/// A room. What is emitted to all of it in one loop turn is encoded once, into one buffer that
/// all members share. Once a member of the extended profile has joined, its events are numbered and
/// have their details.
class Shard {
public:
    Shard(Worker &worker, std::uint64_t id, std::shared_ptr<Traffic> traffic,
          Duration presenceInterval);
    ~Shard();

    std::uint64_t id() const { return m_id; }
    /// Nobody is here, and nobody is expected.
    bool isEmpty() const { return m_members.empty() && m_expected == 0; }
    /// So many more are on their way here, or fewer.
    void expect(int change) { m_expected += change; }
    std::size_t size() const { return m_members.size(); }
    Presence &presence() { return m_presence; }
    const std::vector<Connection *> &members() const { return m_members; }

    void join(Connection *connection);
    /// \a staysElsewhere: another server has the client, or will have it.
    void leave(Connection *connection, bool staysElsewhere = false);

    bool isNumbered() const { return m_numbering != nullptr; }
    /// The life of the shard, and its last event. Only of one that is numbered, as the next.
    StreamPosition position() const { return {m_numbering->epoch, m_numbering->seq, 0}; }
    /// The events that were sealed.
    const ReplayLog &log() const { return m_numbering->log; }
    /// So many more members are away, or fewer.
    void countAway(int change) { m_awayMembers += change; }

    /// All members by their ids, as JSON.
    std::string list(TimePoint now);

    /// Tells all members.
    void emitEvent(Event event);
    /// Tells all members one event, encoded already. Not for a shard that is numbered.
    void emitFrames(std::string_view frames);
    /// Hands the buffer of this turn to the members. To be called before anybody joins or leaves
    /// or gets something of his own, so that the order is the same for all.
    void seal();

    // The shared state (shard_state.cpp).

    /// Makes \a change, of which \a event tells the members of the extended profile; \a item is
    /// what it says. Or says why not. Only where the server is alone.
    std::optional<Refusal> changeState(const StateChange &change, const StateItem &item,
                                       Event event);
    /// All of it as of now, as JSON; empty while it is not known.
    std::string wholeState() const;

    /// To be called after a change in presence() that is no join and no leave.
    void presenceChanged();
    /// Tells the members who is there, if that is due at \a now, and seals.
    void finishTurn(TimePoint now);
    /// The time that was asked for by Worker::wakeLater() has come.
    void wake();

    // What servers share of it (shard_cluster.cpp).

    /// Is a part of the shard \a id of all servers from now on. It is ready when it knows what they
    /// know; then Worker::shardReady() is called.
    void link(Cluster &cluster, const Engine::StreamId &id);
    bool isReady() const { return !m_link || m_link->isReady; }
    /// Asks again for what was not answered.
    void retry();
    /// Whether the event at \a mark has been delivered here, or never will be: it was in another
    /// life.
    bool isPast(const Engine::Mark &mark) const;
    /// Has \a step done as soon as the event at \a mark has been delivered here, or was lost.
    void whenAt(const Engine::Mark &mark, AwaitedMarks::Step step);
    /// Delivers what came while others might have had the seats of this server.
    void deliverHeld();

private:
    class Ear;

    struct Numbering {
        std::uint64_t epoch = 0;
        std::uint64_t seq = 0; ///< of the last event
        ReplayLog log;
    };
    struct Removal {
        std::uint64_t seq = 0; ///< only if that set it
        bool ifOwnerIsGone = false;
        bool isAsked = false; ///< the answer is on its way
    };
    /// What it has to do with other servers.
    struct Link {
        Link(Cluster &itsCluster, Engine::StreamId id, Presence &presence)
            : cluster(itsCluster)
            , stream(std::move(id))
            , people(presence)
        {
        }

        Cluster &cluster;
        const Engine::StreamId stream;
        std::shared_ptr<Ear> ear;
        DistantPeople people;
        std::vector<Engine::Entry> held; ///< come before the log, or while there is no lease
        AwaitedMarks awaited;
        std::vector<Engine::Entry> changes; ///< of the state, that came while it was not known
        std::uint64_t stateSeq = 0; ///< of the event that the state was that of when it was read
        /// Keys that the engine has to remove, and has not yet; and of which event.
        std::map<std::string, Removal> removals;
        bool isStateKnown = false;
        bool hasMissedChanges = false; ///< more came than are kept
        bool hasMissed = false; ///< more came than can be held
        bool isReadFailed = false; ///< the log could not be read
        bool isStateReadFailed = false; ///< nor the state
        std::optional<TimePoint> retryAt; ///< what the engine did not answer of the state
        bool isListed = false;
        bool hasLog = false;
        bool hearsDirects = false; ///< events for recipients in the project
        bool isReady = false;
    };

    void began(const Engine::Mark &top);
    void readLog();
    void takeLog(const Engine::Outcome<Engine::Page> &outcome);
    void received(const std::vector<Engine::Entry> &entries);
    void hold(const Engine::Entry &entry);
    void wasReset(const Engine::Mark &mark);
    void listed(const Engine::PresenceList &list);
    void changed(const Engine::PresenceChange &change);
    void checkReady();
    void deliver(const Engine::Entry &entry);
    /// Does what waited for events up to the present one.
    void goOn();
    Engine::Mark here() const { return {m_numbering->epoch, m_numbering->seq}; }

    /// What is emitted from now on is for members of the extended profile alone, or for all.
    void openTurn(bool isForExtended);
    void append(const Event &event);
    void takeChange(const StateItem &item, const Event &event);
    void keepChange(const StateItem &item, const Event &event, milliseconds life);
    void expireState(TimePoint now);
    void removeState(const std::string &key, bool ifOwnerIsGone);
    void removeStateOf(const std::string &clientId);
    // Where servers share it.
    void deliverChange(const Engine::Entry &entry, const Event &event);
    void readState();
    void takeState(const Engine::Outcome<Engine::StateList> &outcome);
    void loseState(const Engine::Mark &mark);
    void removeOrphans();
    void askForRemoval(const std::string &key);
    void removalAnswered(const std::string &key, std::uint64_t seq,
                         const Engine::Outcome<Engine::Published> &outcome);
    void retryStateLater();
    void retryState();

    /// Has wake() called at \a when, if not before.
    void wakeAt(TimePoint when);
    void updateLastPings(TimePoint now);
    void announce(TimePoint now);
    void tellChanges(const PresenceChanges &changes, TimePoint now);
    /// Tells the members of one profile what is no event of the shard.
    void tell(bool areExtended, std::string_view name, std::string_view payload);
    void markDirty();

    Worker &m_worker;
    const std::uint64_t m_id;
    const std::shared_ptr<Traffic> m_traffic;
    Presence m_presence;
    std::vector<Connection *> m_members;
    std::size_t m_extendedMembers = 0;
    int m_awayMembers = 0;
    int m_expected = 0;
    std::unique_ptr<Numbering> m_numbering; // nothing until an extended member joins, if alone
    std::unique_ptr<Link> m_link; // nothing if the server is alone
    std::string m_turn;
    std::int64_t m_turnEvents = 0;
    bool m_isTurnForExtended = false;
    bool m_isDirty = false;
    std::optional<TimePoint> m_wake; // asked for at Worker::wakeLater()
    StateMap m_state;
};

} // namespace Dispatch

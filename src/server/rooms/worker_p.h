// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "addressbook_p.h"
#include "clientmessage_p.h"
#include "connection_p.h"
#include "dispatchserversettings.h"
#include "dispatchtokenverifier.h"
#include "drainschedule_p.h"
#include "enginetypes_p.h"
#include "loglimiter_p.h"
#include "loopturn_p.h"
#include "pulse_p.h"
#include "rates_p.h"
#include "roster_p.h"
#include "shard_p.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <vector>

namespace Dispatch {

class Cluster;
class Hub;
class SessionRegistry;
struct ClientInfo;
struct ClientPage;
struct ClientSelection;
struct DirectEvent;
struct Mailing;
struct ReplayBounds;
struct Waiting;

/// A thread with the shards that live on it and the sockets of their members. Shares nothing with
/// other workers; what they have for each other is posted.
class Worker {
public:
    using Recipients = std::shared_ptr<const std::vector<std::string>>;

    Worker(Hub &hub, const DispatchServerSettings &settings);
    /// Ends the thread at once, if it runs.
    ~Worker();

    // These may be called on any thread.
    void start();
    void reconfigure(const DispatchServerSettings &settings);
    void admit(std::shared_ptr<UpgradeRequest> request);
    /// Sends all clients elsewhere, one by one over \a time; \a phase is that of DrainSchedule.
    void drain(Duration time, double phase);
    /// Whether all have gone, with all that they still had to get. The thread goes on: others may
    /// have something for it.
    bool hasDrained() const { return m_hasDrained; }
    /// Tells all clients to come back later, and ends the thread within about a second.
    void close();
    void join();
    const Counters &counters() const { return m_turn.counters; }
    /// Beats with each turn of the loop, and at least as often as clients are swept.
    const Pulse &pulse() const { return m_pulse; }
    /// As of the latest sweep, at most a second ago.
    Waiting waiting() const;
    /// Calls \a step on the worker's thread.
    void call(std::function<void(Worker &)> step);
    bool hasRoom() const { return m_inboxBytes < MostInboxBytes && m_inboxPosts < MostInboxPosts; }
    /// Delivers \a mailing here.
    void post(std::shared_ptr<const Mailing> mailing);

    /// Has \a step called on this worker's thread; \a bytes is what it takes until then.
    void callWith(std::size_t bytes, std::function<void(Worker &)> step);

    // These may be called on the worker's thread only.
    LoopTurn &turn() { return m_turn; }
    const DispatchServerSettings &settings() const { return m_settings; }
    const Rates &rates() const { return m_rates; }
    /// The limits that the greeting tells, as a JSON object.
    const std::string &limitsForClients() const { return m_limitsForClients; }
    ClientMessageParser &parser() { return m_parser; }
    /// A copy of \a text that the parser can take; valid until the next call.
    std::string_view padded(std::string_view text);
    DispatchTokenVerdict verify(std::string_view token, std::string_view projectId) const;
    DispatchTokenVerdict verifyBackend(std::string_view token, std::string_view projectId) const;
    std::optional<std::string> banOf(std::string_view projectId, std::string_view userId,
                                     std::string_view address) const;
    /// Appends \a event as frames, with its details if that is wished.
    void appendEvent(std::string &out, const Event &event, bool withDetails);
    Chunk encoded(const Event &event, bool withDetails);

    /// Puts \a connection into the shard of its seat.
    void enter(Connection &connection);
    /// Has \a transport end by itself, whose client does not need it any more.
    void retire(std::shared_ptr<Transport> transport) { m_closing.push_back(std::move(transport)); }
    /// Whether all clients are being sent away.
    bool isEnding() const { return m_drain || m_isClosing; }
    SessionRegistry &sessions() const;
    AddressCounts &awayAddresses() const;
    /// What is kept of a shard's events, and of those for one client.
    ReplayBounds replayBounds() const;
    /// Removes \a connection at the end of the turn.
    void leaveLater(Connection &connection, std::string_view reason);
    /// Acknowledges at the end of the turn what \a connection emitted.
    void acknowledgeLater(Connection &connection) { m_toAcknowledge.push_back(&connection); }
    /// False if the user has too many connections; then nothing changes.
    bool changeUser(Connection &connection, const std::string &userId);
    /// Notes in the log that the server ended \a connection, and why.
    void logEnd(const Connection &connection, std::string_view reason);
    /// Sends \a event to the recipients, wherever they are in the project. False if another
    /// worker has too much to do already; then nobody gets anything.
    bool emitTo(const std::string &projectId, const Recipients &recipients, const Event &event);

    // For back ends (worker_backends.cpp).

    /// Delivers \a mailing here and has the other workers do so. False if one of them has too
    /// much to do already; then nobody gets it.
    bool publish(const std::shared_ptr<const Mailing> &mailing);
    ClientPage clientsOf(std::string_view projectId, std::string_view shardName,
                         std::string_view after, std::size_t limit);
    std::vector<ClientInfo> find(const ClientSelection &selection);
    /// Tells all whom \a selection names why they have to go, and closes; how many that are.
    int sendAway(const ClientSelection &selection, Refusal refusal, std::string_view detail);

    // For several servers (worker_cluster.cpp).

    /// Null if this server is alone.
    Cluster *cluster() const;
    boost::asio::any_io_executor executor() { return m_context.get_executor(); }
    Shard *shard(std::uint64_t id) const;
    /// Lets those in who waited for \a shard.
    void shardReady(Shard &shard);
    /// Up to where events for recipients in the project have been delivered here.
    Engine::Mark directMark(const std::string &projectId) const;
    void beginDirects(const std::string &projectId, const Engine::Mark &top);
    void deliverDirects(const std::string &projectId, std::uint64_t epoch,
                        const std::vector<Engine::Entry> &entries);
    /// Some were lost; it goes on behind \a mark.
    void loseDirects(const std::string &projectId, const Engine::Mark &mark);
    void endDirects(const std::string &projectId) { m_directMarks.erase(projectId); }
    /// Somebody else has the client's seat.
    void loseSeat(const std::string &projectId, const std::string &clientId);
    /// Another server has the client.
    void loseSession(const Engine::Session &session);
    /// \a connection is open again, of a client that another server had: it goes as all do, if they
    /// go.
    void cameBack(Connection &connection);
    /// This server may deliver again.
    void deliverHeld();

    void markDirty(Shard &shard) { m_dirtyShards.push_back(shard.id()); }
    /// Has Shard::wake() called; to be forgotten before the shard asks for another time, or ends.
    void wakeLater(const Shard &shard, TimePoint when);
    void forgetWake(const Shard &shard, TimePoint when);

private:
    // What other workers may have posted here and was not delivered yet.
    static constexpr std::size_t MostInboxBytes = 16 * 1024 * 1024;
    static constexpr std::size_t MostInboxPosts = 65'536;

    /// An event for some: encoded once for each profile, when the first one gets it.
    struct Letter {
        const Event &event;
        Chunk plain{};
        Chunk detailed{};
    };

    struct Leaver {
        Connection *connection;
        std::string reason;
    };
    struct Drain {
        explicit Drain(const DrainSchedule &timetable)
            : schedule(timetable)
        {
        }

        DrainSchedule schedule;
        std::optional<milliseconds> retryAfter; ///< what those who go are told
        std::deque<Connection *> waiting; ///< in their order; some have gone by themselves
        bool isTimed = false; ///< the timer runs for the first of them
    };

    /// Somebody who waits until the servers have told what has to be known of his shard, or of his
    /// project if he is a back end.
    struct Arrival {
        std::shared_ptr<Transport> transport;
        std::shared_ptr<UpgradeRequest> request;
        TimePoint since;
        std::vector<Engine::Entry> heard; ///< for recipients in the project, since he is adopted
        bool isAdopted = false; ///< what he missed is being read
        bool isRead = false; ///< ... and is there
        Engine::Mark directMark = {}; ///< how far it goes in the project's stream, ...
        Engine::Mark shardMark = {}; ///< ... and behind which events of the shard it belongs
        bool hasMissed = false; ///< some of what should have been heard was lost
    };

    void run();
    void applySettings();
    void take(const std::shared_ptr<Transport> &transport,
              const std::shared_ptr<UpgradeRequest> &request);
    void letIn(const std::shared_ptr<Transport> &transport, const UpgradeRequest &request);
    Shard &shardOf(const Placement::Seat &seat);
    void closeIfUnused(Shard &shard, const Placement::Seat &seat);
    void resume(const std::shared_ptr<Transport> &transport, const UpgradeRequest &request);
    /// Gives up a client whose connection this loop can't take.
    void turnAway(const UpgradeRequest &request, boost::system::error_code why);
    void finishTurn();
    void finishShards();
    void acknowledge();
    void flush();
    void removeLeavers();
    void remove(const Leaver &leaver);
    void deliver(const std::string &projectId, const Recipients &recipients, const Event &event);
    void deliver(const Mailing &mailing);
    void deliver(const std::string &projectId, const DirectEvent &direct);
    void findPeople(const std::string &projectId, const std::vector<std::string> &clients,
                    const std::vector<std::string> &users);
    const Chunk &framesOf(Letter &letter, bool withDetails);
    void hand(Connection &connection, Letter &letter);
    /// Hands \a letter to those who were found in m_found, once.
    void handToFound(Letter &letter);
    void emitInto(Shard &shard, Letter &letter);
    ClientInfo describe(Connection &connection);
    std::vector<Connection *> select(const ClientSelection &selection) const;
    void scheduleSweep();
    void sweep();
    void wakeShards();

    void leaveCluster(Connection &connection);
    void await(const std::shared_ptr<Transport> &transport,
               const std::shared_ptr<UpgradeRequest> &request);
    void adopt(const std::shared_ptr<Arrival> &arrival);
    void takeMissed(const std::shared_ptr<Arrival> &arrival,
                    const Engine::Outcome<Engine::Page> &outcome);
    bool isInStep(const Arrival &arrival) const;
    /// Lets in those who go on here, and for whom enough has come by the end of the turn.
    void letInAdopted();
    void finishAdoption(Arrival &arrival);
    Connection *clientOf(const std::string &projectId, const std::string &clientId) const;
    /// Sends those away who have waited for too long.
    void sweepArrivals();
    void endArrivals();
    void endArrival(Arrival &arrival);
    /// Gives the seat of a client back that does not get in.
    void giveBack(UpgradeRequest &request);

    // The end (worker_end.cpp).
    void startDraining(Duration time, double phase);
    void sendAwayLater(Connection &connection);
    void waitForNext();
    void checkDrained();
    void startClosing();
    void checkClosed();

    Hub &m_hub;
    DispatchServerSettings m_settings; // this thread's own
    boost::asio::io_context m_context;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> m_work;
    boost::asio::steady_timer m_sweepTimer;
    boost::asio::steady_timer m_wakeTimer;
    boost::asio::steady_timer m_endTimer;
    LoopTurn m_turn;
    Gauge m_waitingBytes;
    Gauge m_largestWaiting;
    Gauge m_waitingClients;
    Pulse m_pulse;
    Rates m_rates;
    Transport::Limits m_transportLimits;
    std::string m_limitsForClients;
    LogLimiter m_endLog;
    ClientMessageParser m_parser;
    std::string m_padded;
    std::string m_text;
    AddressBook m_addressBook;
    Roster m_roster;
    std::set<std::pair<TimePoint, std::uint64_t>> m_wakes; // each shard once at most
    std::unordered_map<std::uint64_t, std::unique_ptr<Shard>> m_shards;
    std::unordered_map<Connection *, std::unique_ptr<Connection>> m_connections;
    std::unordered_map<std::uint64_t, Connection *> m_sessions;
    std::vector<std::uint64_t> m_dirtyShards;
    std::vector<Connection *> m_toAcknowledge;
    std::vector<Leaver> m_leavers;
    std::vector<std::shared_ptr<Transport>> m_closing;
    std::vector<std::shared_ptr<Arrival>> m_arrivals;
    std::unordered_map<std::string, Engine::Mark> m_directMarks; // by project
    std::vector<Connection *> m_found;
    std::uint64_t m_deliveries = 0;
    std::atomic<std::size_t> m_inboxBytes{0};
    std::atomic<std::size_t> m_inboxPosts{0};
    std::optional<Drain> m_drain;
    std::atomic<bool> m_hasDrained{false};
    TimePoint m_closesUntil;
    TimePoint m_flushedSince;
    bool m_isClosing = false;
    std::thread m_thread;
};

} // namespace Dispatch

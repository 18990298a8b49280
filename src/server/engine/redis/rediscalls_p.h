// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "enginetypes_p.h"
#include "redisconnection_p.h"
#include "redisscripts_p.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <array>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace Dispatch::Engine {

/// The delay before the next attempt to reach a server that is not there: it doubles, up to a
/// second, and is drawn so that not all nodes come at once.
class RedisBackoff {
public:
    milliseconds next();
    void reset() { m_longest = Shortest; }

private:
    static constexpr milliseconds Shortest{50};
    milliseconds m_longest = Shortest;
};

/// Calls of Redis, of which each ends in time. They wait while there is no connection, in their
/// order; what was not answered when one was lost is asked again on the next.
class RedisCalls {
public:
    struct Events {
        /// Which process of Redis that is, and whether it is another one than before.
        std::function<void(const std::string &runId, bool isOther)> reached;
        std::function<void(std::string_view why)> lost;
        std::function<void(std::string_view why)> complained;
        /// How many scripts Redis has run since it was started, and how long they took.
        std::function<void(std::int64_t calls, std::int64_t microseconds)> measured;
    };
    /// Hears the answer, which is no error, or why there is none.
    using Answer = std::function<void(const redisReply *, Failure)>;

    struct Call {
        RedisScript script = RedisScript::Place;
        std::vector<std::string> command; ///< instead of a script
        std::vector<std::string> keys; ///< of the script
        std::vector<std::string> arguments; ///< behind those that all scripts have
        bool isRepeatable = true;
        milliseconds limit{0}; ///< 0: that of all
    };

    RedisCalls(boost::asio::io_context &context, const RedisSettings &settings,
               const Limits &limits, std::string nodeId);

    void open(Events events);
    void close();
    void call(Call call, Answer answer);

private:
    struct Pending {
        Call call;
        Answer answer; ///< nothing: it has ended
        TimePoint deadline;
        std::multimap<TimePoint, std::shared_ptr<Pending>>::iterator place;
        bool needsSource = false; ///< the server has forgotten the script
    };
    using PendingCall = std::shared_ptr<Pending>;

    void connect();
    void greet();
    /// Sends a command of the greeting; \a taken hears its answer, if that is no error.
    void ask(std::vector<std::string> command, std::function<void(const redisReply &)> taken);
    void takeServer(const redisReply &info);
    void takeReplication(const redisReply &info);
    void askTime();
    void askCost();
    void becomeReady();
    void lose(std::string_view why);
    void perform(const PendingCall &pending);
    std::vector<std::string> commandOf(const Pending &pending) const;
    void take(const PendingCall &pending, const redisReply *reply);
    void takeError(const PendingCall &pending, const redisReply &error);
    void end(const PendingCall &pending, const redisReply *reply, Failure failure);
    void watch();
    void beat();

    boost::asio::io_context &m_context;
    const RedisSettings m_settings;
    const Limits m_limits;
    const std::string m_nodeId;
    Events m_events;
    std::shared_ptr<RedisConnection> m_connection;
    RedisBackoff m_backoff;
    boost::asio::steady_timer m_connectTimer;
    boost::asio::steady_timer m_deadlineTimer;
    boost::asio::steady_timer m_beatTimer;
    std::array<std::string, RedisScriptCount> m_hashes;
    std::multimap<TimePoint, PendingCall> m_deadlines; // of all that have not ended
    std::deque<PendingCall> m_waiting;
    std::vector<PendingCall> m_repeated; // were not answered when the connection was lost
    milliseconds m_serverTime{0}; // the server's clock when ours was 0
    std::string m_reachedRunId; // of the latest one that calls were made on
    std::string m_runId; // names the process that runs the scripts, the same for all nodes
    int m_greetingSteps = 0;
    bool m_isReady = false;
    bool m_isAway = false; // and that was told
    bool m_isWatching = false;
    std::shared_ptr<bool> m_isOpen = std::make_shared<bool>(false);
};

/// The commands that say who we are; none if we need not.
std::vector<std::string> authentication(const RedisSettings &settings);
/// What INFO says of \a name; empty if it does not.
std::string fieldOf(std::string_view info, std::string_view name);

} // namespace Dispatch::Engine

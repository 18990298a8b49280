// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "rediscalls_p.h"

#include "streamposition_p.h"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <random>
#include <utility>

namespace Dispatch::Engine {

namespace net = boost::asio;
using boost::system::error_code;

namespace {

constexpr milliseconds LongestDelay{1'000};

milliseconds sinceZero(TimePoint when)
{
    return std::chrono::duration_cast<milliseconds>(when.time_since_epoch());
}

} // namespace

milliseconds RedisBackoff::next()
{
    static thread_local std::minstd_rand random{std::random_device{}()};
    std::uniform_int_distribution<milliseconds::rep> delay(m_longest.count() / 2,
                                                           m_longest.count());
    m_longest = std::min(m_longest * 2, LongestDelay);
    return milliseconds(delay(random));
}

std::vector<std::string> authentication(const RedisSettings &settings)
{
    if (settings.user.empty() && settings.password.empty())
        return {};
    if (settings.user.empty())
        return {"AUTH", settings.password};
    return {"AUTH", settings.user, settings.password};
}

std::string fieldOf(std::string_view info, std::string_view name)
{
    const std::string begin = "\n" + std::string(name) + ":";
    const std::size_t found = info.find(begin);
    if (found == std::string_view::npos)
        return {};
    const std::string_view rest = info.substr(found + begin.size());
    return std::string(rest.substr(0, rest.find_first_of("\r\n")));
}

RedisCalls::RedisCalls(net::io_context &context, const RedisSettings &settings,
                       const Limits &limits, std::string nodeId)
    : m_context(context)
    , m_settings(settings)
    , m_limits(limits)
    , m_nodeId(std::move(nodeId))
    , m_connectTimer(context)
    , m_deadlineTimer(context)
    , m_beatTimer(context)
{
}

void RedisCalls::open(Events events)
{
    m_events = std::move(events);
    *m_isOpen = true;
    connect();
    beat();
}

void RedisCalls::close()
{
    *m_isOpen = false;
    m_connectTimer.cancel();
    m_deadlineTimer.cancel();
    m_beatTimer.cancel();
    if (m_connection)
        m_connection->close();
    m_isReady = false;
    m_waiting.clear();
    for (const auto &[deadline, pending] : std::exchange(m_deadlines, {})) {
        net::post(m_context, [answer = std::exchange(pending->answer, {})] {
            answer(nullptr, Failure::Unavailable);
        });
    }
}

void RedisCalls::call(Call call, Answer answer)
{
    if (!*m_isOpen || m_deadlines.size() >= mostCalls(m_limits)) {
        const Failure why = *m_isOpen ? Failure::Busy : Failure::Unavailable;
        net::post(m_context, [answer = std::move(answer), why] { answer(nullptr, why); });
        return;
    }
    const milliseconds limit = call.limit.count() > 0 ? call.limit : m_limits.callTime;
    auto pending = std::make_shared<Pending>();
    pending->call = std::move(call);
    pending->answer = std::move(answer);
    pending->deadline = Clock::now() + limit;
    pending->place = m_deadlines.emplace(pending->deadline, pending);
    watch();
    perform(pending);
}

void RedisCalls::connect()
{
    m_connection = std::make_shared<RedisConnection>(m_context, m_settings, m_limits.callTime);
    m_connection->open({[this] { greet(); }, [this](std::string_view why) { lose(why); }, {}});
}

void RedisCalls::greet()
{
    m_greetingSteps = 0;
    if (auto command = authentication(m_settings); !command.empty())
        ask(std::move(command), [](const redisReply &) {});
    ask({"INFO", "server"}, [this](const redisReply &info) { takeServer(info); });
    ask({"INFO", "replication"}, [this](const redisReply &info) { takeReplication(info); });
    for (std::size_t i = 0; i < RedisScriptCount; ++i) {
        ask({"SCRIPT", "LOAD", textOf(static_cast<RedisScript>(i))},
            [this, i](const redisReply &reply) { m_hashes[i] = textOf(reply); });
    }
    askTime();
}

void RedisCalls::ask(std::vector<std::string> command,
                     std::function<void(const redisReply &)> taken)
{
    ++m_greetingSteps;
    const auto answer = [this, taken = std::move(taken)](const redisReply *reply) {
        if (!reply)
            return;
        if (isError(*reply)) {
            if (!isPassing(*reply))
                m_events.complained(textOf(*reply));
            return m_connection->drop(std::string(textOf(*reply)));
        }
        taken(*reply);
        if (--m_greetingSteps == 0 && !m_isReady)
            becomeReady();
    };
    m_connection->send(command, answer);
}

void RedisCalls::takeServer(const redisReply &info)
{
    m_runId = fieldOf(textOf(info), "run_id");
}

void RedisCalls::takeReplication(const redisReply &info)
{
    if (fieldOf(textOf(info), "role") != "master")
        m_connection->drop("it is a replica");
}

void RedisCalls::askTime()
{
    ask({"TIME"}, [this, asked = Clock::now()](const redisReply &time) {
        // The server may have looked when we asked: then a deadline is exact; else it is later.
        const auto seconds = static_cast<std::int64_t>(numberOf(at(time, 0)));
        const auto micros = static_cast<std::int64_t>(numberOf(at(time, 1)));
        m_serverTime = milliseconds(seconds * 1'000 + micros / 1'000) - sinceZero(asked);
    });
}

void RedisCalls::askCost()
{
    const auto take = [this](const redisReply *info) {
        if (!info || isError(*info))
            return; // it is good to know, and no more
        // "calls=1,usec=2,..."
        const std::string stat = fieldOf(textOf(*info), "cmdstat_evalsha");
        const auto valueOf = [&stat](std::string_view name) {
            const std::size_t begin = stat.find(name) + name.size();
            return parseNumber(std::string_view(stat).substr(begin, stat.find(',', begin) - begin));
        };
        if (stat.find("calls=") != 0 || stat.find(",usec=") == std::string::npos)
            return;
        const auto calls = valueOf("calls=");
        const auto microseconds = valueOf(",usec=");
        if (calls && microseconds)
            m_events.measured(static_cast<std::int64_t>(*calls),
                              static_cast<std::int64_t>(*microseconds));
    };
    m_connection->send(std::array<std::string, 2>{"INFO", "commandstats"}, take);
}

void RedisCalls::becomeReady()
{
    m_isReady = true;
    m_isAway = false;
    const bool isOther = std::exchange(m_reachedRunId, m_runId) != m_runId;
    m_events.reached(m_runId, isOther);
    for (const PendingCall &pending : std::exchange(m_waiting, {}))
        perform(pending);
}

void RedisCalls::lose(std::string_view why)
{
    m_waiting.insert(m_waiting.begin(), m_repeated.begin(), m_repeated.end());
    m_repeated.clear();
    m_isReady = false;
    if (!std::exchange(m_isAway, true))
        m_events.lost(why);
    m_connectTimer.expires_after(m_backoff.next());
    m_connectTimer.async_wait([this, isOpen = m_isOpen](error_code ec) {
        if (!ec && *isOpen)
            connect();
    });
}

void RedisCalls::perform(const PendingCall &pending)
{
    if (!pending->answer)
        return;
    if (!m_isReady || m_connection->isOver())
        return m_waiting.push_back(pending);
    m_connection->send(commandOf(*pending),
                       [this, pending](const redisReply *reply) { take(pending, reply); });
}

std::vector<std::string> RedisCalls::commandOf(const Pending &pending) const
{
    const Call &call = pending.call;
    if (!call.command.empty())
        return call.command;
    std::vector<std::string> command;
    command.reserve(6 + call.keys.size() + call.arguments.size());
    if (pending.needsSource)
        command = {"EVAL", textOf(call.script)};
    else
        command = {"EVALSHA", m_hashes[static_cast<std::size_t>(call.script)]};
    command.push_back(std::to_string(call.keys.size()));
    command.insert(command.end(), call.keys.begin(), call.keys.end());
    command.push_back(std::to_string((sinceZero(pending.deadline) + m_serverTime).count()));
    command.push_back(m_nodeId);
    command.push_back(m_runId);
    command.insert(command.end(), call.arguments.begin(), call.arguments.end());
    return command;
}

void RedisCalls::take(const PendingCall &pending, const redisReply *reply)
{
    if (!pending->answer)
        return;
    if (reply && !isError(*reply)) {
        m_backoff.reset();
        return end(pending, reply, {});
    }
    if (reply)
        return takeError(pending, *reply);
    // What can't be repeated may have been done, and can be until its limit.
    if (pending->call.isRepeatable)
        m_repeated.push_back(pending);
}

void RedisCalls::takeError(const PendingCall &pending, const redisReply &error)
{
    if (textOf(error).starts_with("NOSCRIPT") && !pending->needsSource) {
        pending->needsSource = true;
        return perform(pending);
    }
    if (isPassing(error)) {
        // It was not done. Perhaps it will be, by the next server.
        m_repeated.push_back(pending);
        return m_connection->drop(std::string(textOf(error)));
    }
    const Failure failure = failureOf(error);
    if (failure == Failure::Rejected)
        m_events.complained(textOf(error));
    if (failure == Failure::Unavailable)
        askTime(); // one of the clocks may have been set
    end(pending, nullptr, failure);
}

void RedisCalls::end(const PendingCall &pending, const redisReply *reply, Failure failure)
{
    m_deadlines.erase(pending->place);
    std::exchange(pending->answer, {})(reply, failure);
}

void RedisCalls::watch()
{
    if (m_deadlines.empty() || std::exchange(m_isWatching, true))
        return;
    m_deadlineTimer.expires_at(m_deadlines.begin()->first);
    m_deadlineTimer.async_wait([this, isOpen = m_isOpen](error_code ec) {
        if (ec || !*isOpen)
            return;
        m_isWatching = false;
        while (!m_deadlines.empty() && m_deadlines.begin()->first <= Clock::now())
            end(PendingCall(m_deadlines.begin()->second), nullptr, Failure::Unavailable);
        std::erase_if(m_waiting, [](const PendingCall &pending) { return !pending->answer; });
        watch();
    });
}

void RedisCalls::beat()
{
    m_beatTimer.expires_after(m_limits.beat);
    m_beatTimer.async_wait([this, isOpen = m_isOpen](error_code ec) {
        if (ec || !*isOpen)
            return;
        if (m_isReady) {
            askTime();
            askCost();
        }
        beat();
    });
}

} // namespace Dispatch::Engine

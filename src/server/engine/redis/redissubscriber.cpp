// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "redissubscriber_p.h"

#include "streamposition_p.h"

#include <algorithm>
#include <array>
#include <utility>

namespace Dispatch::Engine {

namespace net = boost::asio;
using boost::system::error_code;

namespace {

constexpr std::size_t EpochDigits = 16;

/// Takes what is before the next space off \a text.
std::string_view takeWord(std::string_view &text)
{
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    return word;
}

} // namespace

RedisSubscriber::RedisSubscriber(net::io_context &context, const RedisSettings &settings,
                                 const Limits &limits, const RedisKeys &keys, std::string nodeId)
    : m_context(context)
    , m_settings(settings)
    , m_limits(limits)
    , m_keys(keys)
    , m_ownChannel(keys.nodeChannel(nodeId))
    , m_connectTimer(context)
    , m_beatTimer(context)
{
}

void RedisSubscriber::open(Store::Sink &sink)
{
    m_sink = &sink;
    *m_isOpen = true;
    connect();
    beat();
}

void RedisSubscriber::close()
{
    *m_isOpen = false;
    m_connectTimer.cancel();
    m_beatTimer.cancel();
    if (m_connection)
        m_connection->close();
    m_isListening = false;
}

void RedisSubscriber::subscribe(const StreamId &stream)
{
    std::string channel = m_keys.channel(stream);
    m_streams.insert_or_assign(channel, stream);
    if (m_isListening)
        m_connection->listen(std::array<std::string, 2>{"SSUBSCRIBE", std::move(channel)}, true);
}

void RedisSubscriber::unsubscribe(const StreamId &stream)
{
    std::string channel = m_keys.channel(stream);
    m_streams.erase(channel);
    if (!m_isListening)
        return;
    ++m_leaving[channel];
    m_connection->listen(std::array<std::string, 2>{"SUNSUBSCRIBE", std::move(channel)}, true);
}

void RedisSubscriber::follow(const std::string &runId)
{
    m_callsRunId = runId;
    if (m_isListening && m_runId != runId)
        m_connection->drop("calls go to another server");
}

void RedisSubscriber::connect()
{
    m_connection = std::make_shared<RedisConnection>(m_context, m_settings, m_limits.callTime);
    m_connection->open({[this] { greet(); }, [this](std::string_view) { lose(); },
                        [this](const redisReply &message) { handle(message); }});
}

void RedisSubscriber::greet()
{
    // What goes wrong here goes wrong for the calls, too, and they say it.
    if (const auto command = authentication(m_settings); !command.empty())
        m_connection->send(command, [](const redisReply *) {});
    m_connection->send(std::array<std::string, 2>{"INFO", "server"},
                       [this](const redisReply *info) { takeServer(info); });
}

void RedisSubscriber::takeServer(const redisReply *info)
{
    if (!info)
        return;
    m_runId = fieldOf(textOf(*info), "run_id");
    if (isError(*info) || (!m_callsRunId.empty() && m_runId != m_callsRunId))
        return m_connection->drop("calls go to another server");
    m_isListening = true;
    m_leaving.clear();
    m_backoff.reset();
    m_connection->listen(std::array<std::string, 2>{"SSUBSCRIBE", m_ownChannel}, true);
    for (const auto &[channel, stream] : m_streams)
        m_connection->listen(std::array<std::string, 2>{"SSUBSCRIBE", channel}, true);
}

void RedisSubscriber::lose()
{
    m_isListening = false;
    m_connectTimer.expires_after(m_backoff.next());
    m_connectTimer.async_wait([this, isOpen = m_isOpen](error_code ec) {
        if (!ec && *isOpen)
            connect();
    });
}

void RedisSubscriber::handle(const redisReply &message)
{
    const std::string_view kind = textOf(at(message, 0));
    const std::string channel(textOf(at(message, 1)));
    const auto stream = m_streams.find(channel);
    if (kind == "smessage" && channel == m_ownChannel)
        m_sink->told(std::string(textOf(at(message, 2))));
    else if (kind == "ssubscribe" && channel == m_ownChannel)
        m_sink->hearsAgain();
    else if (kind == "smessage" && stream != m_streams.end())
        takeMessage(StreamId(stream->second), textOf(at(message, 2)));
    else if (kind == "ssubscribe" && stream != m_streams.end())
        m_sink->subscribed(StreamId(stream->second));
    else if (kind == "sunsubscribe")
        takeLeave(channel);
}

void RedisSubscriber::takeLeave(const std::string &channel)
{
    const auto leaving = m_leaving.find(channel);
    if (leaving == m_leaving.end())
        m_connection->drop("a subscription was ended"); // its slot has moved
    else if (--leaving->second == 0)
        m_leaving.erase(leaving);
}

void RedisSubscriber::takeMessage(const StreamId &stream, std::string_view message)
{
    if (message.empty())
        return;
    const char kind = message.front();
    message.remove_prefix(1);
    if (kind == '+' || kind == '-') {
        const auto revision = parseNumber(takeWord(message));
        std::string clientId(takeWord(message));
        if (revision)
            m_sink->membersChanged(
                stream, {*revision, kind == '+', {std::move(clientId), std::string(message)}});
        return;
    }
    const auto epoch = parseEpoch(message.substr(0, EpochDigits));
    message.remove_prefix(std::min(EpochDigits, message.size()));
    if (kind == 'r' && epoch)
        return m_sink->reborn(stream, *epoch);
    const auto seq = parseNumber(takeWord(message));
    if (kind == 'e' && epoch && seq)
        m_sink->arrived(stream, {*epoch, *seq}, std::string(message));
}

void RedisSubscriber::beat()
{
    m_beatTimer.expires_after(m_limits.beat);
    m_beatTimer.async_wait([this, isOpen = m_isOpen](error_code ec) {
        if (ec || !*isOpen)
            return;
        if (m_isListening)
            m_connection->listen(std::array<std::string, 1>{"PING"}, true);
        beat();
    });
}

} // namespace Dispatch::Engine

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "rediscalls_p.h"
#include "rediskeys_p.h"
#include "store_p.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace Dispatch::Engine {

/// The connection on which Redis says by itself what happens. Whenever it was lost, all
/// subscriptions begin again, and say so.
class RedisSubscriber {
public:
    RedisSubscriber(boost::asio::io_context &context, const RedisSettings &settings,
                    const Limits &limits, const RedisKeys &keys, std::string nodeId);

    void open(Store::Sink &sink);
    void close();
    void subscribe(const StreamId &stream);
    void unsubscribe(const StreamId &stream);
    /// Calls go to the server \a runId: from another one nothing new comes.
    void follow(const std::string &runId);

private:
    void connect();
    void greet();
    void takeServer(const redisReply *info);
    void lose();
    void handle(const redisReply &message);
    void takeLeave(const std::string &channel);
    void takeMessage(const StreamId &stream, std::string_view message);
    void beat();

    boost::asio::io_context &m_context;
    const RedisSettings m_settings;
    const Limits m_limits;
    const RedisKeys &m_keys;
    const std::string m_ownChannel;
    Store::Sink *m_sink = nullptr;
    std::shared_ptr<RedisConnection> m_connection;
    RedisBackoff m_backoff;
    boost::asio::steady_timer m_connectTimer;
    boost::asio::steady_timer m_beatTimer;
    std::unordered_map<std::string, StreamId> m_streams; // by channel
    std::unordered_map<std::string, int> m_leaving; // channels; how often that is not confirmed yet
    std::string m_runId; // of the server that is listened to
    std::string m_callsRunId;
    bool m_isListening = false;
    std::shared_ptr<bool> m_isOpen = std::make_shared<bool>(false);
};

} // namespace Dispatch::Engine

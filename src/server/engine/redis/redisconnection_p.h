// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "redisreply_p.h"
#include "redissettings_p.h"

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>

#include <array>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace Dispatch::Engine {

/// One connection to Redis, and never another one. hiredis formats what is sent and parses what
/// comes; what is sent in one turn of the loop leaves in one write.
class RedisConnection : public std::enable_shared_from_this<RedisConnection> {
public:
    struct Events {
        std::function<void()> opened;
        /// The last thing that is heard.
        std::function<void(std::string_view why)> lost;
        /// What is no answer; see listen().
        std::function<void(const redisReply &)> message;
    };
    /// Hears the answer, or nothing if the connection was lost before it came.
    using Answer = std::function<void(const redisReply *)>;

    /// If nothing is heard for \a patience from somebody who has to answer, the connection is lost.
    RedisConnection(boost::asio::io_context &context, RedisSettings settings,
                    milliseconds patience);

    void open(Events events);
    void send(std::span<const std::string> command, Answer answer);
    /// From now on all that comes is a message, as it is behind SUBSCRIBE. Something has to come
    /// soon if \a isAnswerDue.
    void listen(std::span<const std::string> command, bool isAnswerDue);
    /// Loses the connection; \a why is what lost() hears, later.
    void drop(std::string why);
    bool isOver() const { return m_isOver; }
    /// Ends it without a word to anybody.
    void close();

private:
    using Socket = boost::asio::generic::stream_protocol::socket;

    struct Unanswered {
        TimePoint since;
        Answer answer;
    };

    void connectTcp();
    void connectLocal();
    template<class Connected>
    void connected(boost::system::error_code ec, Connected &socket);
    void handshake();
    void begin();
    /// Calls \a f with what is read and written.
    template<class F>
    void withStream(F f);
    void append(std::span<const std::string> command);
    void flushLater();
    void flush();
    void read();
    void take(std::size_t bytes);
    void handle(const redisReply &reply);
    /// When something has to have been heard at the latest.
    void expect(TimePoint since);
    void watch();
    void shut();

    boost::asio::io_context &m_context;
    const RedisSettings m_settings;
    const milliseconds m_patience;
    Events m_events;
    boost::asio::ip::tcp::resolver m_resolver;
    Socket m_socket;
    std::optional<boost::asio::ssl::stream<Socket &>> m_tls; // on the socket
    boost::asio::steady_timer m_timer;
    std::unique_ptr<redisReader, void (*)(redisReader *)> m_reader;
    std::array<char, 64 * 1024> m_input;
    std::string m_output;
    std::string m_writing;
    std::deque<Unanswered> m_unanswered;
    std::deque<TimePoint> m_due; // one for all that nobody answers by itself
    bool m_isWatching = false;
    bool m_isFlushing = false;
    bool m_isListening = false;
    bool m_isOver = false;
    bool m_isClosed = false;
};

} // namespace Dispatch::Engine

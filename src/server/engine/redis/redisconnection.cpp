// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "redisconnection_p.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

#include <utility>
#include <vector>

namespace Dispatch::Engine {

namespace net = boost::asio;
using boost::system::error_code;

RedisConnection::RedisConnection(net::io_context &context, RedisSettings settings,
                                 milliseconds patience)
    : m_context(context)
    , m_settings(std::move(settings))
    , m_patience(patience)
    , m_resolver(context)
    , m_socket(context)
    , m_timer(context)
    , m_reader(redisReaderCreate(), redisReaderFree)
{
}

void RedisConnection::open(Events events)
{
    m_events = std::move(events);
    expect(Clock::now());
    if (m_settings.socketPath.empty())
        connectTcp();
    else
        connectLocal();
}

void RedisConnection::connectTcp()
{
    const auto connect = [self = shared_from_this()](error_code ec, const auto &endpoints) {
        if (ec || self->m_isOver)
            return self->drop(ec.message());
        auto socket = std::make_shared<net::ip::tcp::socket>(self->m_context);
        net::async_connect(*socket, endpoints, [self, socket](error_code error, const auto &) {
            if (!error)
                socket->set_option(net::ip::tcp::no_delay(true), error);
            self->connected(error, *socket);
        });
    };
    m_resolver.async_resolve(m_settings.host, std::to_string(m_settings.port), connect);
}

void RedisConnection::connectLocal()
{
    using Local = net::local::stream_protocol;
    auto socket = std::make_shared<Local::socket>(m_context);
    socket->async_connect(
        Local::endpoint(m_settings.socketPath),
        [self = shared_from_this(), socket](error_code ec) { self->connected(ec, *socket); });
}

template<class Connected>
void RedisConnection::connected(error_code ec, Connected &socket)
{
    if (m_isOver)
        return;
    if (ec)
        return drop(ec.message());
    m_socket = std::move(socket);
    if (m_settings.tls)
        handshake();
    else
        begin();
}

void RedisConnection::handshake()
{
    m_tls.emplace(m_socket, *m_settings.tls);
    expectHost(m_tls->native_handle(), m_settings.host);
    m_tls->async_handshake(net::ssl::stream_base::client,
                           [self = shared_from_this()](error_code ec) {
                               if (self->m_isOver)
                                   return;
                               if (ec)
                                   return self->drop(tlsFailure(self->m_tls->native_handle(), ec));
                               self->begin();
                           });
}

void RedisConnection::begin()
{
    m_due.clear();
    read();
    m_events.opened();
}

template<class F>
void RedisConnection::withStream(F f)
{
    if (m_tls)
        f(*m_tls);
    else
        f(m_socket);
}

void RedisConnection::send(std::span<const std::string> command, Answer answer)
{
    if (m_isOver) {
        net::post(m_context, [answer = std::move(answer)] { answer(nullptr); });
        return;
    }
    m_unanswered.push_back({Clock::now(), std::move(answer)});
    append(command);
    watch();
}

void RedisConnection::listen(std::span<const std::string> command, bool isAnswerDue)
{
    if (m_isOver)
        return;
    m_isListening = true;
    append(command);
    if (isAnswerDue)
        expect(Clock::now());
}

void RedisConnection::append(std::span<const std::string> command)
{
    std::vector<const char *> texts;
    std::vector<std::size_t> lengths;
    for (const std::string &text : command) {
        texts.push_back(text.data());
        lengths.push_back(text.size());
    }
    char *formatted = nullptr;
    const int size = redisFormatCommandArgv(&formatted, static_cast<int>(texts.size()),
                                            texts.data(), lengths.data());
    if (size < 0)
        return drop("out of memory");
    m_output.append(formatted, static_cast<std::size_t>(size));
    redisFreeCommand(formatted);
    flushLater();
}

void RedisConnection::flushLater()
{
    if (std::exchange(m_isFlushing, true))
        return;
    net::post(m_context, [self = shared_from_this()] { self->flush(); });
}

void RedisConnection::flush()
{
    if (m_isOver)
        return;
    m_writing.clear();
    m_writing.swap(m_output);
    withStream([this](auto &stream) {
        net::async_write(stream, net::buffer(m_writing),
                         [self = shared_from_this()](error_code ec, std::size_t) {
                             self->m_isFlushing = false;
                             if (ec)
                                 self->drop(ec.message());
                             else if (!self->m_output.empty())
                                 self->flushLater();
                         });
    });
}

void RedisConnection::read()
{
    withStream([this](auto &stream) {
        stream.async_read_some(net::buffer(m_input),
                               [self = shared_from_this()](error_code ec, std::size_t bytes) {
                                   if (ec)
                                       return self->drop(ec.message());
                                   self->take(bytes);
                                   if (!self->m_isOver)
                                       self->read();
                               });
    });
}

void RedisConnection::take(std::size_t bytes)
{
    m_due.clear();
    int result = redisReaderFeed(m_reader.get(), m_input.data(), bytes);
    while (result == REDIS_OK && !m_isOver) {
        void *reply = nullptr;
        result = redisReaderGetReply(m_reader.get(), &reply);
        if (result != REDIS_OK || !reply)
            break;
        handle(*RedisReply(static_cast<redisReply *>(reply)));
    }
    if (result != REDIS_OK)
        drop(m_reader->errstr);
}

void RedisConnection::handle(const redisReply &reply)
{
    if (!m_isListening && !m_unanswered.empty()) {
        const Answer answer = std::move(m_unanswered.front().answer);
        m_unanswered.pop_front();
        answer(&reply);
    } else if (m_isListening && !isError(reply)) {
        m_events.message(reply);
    } else {
        drop(std::string(textOf(reply)));
    }
}

void RedisConnection::expect(TimePoint since)
{
    m_due.push_back(since);
    watch();
}

void RedisConnection::watch()
{
    const bool isIdle = m_due.empty() && m_unanswered.empty();
    if (m_isOver || isIdle || std::exchange(m_isWatching, true))
        return;
    const TimePoint since = m_due.empty() ? m_unanswered.front().since : m_due.front();
    m_timer.expires_at(since + m_patience);
    m_timer.async_wait([weak = weak_from_this()](error_code ec) {
        const auto self = weak.lock();
        if (!self || ec)
            return;
        self->m_isWatching = false;
        const TimePoint latest = Clock::now() - self->m_patience;
        const bool isLate = (!self->m_due.empty() && self->m_due.front() <= latest)
            || (!self->m_unanswered.empty() && self->m_unanswered.front().since <= latest);
        if (isLate)
            self->drop("no answer in time");
        else
            self->watch();
    });
}

void RedisConnection::drop(std::string why)
{
    if (m_isOver)
        return;
    shut();
    // Later: this may be called by one of those who are called then.
    net::post(m_context, [self = shared_from_this(), why = std::move(why)] {
        if (self->m_isClosed)
            return;
        const Events events = std::exchange(self->m_events, {});
        for (const Unanswered &one : std::exchange(self->m_unanswered, {}))
            one.answer(nullptr);
        if (events.lost)
            events.lost(why);
    });
}

void RedisConnection::close()
{
    shut();
    m_isClosed = true;
    net::post(m_context, [self = shared_from_this()] {
        self->m_events = {};
        self->m_unanswered.clear();
    });
}

void RedisConnection::shut()
{
    m_isOver = true;
    error_code ignored;
    m_resolver.cancel();
    m_socket.close(ignored);
    m_timer.cancel();
}

} // namespace Dispatch::Engine

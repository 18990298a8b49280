// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "transport_p.h"

#include "clientmessage_p.h"
#include "subprotocol_p.h"
#include "upgraderequest_p.h"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <algorithm>
#include <array>
#include <span>

namespace Dispatch {

namespace net = boost::asio;
namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;
using ErrorCode = boost::system::error_code;

namespace {

// What an idle client has to read into, and from where on a buffer is given back after a message.
constexpr std::size_t IdleInputBytes = 512;
constexpr std::size_t KeptInputBytes = 8 * 1024;
// As many as Asio hands to one system call.
constexpr std::size_t PiecesPerWrite = 64;

bool isCloseFrame(std::string_view frame)
{
    return frame.starts_with('\x88');
}

bool isPongFrame(std::string_view frame)
{
    return frame.starts_with('\x8A');
}

bool isCloseFrame(std::string_view frame, CloseCode code)
{
    const auto byte = [frame](std::size_t i) { return static_cast<unsigned char>(frame[i]); };
    return isCloseFrame(frame) && frame.size() >= 4
        && (byte(2) << 8 | byte(3)) == static_cast<int>(code);
}

std::string closeFrame(CloseCode code, std::string_view reason)
{
    constexpr std::size_t LongestReason = 123;
    reason = reason.substr(0, LongestReason);
    const auto number = static_cast<unsigned>(code);
    std::string frame{'\x88', static_cast<char>(2 + reason.size()), static_cast<char>(number >> 8),
                      static_cast<char>(number & 0xFF)};
    return frame.append(reason);
}

} // namespace

/// What Beast takes for the socket: tells of what comes, and has what Beast writes go into the
/// queue of the transport.
class Transport::Layer {
public:
    using executor_type = Socket::executor_type;

    Layer(Transport *owner, Socket socket)
        : m_owner(owner)
        , m_socket(std::move(socket))
    {
    }

    executor_type get_executor() noexcept { return m_socket.get_executor(); }
    Socket &socket() { return m_socket; }

    template<class Buffers, class Handler>
    void async_read_some(const Buffers &buffers, Handler &&handler)
    {
        m_socket.async_read_some(
            buffers,
            [this, buffers, next = std::decay_t<Handler>(std::forward<Handler>(handler))](
                ErrorCode ec, std::size_t n) mutable {
                if (n > 0) {
                    m_owner->onArrived(n);
                    m_owner->watch(buffers, n);
                }
                next(ec, n);
            });
    }

    template<class Buffers, class Handler>
    void async_write_some(const Buffers &buffers, Handler &&handler)
    {
        std::string frame = beast::buffers_to_string(buffers);
        const std::size_t n = frame.size();
        m_owner->writeFromBeast(std::move(frame));
        net::post(get_executor(),
                  beast::bind_front_handler(std::forward<Handler>(handler), ErrorCode(), n));
    }

    /// The end of the socket is the transport's business: it knows what is still to be written.
    template<class Handler>
    friend void async_teardown(beast::role_type, Layer &layer, Handler &&handler)
    {
        net::post(layer.get_executor(),
                  beast::bind_front_handler(std::forward<Handler>(handler), ErrorCode()));
    }
    friend void beast_close_socket(Layer &layer) { layer.m_socket.close(); }

private:
    Transport *m_owner;
    Socket m_socket;
};

struct Transport::Stream {
    Stream(Transport *owner, Socket socket)
        : websocket(owner, std::move(socket))
    {
    }
    Socket &socket() { return websocket.next_layer().socket(); }

    websocket::stream<Layer, false> websocket;
};

Transport::Transport(Socket socket, LoopTurn &turn, const Limits &limits)
    : m_turn(turn)
    , m_limits(limits)
    , m_input(IdleInputBytes + ClientMessageParser::padding())
    , m_lastHeard(turn.now)
{
    m_stream = std::make_unique<Stream>(this, std::move(socket));
}

Transport::~Transport() = default;

void Transport::start(Observer *observer, const UpgradeRequest &request)
{
    m_observer = observer;
    auto &websocket = m_stream->websocket;
    websocket.read_message_max(m_limits.messageBytes);
    // A stock QWebSocket wants this very value, alone.
    websocket.set_option(websocket::stream_base::decorator(
        [isExtended = request.isExtended](websocket::response_type &response) {
            response.set(beast::http::field::connection, "Upgrade");
            response.erase(beast::http::field::server);
            if (isExtended) {
                response.set(beast::http::field::sec_websocket_protocol,
                             {ExtendedSubprotocol.data(), ExtendedSubprotocol.size()});
            }
        }));
    websocket.control_callback([this](websocket::frame_type kind, beast::string_view payload) {
        if (kind == websocket::frame_type::pong && m_observer)
            m_observer->ponged({payload.data(), payload.size()});
    });
    websocket.async_accept(request.request, [self = shared_from_this()](ErrorCode ec) {
        if (ec)
            return self->linger("bad_parameters", false);
        if (self->m_observer)
            self->m_observer->opened();
        self->read();
    });
}

void Transport::push(Chunk frames)
{
    if (m_state != State::Open)
        return;
    // Looked at before, so that one large list that everybody gets can't drop everybody.
    if (m_queue.bytes() > m_limits.queueBytes) {
        report("slow_consumer");
        return abort();
    }
    m_queue.push(std::move(frames), m_turn.now);
    scheduleFlush();
}

void Transport::flush()
{
    m_willFlush = false;
    if (!m_pong.empty() && m_beforePong == 0)
        pushPong();
    if (m_waitsForRoom)
        return;
    while (m_state != State::Closed && !m_queue.isEmpty()) {
        std::array<std::string_view, PiecesPerWrite> pieces;
        std::array<net::const_buffer, PiecesPerWrite> buffers;
        const std::size_t count = m_queue.gather(pieces);
        for (std::size_t i = 0; i < count; ++i)
            buffers[i] = net::buffer(pieces[i].data(), pieces[i].size());

        ErrorCode ec;
        const std::size_t n = m_stream->socket().write_some(std::span(buffers).first(count), ec);
        if (ec == net::error::would_block || ec == net::error::try_again)
            return waitForRoom();
        if (ec)
            return breakOff();
        m_turn.counters.bytesSent.add(static_cast<std::int64_t>(n));
        m_queue.consume(n, m_turn.now);
        m_beforePong -= std::min(n, m_beforePong);
        if (!m_pong.empty() && m_beforePong == 0)
            pushPong();
    }
    if (m_state == State::Lingering) {
        if (m_otherSideClosed)
            closeSocket();
        else
            m_stream->socket().shutdown();
    }
}

/// Whoever says good-bye and goes may have been sent more than was read: then the connection is
/// reset, and cannot be written to, while the good-bye is there and waits to be read.
void Transport::breakOff()
{
    if (!m_observer)
        return abort();
    m_queue.clear();
    if (m_state == State::Open)
        m_endsSince = m_turn.now;
    m_state = State::Broken;
}

void Transport::close(CloseCode code, std::string_view reason)
{
    m_observer = nullptr;
    closeSoftly(code, reason);
}

void Transport::closeSoftly(CloseCode code, std::string_view reason)
{
    if (m_state == State::Open)
        pushPong();
    // That may have been too much for a slow client.
    if (m_state != State::Open)
        return;
    m_queue.push(std::make_shared<const std::string>(closeFrame(code, reason)), m_turn.now);
    scheduleFlush();
    m_state = State::Closing;
    m_endsSince = m_turn.now;
}

void Transport::abort()
{
    m_observer = nullptr;
    if (m_state == State::Closed)
        return;
    m_stream->socket().reset();
    closeSocket();
}

void Transport::endIfLate(TimePoint now, Duration timeout)
{
    if (m_state == State::Open || m_state == State::Closed || now - m_endsSince < timeout)
        return;
    if (m_state == State::Broken)
        report("lost");
    else
        report(m_queue.isEmpty() ? "closed" : "slow_consumer");
    if (m_queue.isEmpty())
        closeSocket();
    else
        abort();
}

void Transport::read()
{
    if (m_state == State::Closed)
        return;
    const std::size_t padding = ClientMessageParser::padding();
    if (m_received + padding == m_input.size())
        m_input.resize(2 * m_input.size());
    const auto room =
        net::buffer(m_input.data() + m_received, m_input.size() - m_received - padding);
    m_stream->websocket.async_read_some(
        room, [self = shared_from_this()](ErrorCode ec, std::size_t n) {
            if (!ec)
                self->onRead(n);
            else if (ec == websocket::error::closed)
                self->onClosed();
            else if (ec == websocket::error::message_too_big)
                self->linger("message_too_big", false);
            else if (ec.category() == make_error_code(websocket::error::closed).category())
                self->linger("bad_message", false);
            else
                self->linger("lost", true);
        });
}

void Transport::onRead(std::size_t bytes)
{
    m_received += bytes;
    if (!m_observer) {
        m_received = 0;
    } else if (m_stream->websocket.is_message_done()) {
        onMessage();
        m_received = 0;
        if (m_input.size() > KeptInputBytes)
            m_input = std::vector<char>(IdleInputBytes + ClientMessageParser::padding());
    }
    read();
}

void Transport::onClosed()
{
    const auto code = m_stream->websocket.reason().code;
    m_saidGoodbye = code == websocket::close_code::normal
        || code == websocket::close_code::going_away || code == websocket::close_code::none;
    linger("closed", true);
}

void Transport::onMessage()
{
    if (m_stream->websocket.got_text())
        m_observer->received({m_input.data(), m_received});
    else
        m_observer->receivedBinary();
}

void Transport::onArrived(std::size_t bytes)
{
    m_turn.tick();
    m_turn.received += bytes + m_stream->socket().takeOverhead();
    m_turn.counters.bytesReceived.add(static_cast<std::int64_t>(bytes));
    m_lastHeard = m_turn.now;
}

void Transport::writeFromBeast(std::string frame)
{
    if (isPongFrame(frame)) {
        // RFC 6455 section 5.5.3: who is behind answers the latest ping alone.
        m_pong = std::move(frame);
        return scheduleFlush();
    }
    if (m_observer && isCloseFrame(frame, CloseCode::MessageTooBig))
        m_observer->tooBig();
    if (isCloseFrame(frame))
        pushPong();
    push(std::make_shared<const std::string>(std::move(frame)));
}

void Transport::pushPong()
{
    if (m_pong.empty() || m_state != State::Open)
        return;
    push(std::make_shared<const std::string>(std::exchange(m_pong, {})));
    m_beforePong = m_queue.bytes();
}

template<class Buffers>
void Transport::watch(const Buffers &buffers, std::size_t bytes)
{
    const auto end = net::buffer_sequence_end(buffers);
    for (auto it = net::buffer_sequence_begin(buffers); bytes > 0 && it != end; ++it) {
        const net::const_buffer buffer(*it);
        const std::size_t part = std::min(bytes, buffer.size());
        bytes -= part;
        const FrameWatch::Fault fault = m_frames.read(
            {static_cast<const char *>(buffer.data()), part}, m_limits.frames, m_turn.now);
        if (fault != FrameWatch::Fault::None && m_observer)
            return m_observer->misbehaved(fault);
    }
}

void Transport::scheduleFlush()
{
    if (m_willFlush || m_waitsForRoom)
        return;
    m_willFlush = true;
    m_turn.toFlush.push_back(shared_from_this());
}

void Transport::waitForRoom()
{
    m_waitsForRoom = true;
    m_stream->socket().tcp().async_wait(Socket::Tcp::wait_write,
                                        [self = shared_from_this()](ErrorCode) {
                                            self->m_waitsForRoom = false;
                                            self->m_turn.tick();
                                            self->scheduleFlush();
                                        });
}

void Transport::linger(std::string_view reason, bool otherSideClosed)
{
    if (m_state == State::Closed)
        return;
    if (m_state == State::Open)
        m_endsSince = m_turn.now;
    m_state = State::Lingering;
    m_otherSideClosed = otherSideClosed;
    report(reason);
    scheduleFlush();
    // With unread bytes in it a socket ends in a reset, which can overtake what was written.
    if (!otherSideClosed)
        discardInput();
}

void Transport::discardInput()
{
    m_stream->socket().tcp().async_read_some(
        net::buffer(m_input), [self = shared_from_this()](ErrorCode ec, std::size_t) {
            if (self->m_state == State::Closed)
                return;
            if (!ec)
                return self->discardInput();
            self->m_otherSideClosed = true;
            self->scheduleFlush();
        });
}

void Transport::report(std::string_view reason)
{
    if (Observer *observer = std::exchange(m_observer, nullptr))
        observer->ended(reason, m_saidGoodbye);
}

void Transport::closeSocket()
{
    m_state = State::Closed;
    m_queue.clear();
    m_stream->socket().close();
}

} // namespace Dispatch

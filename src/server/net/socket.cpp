// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "socket_p.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <unistd.h>

namespace Dispatch {

namespace net = boost::asio;

namespace {

constexpr std::size_t ReadBytes = 64 * 1024;
// What is encrypted at once. It waits as cipher text until the kernel has taken it.
constexpr std::size_t BatchBytes = 64 * 1024;

std::string_view view(const net::const_buffer &buffer)
{
    return {static_cast<const char *>(buffer.data()), buffer.size()};
}

} // namespace

Socket::Detached &Socket::Detached::operator=(Detached &&other) noexcept
{
    std::swap(m_descriptor, other.m_descriptor);
    m_isV6 = other.m_isV6;
    m_tls.swap(other.m_tls);
    m_ahead.swap(other.m_ahead);
    return *this;
}

Socket::Detached::~Detached()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

Socket::Socket(Tcp tcp, std::unique_ptr<TlsSession> tls)
    : m_tcp(std::move(tcp))
    , m_tls(std::move(tls))
{
    ErrorCode ignored;
    m_tcp.set_option(net::ip::tcp::no_delay(true), ignored);
    m_tcp.non_blocking(true, ignored);
}

Socket Socket::attach(net::io_context &context, Detached detached, ErrorCode &ec)
{
    Tcp tcp(context);
    tcp.assign(detached.m_isV6 ? net::ip::tcp::v6() : net::ip::tcp::v4(), detached.m_descriptor,
               ec);
    if (!ec)
        detached.m_descriptor = -1;
    Socket socket(std::move(tcp), std::move(detached.m_tls));
    socket.m_ahead = std::move(detached.m_ahead);
    return socket;
}

Socket::Detached Socket::detach()
{
    ErrorCode ec;
    Detached detached;
    detached.m_isV6 = m_tcp.local_endpoint(ec).protocol() == net::ip::tcp::v6();
    detached.m_descriptor = m_tcp.release(ec);
    detached.m_tls = std::move(m_tls);
    detached.m_ahead = m_ahead.substr(m_taken);
    m_ahead.clear();
    m_taken = 0;
    return detached;
}

Socket::Handshake Socket::handshake()
{
    if (!m_tls)
        return Handshake::Done;
    ErrorCode ec;
    sendPending(ec);
    while (!ec && m_tls->state() == TlsSession::State::Handshaking)
        ec = readAhead();
    switch (m_tls->state()) {
    case TlsSession::State::PlainHttp:
        m_tls.reset();
        return Handshake::PlainHttp;
    case TlsSession::State::Closed:
    case TlsSession::State::Failed:
        return Handshake::Failed;
    case TlsSession::State::Open:
        return Handshake::Done;
    case TlsSession::State::Handshaking:
        break;
    }
    if (ec != net::error::would_block)
        return Handshake::Failed;
    return m_tls->pending().empty() ? Handshake::NeedsInput : Handshake::NeedsRoom;
}

Socket::ErrorCode Socket::readAhead()
{
    ErrorCode ec;
    std::array<char, ReadBytes> bytes;
    const std::size_t size = m_tcp.read_some(net::buffer(bytes), ec);
    if (!m_tls) {
        m_ahead.append(bytes.data(), size);
        return ec;
    }
    if (size > 0) {
        const std::size_t before = m_ahead.size();
        m_tls->receive({bytes.data(), size}, m_ahead, Clock::now());
        m_overhead += static_cast<std::int64_t>(size + before) - std::ssize(m_ahead);
    }
    ErrorCode ignored;
    sendPending(ignored);
    // What came before the end counts; the end is seen again.
    if (m_ahead.size() > m_taken)
        return {};
    if (const ErrorCode end = endOfTls())
        return end;
    return ec ? ec : net::error::would_block;
}

Socket::ErrorCode Socket::endOfTls() const
{
    if (m_tls && m_tls->state() == TlsSession::State::Failed)
        return net::error::connection_aborted;
    if (m_tls && m_tls->state() == TlsSession::State::Closed)
        return net::error::eof;
    return {};
}

std::size_t Socket::write_some(std::span<const net::const_buffer> pieces, ErrorCode &ec)
{
    if (m_tls)
        return encrypt(pieces, ec);
    return pieces.size() == 1 ? m_tcp.write_some(net::const_buffers_1(pieces.front()), ec)
                              : m_tcp.write_some(pieces, ec);
}

std::size_t Socket::encrypt(std::span<const net::const_buffer> pieces, ErrorCode &ec)
{
    if (!m_tls->canSend()) {
        ec = net::error::not_connected;
        return 0;
    }
    std::size_t left = sendPending(ec);
    if (left == 0 && !ec && m_tls->pending().empty()) {
        if (pieces.size() == 1 || pieces.front().size() >= BatchBytes) {
            m_tls->send(view(pieces.front()).substr(0, BatchBytes));
        } else {
            std::array<char, BatchBytes> batch;
            m_tls->send({batch.data(), net::buffer_copy(net::buffer(batch), pieces)});
        }
        left = sendPending(ec);
    }
    if (left == 0 && !ec)
        ec = net::error::would_block;
    return left;
}

std::size_t Socket::sendPending(ErrorCode &ec)
{
    const std::string_view pending = m_tls->pending();
    if (pending.empty())
        return 0;
    return m_tls->consume(
        m_tcp.write_some(net::const_buffers_1(pending.data(), pending.size()), ec));
}

std::size_t Socket::takeOverhead()
{
    // Negative when the rest of a record has come whose beginning was counted before.
    return m_overhead > 0 ? static_cast<std::size_t>(std::exchange(m_overhead, 0)) : 0;
}

void Socket::shutdown()
{
    ErrorCode ignored;
    if (m_tls) {
        m_tls->close();
        sendPending(ignored);
    }
    m_tcp.shutdown(Tcp::shutdown_send, ignored);
}

void Socket::close()
{
    ErrorCode ignored;
    if (m_tls && m_tcp.is_open()) {
        m_tls->close();
        sendPending(ignored);
    }
    m_tcp.close(ignored);
}

void Socket::reset()
{
    ErrorCode ignored;
    m_tcp.set_option(net::socket_base::linger(true, 0), ignored);
    m_tcp.close(ignored);
}

} // namespace Dispatch

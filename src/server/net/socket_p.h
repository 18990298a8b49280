// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "tlssession_p.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/bind_handler.hpp>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace Dispatch {

/// A TCP connection, in the clear or with TLS; who reads and writes plain text does not see which.
/// An AsyncStream of Asio's, for one read and one write at a time. Reads take what there is beyond
/// what was asked for, in large steps, and keep it for the next ones.
class Socket {
public:
    using executor_type = boost::asio::io_context::executor_type;
    using Tcp = boost::asio::basic_stream_socket<boost::asio::ip::tcp, executor_type>;
    using ErrorCode = boost::system::error_code;

    /// A connection on its way from one loop to another; closed if it does not arrive.
    class Detached {
    public:
        Detached() = default;
        Detached(Detached &&other) noexcept { *this = std::move(other); }
        Detached &operator=(Detached &&other) noexcept;
        ~Detached();

    private:
        friend class Socket;
        int m_descriptor = -1;
        bool m_isV6 = false;
        std::unique_ptr<TlsSession> m_tls;
        std::string m_ahead;
    };

    enum class Handshake {
        Done,
        NeedsInput,
        NeedsRoom,
        Failed, ///< or gone; TLS has told the other side why
        PlainHttp, ///< the other side speaks HTTP in the clear; so does this one from now on
    };

    /// Speaks TLS if there is a \a tls.
    explicit Socket(Tcp tcp, std::unique_ptr<TlsSession> tls = nullptr);
    /// Has \a detached go on in the loop of \a context. If that can't be, \a ec says why, and it is
    /// closed.
    static Socket attach(boost::asio::io_context &context, Detached detached, ErrorCode &ec);

    executor_type get_executor() noexcept { return m_tcp.get_executor(); }
    Tcp &tcp() { return m_tcp; }
    const Tcp &tcp() const { return m_tcp; }

    /// Goes on with the handshake of TLS, if there is one, as far as it gets without waiting. Has
    /// to come to an end before anything is read or written.
    Handshake handshake();
    /// What was wrong with TLS, for logs.
    std::string tlsFailure() const { return m_tls ? m_tls->failure() : std::string(); }

    template<class Buffers, class Handler>
    void async_read_some(const Buffers &buffers, Handler &&handler);
    template<class Buffers, class Handler>
    void async_write_some(const Buffers &buffers, Handler &&handler);

    /// Writes what the kernel takes of \a pieces, in as few system calls and TLS records as can be.
    /// After would_block the next call has to begin with the same bytes.
    std::size_t write_some(std::span<const boost::asio::const_buffer> pieces, ErrorCode &ec);

    /// How many bytes have come in since the last call that were no plain text: they cost, too.
    std::size_t takeOverhead();

    /// Has the next reads give \a bytes first.
    void putBack(std::string_view bytes) { m_ahead.insert(m_taken, bytes); }
    Detached detach();

    /// Tells the other side that nothing more will come.
    void shutdown();
    /// Says so, and ends.
    void close();
    /// Ends at once: the kernel shall not go on trying either.
    void reset();

private:
    /// How TLS has ended, if it has.
    ErrorCode endOfTls() const;
    template<class Buffers>
    std::size_t takeAhead(const Buffers &buffers);
    /// Reads what there is without waiting.
    ErrorCode readAhead();
    std::size_t encrypt(std::span<const boost::asio::const_buffer> pieces, ErrorCode &ec);
    /// Sends what TLS has pending; returns how many bytes of plain text have left so.
    std::size_t sendPending(ErrorCode &ec);
    template<class Buffers, class Handler>
    void readEncrypted(const Buffers &buffers, Handler handler);

    Tcp m_tcp;
    std::unique_ptr<TlsSession> m_tls;
    std::string m_ahead; // plain text
    std::size_t m_taken = 0; // of it
    std::int64_t m_overhead = 0; // of cipher text, in bytes
};

template<class Buffers>
std::size_t Socket::takeAhead(const Buffers &buffers)
{
    const std::size_t bytes =
        boost::asio::buffer_copy(buffers, boost::asio::buffer(m_ahead) + m_taken);
    m_taken += bytes;
    if (m_taken == m_ahead.size()) {
        std::string().swap(m_ahead); // an assignment would keep the memory
        m_taken = 0;
    }
    return bytes;
}

template<class Buffers, class Handler>
void Socket::async_read_some(const Buffers &buffers, Handler &&handler)
{
    const bool hasAhead = m_ahead.size() > m_taken;
    // An end may have come with what was read before: then nothing comes that could be waited for.
    const ErrorCode end = hasAhead ? ErrorCode() : endOfTls();
    if (hasAhead || end) {
        boost::asio::post(get_executor(),
                          boost::beast::bind_front_handler(std::forward<Handler>(handler), end,
                                                           takeAhead(buffers)));
        return;
    }
    if (m_tls)
        return readEncrypted(buffers, std::decay_t<Handler>(std::forward<Handler>(handler)));
    m_tcp.async_read_some(
        buffers,
        [this, buffers, next = std::decay_t<Handler>(std::forward<Handler>(handler))](
            ErrorCode ec, std::size_t bytes) mutable {
            // Beast reads in small steps: of who sends much the rest is read in a large one.
            if (!ec && bytes == boost::asio::buffer_size(buffers))
                readAhead();
            next(ec, bytes);
        });
}

template<class Buffers, class Handler>
void Socket::readEncrypted(const Buffers &buffers, Handler handler)
{
    m_tcp.async_wait(Tcp::wait_read,
                     [this, buffers, next = std::move(handler)](ErrorCode ec) mutable {
                         if (!ec)
                             ec = readAhead();
                         if (ec == boost::asio::error::would_block)
                             return readEncrypted(buffers, std::move(next));
                         next(ec, takeAhead(buffers));
                     });
}

template<class Buffers, class Handler>
void Socket::async_write_some(const Buffers &buffers, Handler &&handler)
{
    if (!m_tls)
        return m_tcp.async_write_some(buffers, std::forward<Handler>(handler));
    const std::vector<boost::asio::const_buffer> pieces(boost::asio::buffer_sequence_begin(buffers),
                                                        boost::asio::buffer_sequence_end(buffers));
    ErrorCode ec;
    const std::size_t bytes = boost::asio::buffer_size(pieces) > 0 ? encrypt(pieces, ec) : 0;
    if (ec != boost::asio::error::would_block) {
        boost::asio::post(
            get_executor(),
            boost::beast::bind_front_handler(std::forward<Handler>(handler), ec, bytes));
        return;
    }
    m_tcp.async_wait(Tcp::wait_write,
                     [this, buffers, next = std::decay_t<Handler>(std::forward<Handler>(handler))](
                         ErrorCode waitEc) mutable {
                         if (waitEc)
                             next(waitEc, 0);
                         else
                             async_write_some(buffers, std::move(next));
                     });
}

} // namespace Dispatch

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "wire.h"

#include <cerrno>
#include <stdexcept>
#include <sys/socket.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

namespace Load {

namespace {

SSL_CTX *context()
{
    static const std::shared_ptr<SSL_CTX> shared = [] {
        std::shared_ptr<SSL_CTX> made(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free);
        SSL_CTX_set_mode(made.get(),
                         SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE
                             | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
        return made;
    }();
    return shared.get();
}

} // namespace

Wire::Wire(int fd, bool isEncrypted)
    : m_fd(fd)
{
    if (!isEncrypted)
        return;
    m_ssl.reset(SSL_new(context()), &SSL_free);
    SSL_set_fd(m_ssl.get(), fd);
    SSL_set_connect_state(m_ssl.get());
}

bool Wire::handshake()
{
    if (!m_ssl || SSL_is_init_finished(m_ssl.get()))
        return true;
    ERR_clear_error();
    const int done = SSL_do_handshake(m_ssl.get());
    if (done != 1 && SSL_get_error(m_ssl.get(), done) != SSL_ERROR_WANT_READ)
        throw std::runtime_error("the handshake of TLS failed");
    return done == 1;
}

ssize_t Wire::receive(char *data, std::size_t size)
{
    if (!m_ssl)
        return ::recv(m_fd, data, size, 0);
    // OpenSSL gives one record at a time.
    std::size_t all = 0;
    std::size_t bytes = 0;
    int done = 1;
    ERR_clear_error();
    for (; all < size; all += bytes) {
        done = SSL_read_ex(m_ssl.get(), data + all, size - all, &bytes);
        if (done != 1)
            break;
    }
    return all > 0 ? ssize_t(all) : result(done, 0);
}

ssize_t Wire::send(std::string_view data)
{
    if (!m_ssl)
        return ::send(m_fd, data.data(), data.size(), MSG_NOSIGNAL);
    if (data.empty())
        return 0;
    ERR_clear_error();
    std::size_t bytes = 0;
    const int done = SSL_write_ex(m_ssl.get(), data.data(), data.size(), &bytes);
    return result(done, bytes);
}

ssize_t Wire::result(int done, std::size_t bytes)
{
    if (done == 1)
        return ssize_t(bytes);
    const int error = SSL_get_error(m_ssl.get(), done);
    if (error == SSL_ERROR_ZERO_RETURN)
        return 0;
    errno = error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE ? EAGAIN : ECONNRESET;
    return -1;
}

} // namespace Load

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "tlssession_p.h"

#include <algorithm>
#include <array>
#include <memory>
#include <new>
#include <utility>

#include <openssl/err.h>
#include <openssl/ssl.h>

namespace Dispatch {

namespace {

constexpr std::size_t RecordBytes = 16 * 1024;
// Header, nonce, tag and padding of a record, generously.
constexpr std::size_t RecordOverhead = 64;
// Of TLS itself, both ways. A handshake has a dozen at once; after it, keys are renewed and the
// like, which costs us more than the other side, and which nobody needs every few seconds.
constexpr double MessageBurst = 32;
constexpr double MessagesPerSecond = 1;
// A batch of send(), and as much again that answers who does not read.
constexpr std::size_t MostPendingBytes = 128 * 1024;

bool isHttp(std::string_view bytes)
{
    return bytes.front() >= 'A' && bytes.front() <= 'Z';
}

} // namespace

TlsSession::TlsSession(const TlsContext &context)
    : m_ssl(SSL_new(context.get()))
{
    BIO *bio = m_ssl ? BIO_new(pipe()) : nullptr;
    if (!bio) {
        SSL_free(m_ssl);
        throw std::bad_alloc();
    }
    BIO_set_data(bio, this);
    BIO_set_init(bio, 1);
    SSL_set_bio(m_ssl, bio, bio);
    SSL_set_accept_state(m_ssl);
    SSL_set_msg_callback(m_ssl, onMessage);
    SSL_set_msg_callback_arg(m_ssl, this);
}

TlsSession::~TlsSession()
{
    SSL_free(m_ssl);
}

void TlsSession::receive(std::string_view cipherText, std::string &plainText, TimePoint now)
{
    m_now = now;
    if (!cipherText.empty() && !std::exchange(m_hasBegun, true) && isHttp(cipherText))
        m_state = State::PlainHttp;
    m_input = cipherText;
    std::array<char, RecordBytes> record;
    while (m_state == State::Handshaking || m_state == State::Open) {
        ERR_clear_error();
        std::size_t bytes = 0;
        const int result = SSL_read_ex(m_ssl, record.data(), record.size(), &bytes);
        if (m_state == State::Handshaking && SSL_is_init_finished(m_ssl))
            m_state = State::Open;
        if (result == 1) {
            plainText.append(record.data(), bytes);
        } else if (SSL_get_error(m_ssl, result) == SSL_ERROR_WANT_READ) {
            break;
        } else {
            fail(result);
        }
    }
    m_input = {};
}

void TlsSession::send(std::string_view plainText)
{
    if (!canSend() || plainText.empty())
        return;
    ERR_clear_error();
    m_pending.reserve(plainText.size() + (plainText.size() / RecordBytes + 1) * RecordOverhead);
    std::size_t written = 0;
    const int result = SSL_write_ex(m_ssl, plainText.data(), plainText.size(), &written);
    if (result == 1)
        m_pendingPlain = written;
    else
        fail(result);
}

void TlsSession::close()
{
    if (!canSend())
        return;
    ERR_clear_error();
    SSL_shutdown(m_ssl);
    ERR_clear_error();
}

std::size_t TlsSession::consume(std::size_t cipherBytes)
{
    if (cipherBytes == 0)
        return 0;
    const std::size_t plainBytes = m_pendingPlain * cipherBytes / m_pending.size();
    m_pendingPlain -= plainBytes;
    if (cipherBytes == m_pending.size())
        std::string().swap(m_pending); // an assignment would keep the memory
    else
        m_pending.erase(0, cipherBytes);
    return plainBytes;
}

void TlsSession::fail(int result)
{
    if (SSL_get_error(m_ssl, result) == SSL_ERROR_ZERO_RETURN) {
        m_state = State::Closed;
        return;
    }
    m_state = State::Failed;
    const char *reason = ERR_reason_error_string(ERR_peek_error());
    m_failure = reason ? reason : "too many messages of TLS itself";
    ERR_clear_error();
}

const BIO_METHOD *TlsSession::pipe()
{
    static const auto method = [] {
        std::unique_ptr<BIO_METHOD, decltype(&BIO_meth_free)> made(
            BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "dispatch"), &BIO_meth_free);
        if (!made)
            throw std::bad_alloc();
        BIO_meth_set_read(made.get(), read);
        BIO_meth_set_write(made.get(), write);
        BIO_meth_set_ctrl(made.get(), control);
        return made;
    }();
    return method.get();
}

int TlsSession::read(BIO *bio, char *data, int size)
{
    BIO_clear_retry_flags(bio);
    auto *session = static_cast<TlsSession *>(BIO_get_data(bio));
    if (session->m_hasTooManyMessages || session->m_pending.size() > MostPendingBytes)
        return -1;
    if (session->m_input.empty()) {
        BIO_set_retry_read(bio);
        return -1;
    }
    const std::size_t bytes = std::min(static_cast<std::size_t>(size), session->m_input.size());
    session->m_input.copy(data, bytes);
    session->m_input.remove_prefix(bytes);
    return static_cast<int>(bytes);
}

int TlsSession::write(BIO *bio, const char *data, int size)
{
    auto *session = static_cast<TlsSession *>(BIO_get_data(bio));
    session->m_pending.append(data, static_cast<std::size_t>(size));
    return size;
}

void TlsSession::countMessage()
{
    const Rate rate(MessagesPerSecond, MessageBurst);
    if (m_messages.take(rate, 1, m_now) > Duration::zero())
        m_hasTooManyMessages = true;
}

long TlsSession::control(BIO *, int command, long, void *)
{
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

void TlsSession::onMessage(int, int, int contentType, const void *, std::size_t, SSL *,
                           void *session)
{
    if (contentType == SSL3_RT_HANDSHAKE || contentType == SSL3_RT_ALERT)
        static_cast<TlsSession *>(session)->countMessage();
}

} // namespace Dispatch

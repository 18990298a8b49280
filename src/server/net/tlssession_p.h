// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "clock_p.h"
#include "tlscontext_p.h"
#include "tokenbucket_p.h"

#include <cstddef>
#include <string>
#include <string_view>

struct bio_st;
struct bio_method_st;
struct ssl_st;

namespace Dispatch {

/// The server's end of one TLS connection: cipher text in, plain text out, and the other way
/// round. Knows no socket, no clock and no thread; OpenSSL does what is to be done.
class TlsSession {
public:
    enum class State {
        Handshaking,
        Open,
        Closed, ///< the other side has said all
        Failed, ///< what came was no TLS that is allowed; an alert may be pending
        PlainHttp, ///< what came first was an HTTP request
    };

    explicit TlsSession(const TlsContext &context);
    ~TlsSession();
    TlsSession(const TlsSession &) = delete;
    TlsSession &operator=(const TlsSession &) = delete;

    State state() const { return m_state; }
    bool canSend() const { return m_state == State::Open || m_state == State::Closed; }
    /// What OpenSSL says of a failure, for logs.
    std::string failure() const { return m_failure; }

    /// Takes all of \a cipherText, and appends what it says to \a plainText. Fails if more comes
    /// of TLS itself than anybody needs, or the answers to it are not read.
    void receive(std::string_view cipherText, std::string &plainText, TimePoint now);
    /// Encrypts \a plainText in as few records as can be. Nothing must be pending.
    void send(std::string_view plainText);
    /// Says that no more will be sent.
    void close();

    /// What the other side has to get: of send(), and what TLS itself has to say.
    std::string_view pending() const { return m_pending; }
    /// Forgets the first \a cipherBytes of what is pending; returns how many bytes of plain text
    /// have left with them. That is a share, so that each byte that leaves is progress, and in the
    /// end exactly what was given to send().
    std::size_t consume(std::size_t cipherBytes);

private:
    // The end of OpenSSL's pipe.
    static const bio_method_st *pipe();
    static int read(bio_st *bio, char *data, int size);
    static int write(bio_st *bio, const char *data, int size);
    static long control(bio_st *bio, int command, long number, void *pointer);
    static void onMessage(int isOutgoing, int version, int contentType, const void *data,
                          std::size_t size, ssl_st *ssl, void *session);

    void countMessage();
    void fail(int result);

    ssl_st *m_ssl;
    std::string_view m_input; // only while receive() runs
    std::string m_pending;
    std::size_t m_pendingPlain = 0; // bytes that it stands for
    std::string m_failure;
    TokenBucket m_messages; // of TLS itself
    TimePoint m_now; // of receive()
    State m_state = State::Handshaking;
    bool m_hasBegun = false;
    bool m_hasTooManyMessages = false;
};

} // namespace Dispatch

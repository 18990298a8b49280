// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatchclient_export.h"

#include <QtCore/qexception.h>
#include <QtCore/qmetatype.h>
#include <QtCore/qobjectdefs.h>
#include <QtCore/qstring.h>

#include <chrono>
#include <optional>

/// An error of Dispatch: a code for programs, a sentence for people that says what to do, and
/// whether trying again can help. It is thrown by the futures of DispatchClient. A value: any
/// thread may have its own. \since 0.1
class DISPATCH_CLIENT_EXPORT DispatchError : public QException {
    Q_GADGET
    Q_PROPERTY(Code code READ code CONSTANT)
    Q_PROPERTY(QString message READ message CONSTANT)
    Q_PROPERTY(QString reason READ reason CONSTANT)
    Q_PROPERTY(bool retryable READ isRetryable CONSTANT)
    Q_PROPERTY(int retryAfter READ retryAfterMs CONSTANT) // ms; -1: was not told

public:
    /// What went wrong.
    enum Code {
        NoError, ///< nothing went wrong
        // The way to the server
        NetworkError, ///< no connection: refused, unreachable, host not found, cut
        TlsError, ///< the server's certificate was not accepted
        Timeout, ///< the server did not answer in time
        HeartbeatTimeout, ///< the connection was open, but nothing came any more
        ProtocolError, ///< the other side is no Dispatch server, or speaks another language
        ClosedByServer, ///< the server ended the connection and wants us not to come back
        // Joins
        InvalidUrl, ///< url is empty or no ws:// or wss:// URL, or ws:// where only wss:// leads
        InsecureUrl, ///< ws:// to another machine, and allowInsecure is not set
        InvalidParameters, ///< projectId, shardName, maxConnectionsPerShard, caFile or proxy
        Unauthorized, ///< the token was refused
        TokenUnavailable, ///< the token provider gave none, or none in time
        ShardFull, ///< the named shard has no room
        ServerUnavailable, ///< the server is full or restarting
        TooManyAttempts, ///< the reconnect policy allows no more attempts
        // Events
        InvalidEventName, ///< empty, too long, or reserved for the platform ("@@...")
        InvalidPayload, ///< not what JSON can carry
        InvalidOptions, ///< see DispatchEmitOptions and DispatchRequestOptions
        MessageTooBig, ///< over 128,000 UTF-16 code units
        NotConnected, ///< and neither the queue policy nor the event's options let it wait
        QueueFull, ///< a bound of the queue policy was reached, or that of requests that wait
        Expired, ///< waited in the queue for longer than its policy or the event's options allow
        Superseded, ///< a newer event took its place in the queue (DispatchEmitOptions::KeepLatest)
        Discarded, ///< was still in the queue when the client was told to disconnect
        FateUnknown, ///< it was sent, and nobody can say any more whether it arrived
        RefusedByServer, ///< see reason() for the server's own code
        UnreadablePayload, ///< what came is not what the type asked for takes (on<T>())
        // Requests
        NoReply, ///< nobody answered in time
        NotSupported, ///< the server speaks the base profile, which has no requests
        // Calls
        Cancelled, ///< ended by disconnect(), another connect() or the client's end
    };
    Q_ENUM(Code)

    DispatchError();
    /// One with all that there is to say of it.
    DispatchError(Code code, const QString &message, bool retryable = false,
                  const QString &reason = {},
                  std::optional<std::chrono::milliseconds> retryAfter = {});
    ~DispatchError() override;

    /// What went wrong, for programs.
    Code code() const { return m_code; }
    /// A sentence for people.
    QString message() const { return m_message; }
    /// The server's code for a refusal ("shard_full"), or empty.
    QString reason() const { return m_reason; }
    /// Whether the same thing can succeed later.
    bool isRetryable() const { return m_retryable; }
    /// After how long it can succeed, where the server told it (as with "rate_limited"). \since 0.1
    std::optional<std::chrono::milliseconds> retryAfter() const { return m_retryAfter; }
    /// Whether it is an error: not NoError.
    explicit operator bool() const { return m_code != NoError; }

    bool operator==(const DispatchError &other) const;

    void raise() const override;
    DispatchError *clone() const override;
    const char *what() const noexcept override;

private:
    int retryAfterMs() const;

    Code m_code = NoError;
    bool m_retryable = false;
    QString m_message;
    QString m_reason;
    std::optional<std::chrono::milliseconds> m_retryAfter;
    QByteArray m_what;
};

Q_DECLARE_METATYPE(DispatchError)

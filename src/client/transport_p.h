// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "closecode_p.h"
#include "dispatchtypes.h"
#include "verdict_p.h"

#include <QtCore/qbytearray.h>
#include <QtCore/qstringlist.h>
#include <QtCore/qurl.h>
#include <QtNetwork/qnetworkproxy.h>
#include <QtNetwork/qsslconfiguration.h>

#include <memory>

namespace Dispatch {

/// What a connection tells. Each call may destroy the transport.
class TransportListener {
public:
    virtual ~TransportListener() = default;
    virtual void transportOpened() = 0;
    /// Bytes came: a part of a message, or of what is none.
    virtual void transportHeard() = 0;
    virtual void transportMessage(const QString &text) = 0;
    virtual void transportPong(const QByteArray &payload) = 0;
    /// There is room again after a send that left bytesToWrite() high.
    virtual void transportWritten() = 0;
    /// The handshake was answered with something that is no upgrade.
    virtual void transportRefused(const StatusLine &answer) = 0;
    virtual void transportEnded(const Verdict &verdict) = 0;
};

/// What a connection is made with.
struct TransportRequest {
    QUrl url;
    QByteArray authorization; ///< value of the header of that name; empty for none
    QSslConfiguration sslConfiguration; ///< null for ws://
    DispatchIncomingLimits limits;
    QNetworkProxy proxy;
    QStringList subprotocols = {}; ///< that are offered
};

/// One connection attempt, and the connection that comes of it.
///
/// An implementation
/// - MUST NOT call its listener from inside open(), send(), ping(), setPaused(), abort(),
/// goodbye();
/// - MUST call exactly one of transportRefused() and transportEnded(), once, when the attempt or
/// the
///   connection ends by itself, and nothing after it;
/// - MUST NOT call its listener after abort(), close(), goodbye() or its destruction;
/// - MUST NOT be used for a second attempt;
/// - MAY leave an attempt without an answer for ever: deadlines are the listener's;
/// - MUST keep the order of what is sent, and hand over only whole text messages;
/// - MUST end a connection that breaks the limits, and stop reading while paused.
class Transport {
public:
    virtual ~Transport() = default;
    virtual void open(const TransportRequest &request) = 0;
    /// False if the message was not taken.
    virtual bool send(const QString &text) = 0;
    virtual void ping(const QByteArray &payload) = 0;
    /// The sub-protocol that the server chose; empty if it chose none.
    virtual QString subprotocol() const = 0;
    virtual qint64 bytesToWrite() const = 0;
    /// Stops reading from the network, or goes on.
    virtual void setPaused(bool paused) = 0;
    /// Sends a close frame with \a code and \a reason, as far as there is room for it, and drops
    /// the connection without waiting for an answer. The transport can be destroyed at once.
    virtual void close(CloseCode code, const QString &reason) = 0;
    /// Drops the connection at once.
    virtual void abort() = 0;
    /// Sends what is still to be sent, then a close frame; for a limited time. The transport can
    /// be destroyed at once.
    virtual void goodbye() = 0;
};

} // namespace Dispatch

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "closecode_p.h"
#include "lane_p.h"
#include "verdict_p.h"

#include <QtCore/qbytearray.h>
#include <QtCore/qstring.h>

#include <memory>
#include <optional>

namespace Dispatch::TestKit {

class Network;

/// The client's end of a connection.
class ClientEnd {
public:
    virtual void linkOpened(const QString &subprotocol) = 0;
    virtual void linkRefused(const StatusLine &answer) = 0;
    virtual void linkMessage(const QString &text) = 0;
    virtual void linkPong(const QByteArray &payload) = 0;
    virtual void linkClosed(CloseCode code, const QString &reason) = 0;
    /// The connection is gone without a word.
    virtual void linkLost() = 0;

protected:
    ~ClientEnd() = default;
};

/// The server's end of a connection.
class ServerEnd {
public:
    virtual void linkReceived(const QString &text) = 0;
    /// Nothing: without a close frame.
    virtual void linkEnded(std::optional<CloseCode> code) = 0;

protected:
    ~ServerEnd() = default;
};

/// A connection, or the attempt at one. Belongs to whoever has an end of it.
class Link : public std::enable_shared_from_this<Link> {
public:
    Link(std::shared_ptr<Network> network, ClientEnd *client);
    ~Link();
    Q_DISABLE_COPY_MOVE(Link)

    // The client's.
    /// Has \a request made when it arrives at the server.
    void open(std::function<void()> request);
    void sendToServer(const QString &text);
    void ping(const QByteArray &payload);
    /// Nothing: without a close frame. The client hears nothing more.
    void leave(std::optional<CloseCode> code);
    /// Stops what comes to the client, or lets it go on.
    void setPaused(bool isPaused);

    // The server's.
    void accept(ServerEnd *server, const QString &subprotocol);
    void refuse(const StatusLine &answer);
    void sendToClient(const QString &text);
    void close(CloseCode code, const QString &reason);
    /// The server has nothing more to do with it.
    void forget();

    // The network's.
    /// Breaks the connection, for both.
    void cut();
    /// Whether nothing arrives, in either direction.
    void setSilent(bool isSilent);
    /// Between one end and the other.
    Milliseconds latency() const;

private:
    template<typename Arrival>
    void toClient(Arrival arrival);

    const std::shared_ptr<Network> m_network;
    ClientEnd *m_client;
    ServerEnd *m_server = nullptr;
    Lane m_toServer;
    Lane m_toClient;
    bool m_isPaused = false;
    bool m_isSilent = false;
};

} // namespace Dispatch::TestKit

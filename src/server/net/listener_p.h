// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatchserversettings.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <QtNetwork/qhostaddress.h>

#include <memory>
#include <thread>
#include <unordered_set>

namespace Dispatch {

class Hub;
class HttpSession;

/// Accepts connections on a thread of its own, and keeps each until its request is answered or
/// handed to the worker that serves its shard.
class Listener {
public:
    Listener(Hub &hub, const DispatchServerSettings &settings);
    /// Stops accepting, and drops requests that are not answered yet.
    ~Listener();

    /// Binds and starts; what went wrong, if anything.
    boost::system::error_code listen(const QHostAddress &address, quint16 port);
    quint16 port() const;
    /// May be called on any thread.
    void reconfigure(const DispatchServerSettings &settings);

    /// On the listener's thread.
    const DispatchServerSettings &settings() const { return m_settings; }

    /// To be called by a session that has ended, on the listener's thread.
    void sessionEnded(HttpSession *session);

private:
    boost::system::error_code bind(const boost::asio::ip::tcp::endpoint &endpoint, bool v6Only);
    void accept();
    void accepted(boost::system::error_code ec, boost::asio::ip::tcp::socket socket);

    Hub &m_hub;
    DispatchServerSettings m_settings; // this thread's own
    std::unordered_set<HttpSession *> m_sessions;
    boost::asio::io_context m_context;
    boost::asio::ip::tcp::acceptor m_acceptor;
    boost::asio::steady_timer m_retryTimer;
    std::thread m_thread;
    bool m_isPaused = false;
    bool m_hasWarned = false;
    bool m_isStopping = false;
};

} // namespace Dispatch

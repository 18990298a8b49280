// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatchserversettings.h"
#include "filereserve_p.h"
#include "gate_p.h"
#include "loglimiter_p.h"
#include "mailbox_p.h"
#include "pulse_p.h"
#include "router_p.h"
#include "socket_p.h"
#include "tlscontext_p.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <QtNetwork/qhostaddress.h>

#include <atomic>
#include <memory>
#include <optional>
#include <thread>
#include <unordered_set>

namespace Dispatch {

class Hub;
class HttpSession;
struct Counters;

/// Accepts connections on a thread of its own, has its router answer requests, and keeps each
/// connection until it ends or is handed to the worker that serves its shard. A server can have
/// several, for different people.
class Listener {
public:
    /// \a counters count what is refused here; nobody else counts with them.
    Listener(Hub &hub, Counters &counters, const DispatchServerSettings &settings, Router router,
             TlsContext tls = nullptr);
    /// Stops accepting, and drops requests that are not answered yet.
    ~Listener();

    /// Binds and starts; what went wrong, if anything.
    boost::system::error_code listen(const QHostAddress &address, quint16 port);
    quint16 port() const;
    /// May be called on any thread.
    void reconfigure(const DispatchServerSettings &settings);
    /// Has new connections speak TLS by \a tls, or none if it is null. May be called on any thread.
    void setTls(TlsContext tls);

    /// On the listener's thread.
    const DispatchServerSettings &settings() const { return m_settings; }
    const Gate &gate() const { return m_gate; }
    const Router &router() const { return m_router; }
    Counters &counters() { return m_counters; }
    /// Beats while the listener's loop turns.
    std::shared_ptr<const Pulse> pulse() const { return m_pulse; }
    /// What is posted there runs on the listener's thread; may be used on any thread.
    const std::shared_ptr<Mailbox> &mailbox() const { return m_mailbox; }

    /// For operators, if they may want to let the visitor in; else in debug mode.
    void logRefusal(const Visitor &visitor, Refusal refusal, std::string_view detail);
    /// To be called by a session that has ended, on the listener's thread.
    void sessionEnded(HttpSession *session);

private:
    boost::system::error_code bind(const boost::asio::ip::tcp::endpoint &endpoint, bool v6Only);
    void accept();
    void beat();
    /// Accepts those who are there; somebody for whom there is no file in the place of a reserved
    /// one.
    void acceptWaiting();
    void acceptLater(boost::system::error_code why);
    /// Begins a session, which turns the client away if it is to be refused.
    void welcome(Socket::Tcp tcp, std::optional<Refusal> refusal);
    /// Whether one more who is not let in can be told so; if not, he hears nothing.
    bool mayTell(bool byTls);
    /// Why \a visitor has to go before it has said anything; if not, it is counted.
    std::optional<Refusal> refusalOf(Visitor &visitor);

    Hub &m_hub;
    Counters &m_counters;
    DispatchServerSettings m_settings; // this thread's own, as the next but m_tls
    Gate m_gate;
    std::atomic<TlsContext> m_tls; // also others': who comes after an exchange gets the new one
    TokenBucket m_newcomers;
    TokenBucket m_tellings; // by TLS, to those who are turned away
    LogLimiter m_refusalLog;
    const Router m_router;
    std::unordered_set<HttpSession *> m_sessions;
    boost::asio::io_context m_context;
    const std::shared_ptr<Mailbox> m_mailbox;
    boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, Socket::executor_type> m_acceptor;
    FileReserve m_reserve;
    boost::asio::steady_timer m_retryTimer;
    boost::asio::steady_timer m_pulseTimer;
    const std::shared_ptr<Pulse> m_pulse = std::make_shared<Pulse>();
    std::thread m_thread;
    int m_turnedAway = 0; // of the sessions
    bool m_isPaused = false;
    bool m_hasWarned = false;
    bool m_isStopping = false;
};

} // namespace Dispatch

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "listener_p.h"

#include "asioaddress_p.h"
#include "filebudget_p.h"
#include "httpsession_p.h"
#include "hub_p.h"
#include "logging_p.h"
#include "logtext_p.h"

#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <fcntl.h>

namespace Dispatch {

namespace net = boost::asio;
using net::ip::tcp;
using ErrorCode = boost::system::error_code;

namespace {

constexpr int Backlog = 4096;
// Requests that are read at the same time; further ones wait in the backlog.
constexpr std::size_t MostSessions = 8192;
constexpr int AcceptsPerTurn = 64;
// Who are told at the same time that they are not let in; the others hear nothing.
constexpr int MostTurnedAway = 512;
// With TLS it costs a handshake each: so many a second, and at once, are worth that.
constexpr double TurnedAwayByTls = 100;
// How long to wait when not even these are left.
constexpr std::chrono::milliseconds RetryDelay{100};
constexpr milliseconds ShortestBeat{10};
constexpr milliseconds LongestBeat{1'000};

/// A program that the application starts meanwhile would hold the port, and the client, for as long
/// as it runs.
void keepFromPrograms(int descriptor)
{
    ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
}

bool isOutOfFiles(ErrorCode ec)
{
    return ec == net::error::no_descriptors
        || ec == boost::system::errc::too_many_files_open_in_system;
}

bool isOutOfMemory(ErrorCode ec)
{
    return ec == net::error::no_buffer_space || ec == net::error::no_memory;
}

} // namespace

Listener::Listener(Hub &hub, Counters &counters, const DispatchServerSettings &settings,
                   Router router, TlsContext tls)
    : m_hub(hub)
    , m_counters(counters)
    , m_settings(settings)
    , m_gate(settings)
    , m_tls(std::move(tls))
    , m_router(std::move(router))
    , m_context(1)
    , m_mailbox(std::make_shared<Mailbox>(m_context))
    , m_acceptor(m_context)
    , m_reserve(m_router.isJoinable() ? FilesReservedForClients : FilesReservedForOperators)
    , m_retryTimer(m_context)
    , m_pulseTimer(m_context)
{
}

Listener::~Listener()
{
    m_mailbox->close();
    if (!m_thread.joinable())
        return;
    net::post(m_context, [this] {
        m_isStopping = true;
        ErrorCode ignored;
        m_acceptor.close(ignored);
        m_retryTimer.cancel();
        m_pulseTimer.cancel();
        for (HttpSession *session : m_sessions)
            session->stop();
    });
    m_thread.join();
}

ErrorCode Listener::listen(const QHostAddress &address, quint16 port)
{
    ErrorCode ec;
    if (address.protocol() == QAbstractSocket::AnyIPProtocol) {
        ec = bind({tcp::v6(), port}, false);
        // A machine without IPv6.
        if (ec)
            ec = bind({tcp::v4(), port}, false);
    } else {
        ec = bind({toAsio(address), port}, true);
    }
    if (ec)
        return ec;
    accept();
    beat();
    m_thread = std::thread([this] { m_context.run(); });
    return ec;
}

quint16 Listener::port() const
{
    ErrorCode ignored;
    return m_acceptor.local_endpoint(ignored).port();
}

void Listener::reconfigure(const DispatchServerSettings &settings)
{
    net::post(m_context, [this, settings] {
        m_settings = settings;
        m_gate = Gate(settings);
    });
}

void Listener::logRefusal(const Visitor &visitor, Refusal refusal, std::string_view detail)
{
    const bool isForOperators = refusal == Refusal::OriginNotAllowed
        || refusal == Refusal::ServerFull || refusal == Refusal::ServerBusy
        || refusal == Refusal::TooManyFromAddress;
    if (!(isForOperators ? lcServer().isInfoEnabled() : lcServer().isDebugEnabled()))
        return;
    const std::optional<int> suppressed = m_refusalLog.admit(Clock::now());
    if (!suppressed)
        return;
    std::string text = "Refused " + toAsio(visitor.client).to_string() + ": ";
    text += info(refusal).slug;
    if (!detail.empty())
        text.append(" (").append(escapedForLog(detail)).append(")");
    if (*suppressed > 0)
        text += " (" + std::to_string(*suppressed) + " suppressed)";
    if (isForOperators)
        qCInfo(lcServer, "%s", text.c_str());
    else
        qCDebug(lcServer, "%s", text.c_str());
}

void Listener::setTls(TlsContext tls)
{
    m_tls = std::move(tls);
}

void Listener::sessionEnded(HttpSession *session)
{
    m_sessions.erase(session);
    m_turnedAway -= session->isTurnedAway() ? 1 : 0;
    if (std::exchange(m_isPaused, false))
        accept();
}

ErrorCode Listener::bind(const tcp::endpoint &endpoint, bool v6Only)
{
    ErrorCode ec;
    m_acceptor.close(ec);
    m_acceptor.open(endpoint.protocol(), ec);
    if (ec)
        return ec;
    keepFromPrograms(m_acceptor.native_handle());
    m_acceptor.set_option(tcp::acceptor::reuse_address(true), ec);
    if (endpoint.protocol() == tcp::v6())
        m_acceptor.set_option(net::ip::v6_only(v6Only), ec);
    m_acceptor.bind(endpoint, ec);
    if (!ec)
        m_acceptor.listen(Backlog, ec);
    if (!ec)
        m_acceptor.non_blocking(true, ec);
    return ec;
}

void Listener::accept()
{
    if (m_isStopping)
        return;
    // Not async_accept(): without a file left that fails at once, though nobody is there.
    m_acceptor.async_wait(tcp::acceptor::wait_read, [this](ErrorCode ec) {
        if (!ec)
            acceptWaiting();
    });
}

void Listener::beat()
{
    if (m_isStopping)
        return;
    m_pulse->beat(Clock::now());
    m_pulseTimer.expires_after(
        std::clamp(milliseconds(m_settings.healthTimeout / 4), ShortestBeat, LongestBeat));
    m_pulseTimer.async_wait([this](ErrorCode) { beat(); });
}

void Listener::acceptWaiting()
{
    for (int i = 0; i < AcceptsPerTurn && !m_isStopping; ++i) {
        if (m_sessions.size() >= MostSessions) {
            m_isPaused = true;
            return;
        }
        // What becomes free belongs to the reserve first.
        bool hasFiles = m_reserve.fill();
        ErrorCode ec;
        Socket::Tcp socket = m_acceptor.accept(ec);
        if (isOutOfFiles(ec) && m_reserve.release()) {
            hasFiles = false;
            socket = m_acceptor.accept(ec);
        }
        if (ec == net::error::would_block)
            break;
        if (isOutOfFiles(ec) || isOutOfMemory(ec))
            return acceptLater(ec);
        if (ec)
            continue; // somebody who has gone already
        m_hasWarned = m_hasWarned && !hasFiles;
        keepFromPrograms(socket.native_handle());
        welcome(std::move(socket), hasFiles ? std::nullopt : std::optional(Refusal::ServerFull));
    }
    accept();
}

void Listener::acceptLater(ErrorCode why)
{
    if (!std::exchange(m_hasWarned, true)) {
        qCWarning(lcServer, "Can't accept a client: %s; raise the limit of open files",
                  why.message().c_str());
    }
    m_retryTimer.expires_after(RetryDelay);
    m_retryTimer.async_wait([this](ErrorCode) { accept(); });
}

void Listener::welcome(Socket::Tcp tcp, std::optional<Refusal> refusal)
{
    ErrorCode ec;
    const QHostAddress peer = toQt(tcp.remote_endpoint(ec).address());
    if (ec)
        return; // gone already
    Visitor visitor{peer, peer, nullptr};
    if (!refusal)
        refusal = refusalOf(visitor);
    const TlsContext tls = m_tls;
    if (refusal) {
        m_counters.refusedJoins.add(*refusal);
        logRefusal(visitor, *refusal, {});
        if (!mayTell(tls != nullptr))
            return;
    }
    Socket socket(std::move(tcp), tls ? std::make_unique<TlsSession>(tls) : nullptr);
    const auto session =
        std::make_shared<HttpSession>(m_hub, *this, std::move(socket), std::move(visitor));
    m_sessions.insert(session.get());
    if (!refusal)
        return session->start();
    ++m_turnedAway;
    session->turnAway(*refusal);
}

bool Listener::mayTell(bool byTls)
{
    const Rate rate(TurnedAwayByTls, TurnedAwayByTls);
    return m_turnedAway < MostTurnedAway
        && (!byTls || m_tellings.take(rate, 1, Clock::now()) == Duration::zero());
}

std::optional<Refusal> Listener::refusalOf(Visitor &visitor)
{
    const Rate rate(m_settings.connectionsPerSecond, m_settings.connectionBurst);
    if (m_newcomers.take(rate, 1, Clock::now()) > Duration::zero())
        return Refusal::ServerBusy;
    if (m_gate.isUnlimited(visitor.peer))
        return std::nullopt;
    visitor.lease =
        m_hub.addresses->take(AddressKey(visitor.peer), m_settings.maxConnectionsPerAddress);
    return visitor.lease ? std::nullopt : std::optional(Refusal::TooManyFromAddress);
}

} // namespace Dispatch

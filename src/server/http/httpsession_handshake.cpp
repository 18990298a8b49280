// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "httpsession_p.h"

#include "asioaddress_p.h"
#include "counters_p.h"
#include "listener_p.h"
#include "logging_p.h"

namespace Dispatch {

using ErrorCode = boost::system::error_code;

namespace {

// For the handshake of those who are not let in: they must not hold up others for long.
constexpr std::chrono::milliseconds TurnAwayTimeout{1'000};

} // namespace

void HttpSession::turnAway(Refusal refusal)
{
    m_turnedAway = refusal;
    startTimer(TurnAwayTimeout);
    handshake();
}

void HttpSession::handshake()
{
    const auto goOn = [self = shared_from_this()](ErrorCode ec) {
        if (self->m_state != State::Handshaking)
            return;
        if (ec)
            self->end();
        else
            self->handshake();
    };
    switch (m_socket.handshake()) {
    case Socket::Handshake::Done:
        if (!m_turnedAway)
            return readRequest();
        return tellTurnedAway();
    case Socket::Handshake::NeedsInput:
        return m_socket.tcp().async_wait(Socket::Tcp::wait_read, goOn);
    case Socket::Handshake::NeedsRoom:
        return m_socket.tcp().async_wait(Socket::Tcp::wait_write, goOn);
    case Socket::Handshake::Failed:
        onFailedHandshake();
        return linger();
    case Socket::Handshake::PlainHttp:
        m_parser.emplace();
        return refuse(Refusal::TlsRequired);
    }
}

void HttpSession::onFailedHandshake()
{
    // Who merely looks whether somebody listens has done nothing wrong.
    const std::string failure = m_socket.tlsFailure();
    if (failure.empty())
        return;
    m_listener.counters().failedHandshakes.add();
    qCDebug(lcServer, "TLS handshake with %s failed: %s",
            toAsio(m_visitor.peer).to_string().c_str(), failure.c_str());
}

} // namespace Dispatch

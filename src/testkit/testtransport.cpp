// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "testtransport_p.h"

#include "network_p.h"

#include <utility>

using namespace Qt::StringLiterals;

namespace Dispatch::TestKit {

TestTransport::TestTransport(std::shared_ptr<Network> network, TransportListener *listener)
    : m_network(std::move(network))
    , m_listener(listener)
{
}

TestTransport::~TestTransport()
{
    abort();
}

void TestTransport::open(const TransportRequest &request)
{
    ClientEnd *end = this;
    m_link = std::make_shared<Link>(m_network, end);
    m_network->connectLink(m_link, request);
}

bool TestTransport::send(const QString &text)
{
    if (!m_link || !m_isOpen)
        return false;
    m_link->sendToServer(text);
    return true;
}

void TestTransport::ping(const QByteArray &payload)
{
    if (m_link && m_isOpen)
        m_link->ping(payload);
}

void TestTransport::setPaused(bool paused)
{
    if (m_link)
        m_link->setPaused(paused);
}

void TestTransport::close(CloseCode code, const QString &)
{
    leave(code);
}

void TestTransport::abort()
{
    leave(std::nullopt);
}

void TestTransport::goodbye()
{
    leave(CloseCode::Normal);
}

void TestTransport::leave(std::optional<CloseCode> code)
{
    if (const auto link = std::exchange(m_link, nullptr))
        link->leave(code);
}

void TestTransport::linkOpened(const QString &subprotocol)
{
    m_isOpen = true;
    m_subprotocol = subprotocol;
    m_listener->transportOpened();
}

void TestTransport::linkRefused(const StatusLine &answer)
{
    leave(std::nullopt);
    m_listener->transportRefused(answer);
}

void TestTransport::linkMessage(const QString &text)
{
    m_listener->transportMessage(text);
}

void TestTransport::linkPong(const QByteArray &payload)
{
    m_listener->transportPong(payload);
}

void TestTransport::linkClosed(CloseCode code, const QString &reason)
{
    finish(judgeClose(static_cast<std::uint16_t>(code), reason));
}

void TestTransport::linkLost()
{
    if (m_isOpen)
        return finish(judgeClose(std::nullopt, {}));
    finish({DispatchError::NetworkError, true, u"The test's network is offline."_s, {}});
}

void TestTransport::finish(const Verdict &verdict)
{
    leave(std::nullopt);
    m_listener->transportEnded(verdict);
}

} // namespace Dispatch::TestKit

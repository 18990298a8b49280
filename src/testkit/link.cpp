// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "link_p.h"

#include "network_p.h"

#include <utility>

namespace Dispatch::TestKit {

namespace {

// The first packet of TCP, its answer, and the request behind that.
constexpr int WaysToRequest = 3;

} // namespace

Link::Link(std::shared_ptr<Network> network, ClientEnd *client)
    : m_network(std::move(network))
    , m_client(client)
    , m_toServer(m_network->clock())
    , m_toClient(m_network->clock())
{
}

Link::~Link() = default;

Milliseconds Link::latency() const
{
    return m_network->latency();
}

void Link::open(std::function<void()> request)
{
    m_toServer.send(WaysToRequest * latency(), std::move(request));
}

void Link::sendToServer(const QString &text)
{
    m_toServer.send(latency(), [this, text] {
        if (m_server)
            m_server->linkReceived(text);
    });
}

void Link::ping(const QByteArray &payload)
{
    m_toServer.send(latency(), [this, payload] {
        toClient([payload](ClientEnd &client) { client.linkPong(payload); });
    });
}

void Link::leave(std::optional<CloseCode> code)
{
    m_client = nullptr;
    m_toClient.clear();
    if (!m_server)
        return m_toServer.clear();
    m_toServer.send(latency(), [this, code] {
        if (ServerEnd *server = std::exchange(m_server, nullptr))
            server->linkEnded(code);
    });
}

void Link::setPaused(bool isPaused)
{
    m_isPaused = isPaused;
    m_toClient.setHeld(m_isPaused || m_isSilent);
}

void Link::accept(ServerEnd *server, const QString &subprotocol)
{
    m_server = server;
    toClient([subprotocol](ClientEnd &client) { client.linkOpened(subprotocol); });
}

void Link::refuse(const StatusLine &answer)
{
    toClient([answer](ClientEnd &client) { client.linkRefused(answer); });
}

void Link::sendToClient(const QString &text)
{
    toClient([text](ClientEnd &client) { client.linkMessage(text); });
}

void Link::close(CloseCode code, const QString &reason)
{
    forget();
    toClient([code, reason](ClientEnd &client) { client.linkClosed(code, reason); });
}

void Link::forget()
{
    m_server = nullptr;
}

void Link::cut()
{
    m_toServer.clear();
    m_toClient.clear();
    if (ServerEnd *server = std::exchange(m_server, nullptr))
        server->linkEnded(std::nullopt);
    m_toClient.setHeld(false);
    m_toClient.send(Milliseconds(0), [this] {
        if (m_client)
            m_client->linkLost();
    });
}

void Link::setSilent(bool isSilent)
{
    m_isSilent = isSilent;
    m_toServer.setHeld(isSilent);
    m_toClient.setHeld(m_isPaused || m_isSilent);
}

template<typename Arrival>
void Link::toClient(Arrival arrival)
{
    m_toClient.send(latency(), [this, arrival] {
        if (m_client)
            arrival(*m_client);
    });
}

} // namespace Dispatch::TestKit

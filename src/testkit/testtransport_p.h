// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "link_p.h"
#include "transport_p.h"

namespace Dispatch::TestKit {

/// A transport without a socket.
class TestTransport final : public Transport, private ClientEnd {
public:
    TestTransport(std::shared_ptr<Network> network, TransportListener *listener);
    ~TestTransport() override;

    void open(const TransportRequest &request) override;
    bool send(const QString &text) override;
    void ping(const QByteArray &payload) override;
    QString subprotocol() const override { return m_subprotocol; }
    qint64 bytesToWrite() const override { return 0; }
    void setPaused(bool paused) override;
    void close(CloseCode code, const QString &reason) override;
    void abort() override;
    void goodbye() override;

private:
    void linkOpened(const QString &subprotocol) override;
    void linkRefused(const StatusLine &answer) override;
    void linkMessage(const QString &text) override;
    void linkPong(const QByteArray &payload) override;
    void linkClosed(CloseCode code, const QString &reason) override;
    void linkLost() override;
    void leave(std::optional<CloseCode> code);
    void finish(const Verdict &verdict);

    const std::shared_ptr<Network> m_network;
    TransportListener *const m_listener;
    std::shared_ptr<Link> m_link;
    QString m_subprotocol;
    bool m_isOpen = false;
};

} // namespace Dispatch::TestKit

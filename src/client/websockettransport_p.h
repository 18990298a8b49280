// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "deletionguard_p.h"
#include "readwindow_p.h"
#include "transport_p.h"

#include <QtCore/qobject.h>
#include <QtCore/qpointer.h>
#include <QtNetwork/qsslerror.h>

#include <memory>

class QSslSocket;
class QTcpSocket;
class QWebSocket;

namespace Dispatch {

/// A transport over QWebSocket. Makes the socket on the thread that calls open().
class WebSocketTransport final : public Transport {
public:
    explicit WebSocketTransport(TransportListener *listener);
    ~WebSocketTransport() override;

    void open(const TransportRequest &request) override;
    bool send(const QString &text) override;
    void ping(const QByteArray &payload) override;
    QString subprotocol() const override;
    qint64 bytesToWrite() const override;
    void setPaused(bool paused) override;
    void close(CloseCode code, const QString &reason) override;
    void abort() override;
    void goodbye() override;

private:
    void connectSocket();
    void watchSocket();
    void wasReset();
    void wasRead();
    void frameCame(bool isLast);
    template<typename Sender, typename Signal, typename Slot>
    void listenTo(Sender *sender, Signal signal, Slot slot);
    void socketFailed();
    void socketDisconnected();
    void finish(const Verdict &verdict);
    QWebSocket *release();
    void discard();

    TransportListener *m_listener;
    QWebSocket *m_socket = nullptr;
    /// Outlives this: a slot of the socket may destroy the transport, and then run an event loop.
    const DeletionGuard::Pointer m_guard = std::make_shared<DeletionGuard>();
    /// Context of all connections: without it no slot of ours is called any more.
    std::unique_ptr<QObject> m_context;
    QList<QSslError> m_tlsErrors;
    QPointer<QTcpSocket> m_tcp; ///< what QWebSocket reads from
    QPointer<QSslSocket> m_tls; ///< the same, if it is encrypted
    DispatchIncomingLimits m_limits;
    ReadWindow m_window;
    int m_fragments = 0; ///< of the message that is coming
    bool m_paused = false;
    bool m_oddBuffer = false;
    bool m_opened = false;
    bool m_closeFrameCame = false;
};

} // namespace Dispatch

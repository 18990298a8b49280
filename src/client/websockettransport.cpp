// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "websockettransport_p.h"

#include "limits_p.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qregularexpression.h>
#include <QtCore/qthread.h>
#include <QtCore/qtimer.h>
#include <QtNetwork/qnetworkrequest.h>
#include <QtWebSockets/qwebsocket.h>

using namespace Qt::StringLiterals;

namespace Dispatch {

namespace {

// The list of a full shard's clients is the longest that a server sends.
constexpr quint64 MaxIncomingMessage = 8 * 1024 * 1024;
constexpr quint64 MaxIncomingFrame = 1024 * 1024;
// Has to be above the largest frame, or QWebSocket waits for its end for ever. It also bounds
// what one turn of the event loop can bring.
constexpr qint64 ReadBuffer = qint64(MaxIncomingFrame) + 64 * 1024;
// Too small for a frame's header: nothing is read until it grows again.
constexpr qint64 PausedReadBuffer = 1;
constexpr int GoodbyeTimeout = 5'000;
constexpr auto GoodbyePing = "goodbye"; // no heartbeat has this payload

/// QWebSocket before 6.10 does not know the codes 1012 to 2999: it says 1002, with this reason.
bool isUnreadableClose(const QWebSocket &socket)
{
    return socket.closeCode() == QWebSocketProtocol::CloseCodeProtocolError
        && socket.closeReason()
        == QCoreApplication::translate("QWebSocketDataProcessor", "Invalid close code %1 detected.")
               .arg(int(QWebSocketProtocol::CloseCodeProtocolError));
}

} // namespace

std::optional<int> httpStatusIn(const QString &handshakeError)
{
    static const QRegularExpression status(u"http status code: (\\d{3})|\\b([1-5]\\d\\d) \\("_s,
                                           QRegularExpression::CaseInsensitiveOption);
    const auto match = status.match(handshakeError);
    if (match.hasMatch())
        return match.captured(match.capturedLength(1) > 0 ? 1 : 2).toInt();
    // What QWebSocket makes of 400.
    if (handshakeError.contains("Unknown error condition"_L1))
        return 400;
    return std::nullopt;
}

WebSocketTransport::WebSocketTransport(TransportListener *listener)
    : m_listener(listener)
    , m_context(std::make_unique<QObject>())
{
}

WebSocketTransport::~WebSocketTransport()
{
    abort();
}

void WebSocketTransport::open(const TransportRequest &request)
{
    m_socket = new QWebSocket(QString(), QWebSocketProtocol::VersionLatest);
    m_socket->setMaxAllowedIncomingFrameSize(MaxIncomingFrame);
    m_socket->setMaxAllowedIncomingMessageSize(MaxIncomingMessage);
    m_socket->setReadBufferSize(ReadBuffer);
    if (!request.sslConfiguration.isNull())
        m_socket->setSslConfiguration(request.sslConfiguration);
    connectSocket();

    QNetworkRequest handshake(request.url);
    if (!request.authorization.isEmpty())
        handshake.setRawHeader("Authorization"_ba, request.authorization);
    // open() can fail at once, and our listener must not hear of it from in here.
    QMetaObject::invokeMethod(
        m_context.get(), [this, handshake] { m_socket->open(handshake); }, Qt::QueuedConnection);
}

/// Calls \a slot for each \a signal of the socket, which is not deleted before the slot is left.
template<typename Signal, typename Slot>
void WebSocketTransport::listenTo(Signal signal, Slot slot)
{
    // The lambda, and so the guard, outlives its call, even if the connection does not.
    QObject::connect(m_socket, signal, m_context.get(),
                     [guard = m_guard, slot](const auto &...arguments) {
                         const DeletionGuard::Scope scope(*guard);
                         slot(arguments...);
                     });
}

void WebSocketTransport::connectSocket()
{
    listenTo(&QWebSocket::connected, [this] {
        m_opened = true;
        m_listener->transportOpened();
    });
    listenTo(&QWebSocket::textMessageReceived,
             [this](const QString &text) { m_listener->transportMessage(text); });
    listenTo(&QWebSocket::pong,
             [this](quint64, const QByteArray &payload) { m_listener->transportPong(payload); });
    listenTo(&QWebSocket::sslErrors,
             [this](const QList<QSslError> &errors) { m_tlsErrors = errors; });
    listenTo(&QWebSocket::bytesWritten, [this](qint64) { m_listener->transportWritten(); });
    // We never close a socket that we still listen to: this is the other side's close frame (or a
    // violation that the socket itself found, whose codes all mean 'come back').
    listenTo(&QWebSocket::aboutToClose, [this] { m_closeFrameCame = true; });
    listenTo(&QWebSocket::disconnected, [this] { socketDisconnected(); });
#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
    listenTo(&QWebSocket::errorOccurred, [this](QAbstractSocket::SocketError) { socketFailed(); });
#else
    listenTo(QOverload<QAbstractSocket::SocketError>::of(&QWebSocket::error),
             [this](QAbstractSocket::SocketError) { socketFailed(); });
#endif
}

void WebSocketTransport::socketFailed()
{
    const QAbstractSocket::SocketError error = m_socket->error();
    const QString text = m_socket->errorString();
    if (m_opened) {
        // What broke shows in disconnected(); that signal may have been lost or be still to come.
        if (m_socket->state() == QAbstractSocket::UnconnectedState)
            socketDisconnected();
        return;
    }
    if (m_socket->state() == QAbstractSocket::ConnectingState) {
        if (const auto status = httpStatusIn(text)) {
            discard();
            m_listener->transportRefused(*status);
            return;
        }
    }
    if (!m_tlsErrors.isEmpty())
        return finish(judgeTlsErrors(m_tlsErrors));
    // ConnectionRefused before the connection is up is the network's word; later it is what
    // QWebSocket calls any handshake that it does not like.
    finish(judgeSocketError(error, text));
}

void WebSocketTransport::socketDisconnected()
{
    if (!m_opened) {
        // A failed attempt says disconnected() first, and then why.
        return QTimer::singleShot(0, m_context.get(), [this] { socketFailed(); });
    }
    if (m_closeFrameCame && isUnreadableClose(*m_socket))
        return finish(judgeUnreadableClose());
    if (m_closeFrameCame)
        return finish(judgeClose(quint16(m_socket->closeCode()), m_socket->closeReason()));
    Verdict verdict = judgeClose(std::nullopt, {});
    verdict.message = u"The connection broke: %1"_s.arg(m_socket->errorString());
    finish(verdict);
}

void WebSocketTransport::finish(const Verdict &verdict)
{
    discard();
    m_listener->transportEnded(verdict);
}

/// Cuts the socket off from all slots. It may be in the middle of a signal, so that only the guard
/// may delete it.
QWebSocket *WebSocketTransport::release()
{
    m_context = std::make_unique<QObject>();
    QWebSocket *socket = std::exchange(m_socket, nullptr);
    socket->disconnect();
    return socket;
}

void WebSocketTransport::discard()
{
    m_guard->deleteLater(release());
}

bool WebSocketTransport::send(const QString &text)
{
    return m_socket && m_socket->sendTextMessage(text) > 0;
}

void WebSocketTransport::ping(const QByteArray &payload)
{
    if (m_socket)
        m_socket->ping(payload);
}

qint64 WebSocketTransport::bytesToWrite() const
{
    return m_socket ? m_socket->bytesToWrite() : 0;
}

void WebSocketTransport::setPaused(bool paused)
{
    if (m_socket)
        m_socket->setReadBufferSize(paused ? PausedReadBuffer : ReadBuffer);
}

void WebSocketTransport::abort()
{
    if (!m_socket)
        return;
    QWebSocket *socket = release();
    socket->abort();
    m_guard->deleteLater(socket);
}

void WebSocketTransport::goodbye()
{
    if (!m_socket)
        return;
    QWebSocket *socket = release();
    const auto discardSocket = [socket, guard = m_guard] { guard->deleteLater(socket); };
    if (!m_opened) {
        socket->abort();
        return discardSocket();
    }
    // A socket that is closed while something comes in is reset, and with it goes what the kernel
    // has not sent yet. So the server has to say first that it has heard everything.
    QObject::connect(socket, &QWebSocket::pong, socket,
                     [socket, discardSocket](quint64, const QByteArray &payload) {
                         // The answer to an earlier ping says nothing about what came after it.
                         if (payload != GoodbyePing)
                             return;
                         socket->disconnect();
                         socket->close(QWebSocketProtocol::CloseCodeNormal);
                         discardSocket();
                     });
    QObject::connect(socket, &QWebSocket::disconnected, socket, discardSocket);
    QTimer::singleShot(GoodbyeTimeout, socket, [socket, discardSocket] {
        socket->abort();
        discardSocket();
    });
    // Nobody waits for it: should the program or the thread end first, they take it along.
    if (auto *app = QCoreApplication::instance(); app && app->thread() == socket->thread())
        socket->setParent(app);
    else
        QObject::connect(socket->thread(), &QThread::finished, socket, &QObject::deleteLater);
    socket->ping(GoodbyePing);
}

} // namespace Dispatch

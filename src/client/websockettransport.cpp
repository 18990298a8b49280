// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "websockettransport_p.h"

#include "connectingwatch_p.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qthread.h>
#include <QtCore/qtimer.h>
#include <QtNetwork/qnetworkrequest.h>
#include <QtNetwork/qsslsocket.h>
#include <QtWebSockets/qwebsocket.h>
#include <QtWebSockets/qwebsockethandshakeoptions.h>

using namespace Qt::StringLiterals;

namespace Dispatch {

namespace {

// Too small for a frame's header: nothing is read until it grows again.
constexpr qint64 PausedReadBuffer = 1;
constexpr int GoodbyeTimeout = 5'000;
constexpr auto GoodbyePing = "goodbye"; // no heartbeat has this payload

QString said(const char *context, const char *text)
{
    return QCoreApplication::translate(context, text);
}

/// QWebSocket before 6.10 does not know the codes 1012 to 2999: it says 1002, with this reason.
bool isUnreadableClose(const QWebSocket &socket)
{
    return socket.closeCode() == QWebSocketProtocol::CloseCodeProtocolError
        && socket.closeReason()
        == said("QWebSocketDataProcessor", "Invalid close code %1 detected.")
               .arg(int(QWebSocketProtocol::CloseCodeProtocolError));
}

/// What QWebSocket itself, and not the server, found too long; nothing if it did not.
std::optional<Verdict> judgeTooLong(const QWebSocket &socket)
{
    if (socket.closeCode() != QWebSocketProtocol::CloseCodeTooMuchData)
        return std::nullopt;
    const QString reason = socket.closeReason();
    if (reason == said("QWebSocketFrame", "Maximum framesize exceeded."))
        return judgeBrokenLimit(u"sends a frame that is too long"_s, u"maxFrameSize"_s);
    if (reason == said("QWebSocketDataProcessor", "Received message is too big."))
        return judgeBrokenLimit(u"sends a message that is too long"_s, u"maxMessageSize"_s);
    return std::nullopt;
}

} // namespace

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
    m_limits = request.limits;
    m_window = ReadWindow(m_limits.maxFrameSize);
    m_socket->setMaxAllowedIncomingFrameSize(quint64(m_limits.maxFrameSize));
    m_socket->setMaxAllowedIncomingMessageSize(quint64(m_limits.maxMessageSize));
    m_socket->setReadBufferSize(m_window.size());
    m_socket->setProxy(request.proxy);
    if (!request.sslConfiguration.isNull())
        m_socket->setSslConfiguration(request.sslConfiguration);
    connectSocket();

    QWebSocketHandshakeOptions options;
    options.setSubprotocols(request.subprotocols);
    QNetworkRequest handshake(request.url);
    if (!request.authorization.isEmpty())
        handshake.setRawHeader("Authorization"_ba, request.authorization);
    // open() can fail at once, and our listener must not hear of it from in here.
    QMetaObject::invokeMethod(
        m_context.get(),
        [this, handshake, options] {
            // It goes with the socket, and with all of this.
            const QPointer<QObject> context(m_context.get());
            m_socket->open(handshake, options);
            if (context)
                watchSocket();
        },
        Qt::QueuedConnection);
}

/// Calls \a slot for each \a signal of the \a sender, the socket or a part of it, which is not
/// deleted before the slot is left.
template<typename Sender, typename Signal, typename Slot>
void WebSocketTransport::listenTo(Sender *sender, Signal signal, Slot slot)
{
    // The lambda, and so the guard, outlives its call, even if the connection does not.
    QObject::connect(sender, signal, m_context.get(),
                     [guard = m_guard, slot](const auto &...arguments) {
                         const DeletionGuard::Scope scope(*guard);
                         slot(arguments...);
                     });
}

void WebSocketTransport::connectSocket()
{
    listenTo(m_socket, &QWebSocket::connected, [this] {
        m_opened = true;
        m_listener->transportOpened();
    });
    listenTo(m_socket, &QWebSocket::textMessageReceived,
             [this](const QString &text) { m_listener->transportMessage(text); });
    listenTo(m_socket, &QWebSocket::textFrameReceived,
             [this](const QString &, bool isLast) { frameCame(isLast); });
    listenTo(m_socket, &QWebSocket::binaryFrameReceived, [this](const QByteArray &, bool) {
        finish({DispatchError::ProtocolError,
                true,
                u"The server sent a binary message: is it a Dispatch server?"_s,
                {}});
    });
    listenTo(m_socket, &QWebSocket::pong,
             [this](quint64, const QByteArray &payload) { m_listener->transportPong(payload); });
    listenTo(m_socket, &QWebSocket::sslErrors,
             [this](const QList<QSslError> &errors) { m_tlsErrors = errors; });
    listenTo(m_socket, &QWebSocket::bytesWritten,
             [this](qint64) { m_listener->transportWritten(); });
    // We never close a socket that we still listen to: this is the other side's close frame (or a
    // violation that the socket itself found, whose codes all mean 'come back').
    listenTo(m_socket, &QWebSocket::aboutToClose, [this] { m_closeFrameCame = true; });
    listenTo(m_socket, &QWebSocket::disconnected, [this] { socketDisconnected(); });
#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
    listenTo(m_socket, &QWebSocket::errorOccurred,
             [this](QAbstractSocket::SocketError) { socketFailed(); });
#else
    listenTo(m_socket, QOverload<QAbstractSocket::SocketError>::of(&QWebSocket::error),
             [this](QAbstractSocket::SocketError) { socketFailed(); });
#endif
}

/// QWebSocket tells neither of the bytes nor of the pings that come, nor of what TLS has not sent.
void WebSocketTransport::watchSocket()
{
    m_tcp = m_socket->findChild<QTcpSocket *>({}, Qt::FindDirectChildrenOnly);
    m_tls = qobject_cast<QSslSocket *>(m_tcp);
    if (!m_tcp)
        return;
    // Queued, and so behind QWebSocket's own slot.
    QObject::connect(
        m_tcp, &QIODevice::readyRead, m_context.get(), [this] { wasRead(); }, Qt::QueuedConnection);
    if (m_tls)
        listenTo(m_tls.data(), &QSslSocket::encryptedBytesWritten,
                 [this](qint64) { m_listener->transportWritten(); });
    if (m_tcp->state() < QAbstractSocket::ConnectedState)
        new ConnectingWatch(
            m_tcp, [this] { wasReset(); }, m_context.get());
}

/// Is called from within the socket.
void WebSocketTransport::wasReset()
{
    QMetaObject::invokeMethod(
        m_context.get(),
        [this] {
            finish({DispatchError::NetworkError, true, u"The connection was reset."_s, {}});
        },
        Qt::QueuedConnection);
}

/// What came in was looked at.
void WebSocketTransport::wasRead()
{
    const DeletionGuard::Pointer guard = m_guard;
    const DeletionGuard::Scope scope(*guard);
    const QPointer<QObject> context(m_context.get());
    m_listener->transportHeard();
    if (!context)
        return;
    if (bytesToWrite() > m_limits.maxUnsentBytes) {
        return finish(judgeBrokenLimit(
            u"does not read: more than %1 bytes wait for it"_s.arg(m_limits.maxUnsentBytes),
            u"maxUnsentBytes"_s));
    }
    if (m_paused || !m_tcp)
        return;
    m_window.adjust(m_tcp->bytesAvailable());
    // A socket whose buffer was full while a handler ran an event loop does not notice by itself
    // that there is room again, and would never read any more. Another size has it look, and the
    // same would not: so it is one byte more, and one less, in turn.
    m_oddBuffer = !m_oddBuffer;
    m_socket->setReadBufferSize(m_window.size() + m_oddBuffer);
    if (m_tls)
        m_tls->flush(); // A QSslSocket goes on decrypting.
}

void WebSocketTransport::frameCame(bool isLast)
{
    if (++m_fragments > m_limits.maxFragments) {
        return finish(judgeBrokenLimit(
            u"cuts a message into more than %1 frames"_s.arg(m_limits.maxFragments),
            u"maxFragments"_s));
    }
    if (isLast)
        m_fragments = 0;
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
        if (const auto answer = statusLineIn(text)) {
            discard();
            m_listener->transportRefused(*answer);
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
    if (const auto tooLong = judgeTooLong(*m_socket); tooLong && m_closeFrameCame)
        return finish(*tooLong);
    if (m_closeFrameCame && isUnreadableClose(*m_socket))
        return finish(judgeUnreadableClose());
    if (m_closeFrameCame)
        return finish(judgeClose(quint16(m_socket->closeCode()), m_socket->closeReason()));
    Verdict verdict = judgeClose(std::nullopt, {});
    verdict.message = asSentence(u"The connection broke: "_s + m_socket->errorString());
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

QString WebSocketTransport::subprotocol() const
{
    return m_socket ? m_socket->subprotocol() : QString();
}

qint64 WebSocketTransport::bytesToWrite() const
{
    if (!m_socket)
        return 0;
    return m_socket->bytesToWrite() + (m_tls ? m_tls->encryptedBytesToWrite() : 0);
}

void WebSocketTransport::setPaused(bool paused)
{
    m_paused = paused;
    if (!m_socket)
        return;
    if (paused) {
        m_socket->setReadBufferSize(PausedReadBuffer);
    } else {
        QMetaObject::invokeMethod(
            m_context.get(), [this] { wasRead(); }, Qt::QueuedConnection);
    }
}

void WebSocketTransport::abort()
{
    if (!m_socket)
        return;
    QWebSocket *socket = release();
    socket->abort();
    m_guard->deleteLater(socket);
}

void WebSocketTransport::close(CloseCode code, const QString &reason)
{
    if (!m_socket)
        return;
    QWebSocket *socket = release();
    socket->close(static_cast<QWebSocketProtocol::CloseCode>(code), reason);
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
    // What comes in does not matter any more, but it has to be read.
    socket->setReadBufferSize(ReadWindow::Step + m_limits.maxFrameSize);
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

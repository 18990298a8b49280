// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qhash.h>
#include <QtCore/qlist.h>
#include <QtNetwork/qhostaddress.h>
#include <QtNetwork/qsslsocket.h>

/// A TCP peer that says byte by byte what a test wants, and reads HTTP and WebSocket frames.
class RawPeer : public QObject {
    Q_OBJECT

public:
    struct Response {
        int status = 0;
        QHash<QByteArray, QByteArray> headers; ///< names in lower case
        QByteArray head; ///< as it came
        QByteArray body;
    };
    struct Frame {
        int opcode = 0;
        bool isLast = true;
        QByteArray payload;
    };
    enum Opcode { Continuation = 0, Text = 1, Binary = 2, Close = 8, Ping = 9, Pong = 10 };

    /// Connects to loopback, from another address of it if \a from says so.
    explicit RawPeer(quint16 port, const QHostAddress &from = QHostAddress::LocalHost,
                     QObject *parent = nullptr);
    /// Whether all that are made from now on connect by TLS; they do not by default.
    static void setSpeaksTls(bool speaksTls) { s_speaksTls = speaksTls; }

    void send(const QByteArray &bytes) { m_socket.write(bytes); }
    void sendText(const QByteArray &text) { send(frame(Text, text)); }

    /// Ends the sending half of the connection.
    void sendNoMore();

    static QByteArray request(const QByteArray &method, const QByteArray &target,
                              const QByteArray &headers = {});
    static QByteArray upgradeRequest(const QByteArray &target, const QByteArray &headers = {});
    /// A masked frame, as clients send them.
    static QByteArray frame(Opcode opcode, const QByteArray &payload, bool isLast = true);

    /// Waits for an HTTP response; status 0 if none came. \a hasBody is false for HEAD.
    Response response(bool hasBody = true);
    /// Upgrades and waits for the greeting.
    bool join(const QByteArray &target);
    /// Waits for a frame that contains \a text.
    bool waitForText(const QByteArray &text);
    /// Whether such a frame has come.
    bool hasText(const QByteArray &text);
    bool waitForClose();
    /// The code of the close frame that came; 0 if none did.
    int closeCode() const;

    const QList<Frame> &frames();
    QByteArray pending() const { return m_input; }
    bool isClosed() const { return m_socket.state() == QAbstractSocket::UnconnectedState; }
    /// Reads nothing any more, so that the kernel's buffers fill.
    void stopReading();
    void startReading();
    /// Whether pings are answered; they are not by default.
    void answerPings() { m_answersPings = true; }
    /// Whether a close frame is answered; it is not by default. \a lastWords go before the answer.
    void answerCloses(const QByteArray &lastWords = {})
    {
        m_answersCloses = true;
        m_lastWords = lastWords;
    }

private:
    void parseFrames();
    bool parseFrame();

    static inline bool s_speaksTls = false;

    QSslSocket m_socket;
    QByteArray m_input;
    QList<Frame> m_frames;
    bool m_isReading = true;
    bool m_isUpgraded = false;
    bool m_answersPings = false;
    bool m_answersCloses = false;
    QByteArray m_lastWords;
};

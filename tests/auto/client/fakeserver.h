// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qjsonobject.h>
#include <QtCore/qobject.h>
#include <QtCore/qpointer.h>
#include <QtCore/qurl.h>
#include <QtCore/qurlquery.h>
#include <QtNetwork/qsslconfiguration.h>
#include <QtNetwork/qtcpserver.h>
#include <QtNetwork/qtcpsocket.h>

#include <functional>
#include <optional>

/// One connection to a FakeServer: frames by hand, so that it can do what no server should.
class FakePeer : public QObject {
    Q_OBJECT

public:
    FakePeer(QTcpSocket *socket, QObject *parent);

    QString target() const { return m_target; }
    QString query(const QString &key) const;
    QByteArray header(const QByteArray &name) const { return m_headers.value(name.toLower()); }

    /// The messages that came, platform events included.
    const QList<QJsonObject> &messages() const { return m_messages; }
    QStringList eventNames() const;

    enum Opcode : quint8 {
        Continuation = 0x0,
        Text = 0x1,
        Binary = 0x2,
        Close = 0x8,
        Ping = 0x9,
        Pong = 0xA
    };
    void sendFrame(quint8 opcode, const QByteArray &payload, bool isFinal = true);
    static QByteArray frame(quint8 opcode, const QByteArray &payload, bool isFinal = true);
    /// Bytes as they are, frames or not.
    void sendRaw(const QByteArray &bytes) { m_socket->write(bytes); }
    qint64 bytesToWrite() const;
    /// Waits until the client takes no more of what was sent.
    bool waitUntilHeldUp() const;
    void sendText(const QByteArray &text);
    void sendEvent(const QString &name, const QJsonValue &payload, double latencyMs = 0);
    void greet(const QString &clientId, const QString &shardName);
    /// A close frame; without a code it is empty.
    void sendClose(std::optional<quint16> code, const QByteArray &reason = {});
    /// The connection breaks without a word.
    void drop();
    void answerPings(bool yes) { m_answersPings = yes; }
    void stopReading() { m_socket->setReadBufferSize(1); }
    void readOn() { m_socket->setReadBufferSize(0); }
    /// Asks for answers without end, and takes none of them.
    void pingWithoutReading();
    int pings() const { return m_pings; }
    std::optional<quint16> closeCode() const { return m_closeCode; }
    void answerHttp(int status, const QByteArray &headers = {}, const QByteArray &body = {});
    /// With the sub-protocol that is chosen, if any.
    void acceptUpgrade(const QByteArray &subprotocol = {});

Q_SIGNALS:
    void requested();
    void message(const QJsonObject &message);
    void gone();

private:
    void read();
    void readRequest();
    bool readFrame();

    QTcpSocket *m_socket;
    QByteArray m_buffer;
    QString m_target;
    QHash<QByteArray, QByteArray> m_headers;
    QList<QJsonObject> m_messages;
    std::optional<quint16> m_closeCode;
    int m_pings = 0;
    bool m_requestRead = false;
    bool m_answersPings = true;
};

/// Takes connections, by TLS if it has a certificate.
class FakeListener : public QTcpServer {
    Q_OBJECT

public:
    QSslConfiguration tls;

protected:
    void incomingConnection(qintptr descriptor) override;
};

/// A server that behaves, in as far as it is not told otherwise: greets, gives everybody the list
/// of clients, relays events to all of the same shard. For tests of what goes wrong.
class FakeServer : public QObject {
    Q_OBJECT

public:
    explicit FakeServer(QObject *parent = nullptr);

    /// Has it speak TLS, with this certificate.
    void setTls(const QByteArray &certificatePem, const QByteArray &keyPem);
    bool listen(quint16 port = 0);
    /// Breaks all connections and stops listening.
    void stop();
    quint16 port() const { return m_port; }
    QUrl url() const;

    /// Called with each request instead of letting the peer in.
    std::function<void(FakePeer *)> onRequest;
    bool greets = true;
    bool relays = true;

    /// All that ever came, in order.
    const QList<QPointer<FakePeer>> &peers() const { return m_peers; }
    FakePeer *last() const { return m_peers.isEmpty() ? nullptr : m_peers.last().data(); }
    int count() const { return int(m_peers.size()); }
    void sendPresence();

private:
    void take();
    void admit(FakePeer *peer);
    void handle(FakePeer *peer, const QJsonObject &message);

    struct Member {
        QPointer<FakePeer> peer;
        QString id;
        QString shard;
        QJsonObject info;
    };
    FakeListener m_server;
    quint16 m_port = 0;
    QList<QPointer<FakePeer>> m_peers;
    QList<Member> m_members;
    int m_nextId = 1;
};

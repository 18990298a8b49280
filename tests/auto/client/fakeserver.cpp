// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "fakeserver.h"

#include <QtCore/qcryptographichash.h>
#include <QtCore/qdatetime.h>
#include <QtCore/qendian.h>
#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qtimer.h>
#include <QtNetwork/qsslkey.h>
#include <QtNetwork/qsslsocket.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

FakePeer::FakePeer(QTcpSocket *socket, QObject *parent)
    : QObject(parent)
    , m_socket(socket)
{
    socket->setParent(this);
    connect(socket, &QTcpSocket::readyRead, this, &FakePeer::read);
    connect(socket, &QTcpSocket::disconnected, this, &FakePeer::gone);
}

QString FakePeer::query(const QString &key) const
{
    const QUrlQuery query(QUrl::fromEncoded(m_target.toUtf8()));
    return query.queryItemValue(key, QUrl::FullyDecoded);
}

QStringList FakePeer::eventNames() const
{
    QStringList names;
    for (const QJsonObject &message : m_messages)
        names.append(message.value("eventName"_L1).toString());
    return names;
}

void FakePeer::read()
{
    m_buffer += m_socket->readAll();
    if (!m_requestRead)
        readRequest();
    else
        while (readFrame()) { }
}

void FakePeer::readRequest()
{
    const qsizetype end = m_buffer.indexOf("\r\n\r\n");
    if (end < 0)
        return;
    const QList<QByteArray> lines = m_buffer.left(end).split('\n');
    m_target = QString::fromUtf8(lines.first().split(' ').value(1));
    for (const QByteArray &line : lines.mid(1)) {
        const qsizetype colon = line.indexOf(':');
        m_headers.insert(line.left(colon).toLower(), line.mid(colon + 1).trimmed());
    }
    m_buffer.remove(0, end + 4);
    m_requestRead = true;
    Q_EMIT requested();
}

void FakePeer::acceptUpgrade(const QByteArray &subprotocol)
{
    const QByteArray key = header("sec-websocket-key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    m_socket->write(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Accept: "
        + QCryptographicHash::hash(key, QCryptographicHash::Sha1).toBase64() + "\r\n"
        + (subprotocol.isEmpty() ? subprotocol : "Sec-WebSocket-Protocol: " + subprotocol + "\r\n")
        + "\r\n");
}

void FakePeer::answerHttp(int status, const QByteArray &headers, const QByteArray &body)
{
    m_socket->write("HTTP/1.1 " + QByteArray::number(status) + " Whatever\r\n" + headers
                    + "Content-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body);
}

bool FakePeer::readFrame()
{
    if (m_buffer.size() < 6)
        return false;
    const auto *bytes = reinterpret_cast<const uchar *>(m_buffer.constData());
    qsizetype at = 2;
    quint64 size = bytes[1] & 0x7F;
    if (size >= 126) {
        const qsizetype extra = size == 126 ? 2 : 8;
        if (m_buffer.size() < at + extra)
            return false;
        size =
            extra == 2 ? qFromBigEndian<quint16>(bytes + at) : qFromBigEndian<quint64>(bytes + at);
        at += extra;
    }
    if (m_buffer.size() < at + 4 + qsizetype(size))
        return false;
    QByteArray payload = m_buffer.mid(at + 4, qsizetype(size));
    for (qsizetype i = 0; i < payload.size(); ++i)
        payload[i] = char(payload[i] ^ m_buffer[at + i % 4]);
    const int opcode = bytes[0] & 0x0F;
    m_buffer.remove(0, at + 4 + qsizetype(size));

    if (opcode == Text) {
        m_messages.append(QJsonDocument::fromJson(payload).object());
        Q_EMIT message(m_messages.last());
    } else if (opcode == Ping) {
        ++m_pings;
        if (m_answersPings)
            sendFrame(Pong, payload);
    } else if (opcode == Close) {
        m_closeCode = payload.size() >= 2 ? qFromBigEndian<quint16>(payload.constData()) : 1005;
    }
    return true;
}

QByteArray FakePeer::frame(quint8 opcode, const QByteArray &payload, bool isFinal)
{
    QByteArray head(1, char((isFinal ? 0x80 : 0) | opcode));
    const auto append = [&head](auto number) {
        const auto big = qToBigEndian(number);
        head.append(reinterpret_cast<const char *>(&big), sizeof big);
    };
    if (payload.size() < 126) {
        head.append(char(payload.size()));
    } else if (payload.size() <= 0xFFFF) {
        head.append(char(126));
        append(quint16(payload.size()));
    } else {
        head.append(char(127));
        append(quint64(payload.size()));
    }
    return head + payload;
}

void FakePeer::sendFrame(quint8 opcode, const QByteArray &payload, bool isFinal)
{
    m_socket->write(frame(opcode, payload, isFinal));
}

qint64 FakePeer::bytesToWrite() const
{
    const auto *tls = qobject_cast<QSslSocket *>(m_socket);
    return m_socket->bytesToWrite() + (tls ? tls->encryptedBytesToWrite() : 0);
}

void FakePeer::pingWithoutReading()
{
    stopReading();
    auto *flood = new QTimer(this);
    const QByteArray pings = frame(Ping, QByteArray(125, 'x')).repeated(500);
    connect(flood, &QTimer::timeout, this, [this, pings] {
        if (bytesToWrite() < 1'000'000)
            sendRaw(pings);
    });
    connect(this, &FakePeer::gone, flood, &QTimer::stop);
    flood->start(0);
}

bool FakePeer::waitUntilHeldUp() const
{
    qint64 before = -1;
    const auto isHeldUp = [&] {
        const qint64 now = bytesToWrite();
        return std::exchange(before, now) == now && now > 0;
    };
    return QTest::qWaitFor(isHeldUp, 20'000);
}

void FakePeer::sendText(const QByteArray &text)
{
    sendFrame(Text, text);
}

void FakePeer::sendEvent(const QString &name, const QJsonValue &payload, double latencyMs)
{
    sendText(QJsonDocument(QJsonObject{{u"eventName"_s, name},
                                       {u"payload"_s, payload},
                                       {u"latencyMs"_s, latencyMs}})
                 .toJson(QJsonDocument::Compact));
}

void FakePeer::greet(const QString &clientId, const QString &shardName)
{
    sendEvent(u"@@KOJI_DISPATCH/CONNECTED"_s,
              QJsonObject{{u"clientId"_s, clientId}, {u"shardName"_s, shardName}});
}

void FakePeer::sendClose(std::optional<quint16> code, const QByteArray &reason)
{
    QByteArray payload;
    if (code) {
        const quint16 big = qToBigEndian(*code);
        payload = QByteArray(reinterpret_cast<const char *>(&big), 2) + reason;
    }
    sendFrame(Close, payload);
}

void FakePeer::drop()
{
    m_socket->abort();
}

void FakeListener::incomingConnection(qintptr descriptor)
{
    if (tls.isNull())
        return QTcpServer::incomingConnection(descriptor);
    auto *socket = new QSslSocket(this);
    socket->setSslConfiguration(tls);
    socket->setSocketDescriptor(descriptor);
    socket->startServerEncryption();
    addPendingConnection(socket);
}

FakeServer::FakeServer(QObject *parent)
    : QObject(parent)
{
    connect(&m_server, &QTcpServer::newConnection, this, &FakeServer::take);
}

void FakeServer::setTls(const QByteArray &certificatePem, const QByteArray &keyPem)
{
    m_server.tls = QSslConfiguration::defaultConfiguration();
    m_server.tls.setLocalCertificateChain(QSslCertificate::fromData(certificatePem));
    m_server.tls.setPrivateKey(QSslKey(keyPem, QSsl::Ec));
}

bool FakeServer::listen(quint16 port)
{
    const bool ok = m_server.listen(QHostAddress::LocalHost, port);
    m_port = m_server.serverPort();
    return ok;
}

void FakeServer::stop()
{
    m_server.close();
    for (const auto &peer : m_peers) {
        if (peer)
            peer->drop();
    }
    m_members.clear();
}

QUrl FakeServer::url() const
{
    const QString scheme = m_server.tls.isNull() ? u"ws"_s : u"wss"_s;
    return QUrl(u"%1://127.0.0.1:%2"_s.arg(scheme).arg(m_port));
}

void FakeServer::take()
{
    while (QTcpSocket *socket = m_server.nextPendingConnection()) {
        auto *peer = new FakePeer(socket, this);
        connect(peer, &FakePeer::requested, this, [this, peer] {
            m_peers.append(peer);
            if (onRequest)
                onRequest(peer);
            else
                admit(peer);
        });
    }
}

void FakeServer::admit(FakePeer *peer)
{
    peer->acceptUpgrade();
    if (!greets)
        return;
    const QString wished = peer->query(u"shardName"_s);
    Member member{peer, u"client-%1"_s.arg(m_nextId++), wished.isEmpty() ? u"auto"_s : wished, {}};
    connect(peer, &FakePeer::message, this,
            [this, peer](const QJsonObject &message) { handle(peer, message); });
    connect(peer, &FakePeer::gone, this, [this, peer] {
        if (m_members.removeIf([peer](const Member &m) { return m.peer == peer; }) > 0)
            sendPresence();
    });
    m_members.append(member);
    peer->greet(member.id, member.shard);
    sendPresence();
}

void FakeServer::handle(FakePeer *peer, const QJsonObject &message)
{
    const QString name = message.value("eventName"_L1).toString();
    auto sender = std::find_if(m_members.begin(), m_members.end(),
                               [peer](const Member &m) { return m.peer == peer; });
    if (sender == m_members.end())
        return;
    if (name == "@@KOJI_DISPATCH/SET_USER_INFO"_L1) {
        sender->info = message.value("payload"_L1).toObject();
        return sendPresence();
    }
    if (!relays || name.startsWith("@@"_L1))
        return;
    const QJsonValue payload =
        message.contains("payload"_L1) ? message.value("payload"_L1) : QJsonObject();
    const QJsonValue recipients = message.value("recipients"_L1);
    for (const Member &member : std::as_const(m_members)) {
        if (recipients.isArray() ? recipients.toArray().contains(member.id)
                                 : member.shard == sender->shard)
            member.peer->sendEvent(name, payload, 3);
    }
}

void FakeServer::sendPresence()
{
    for (const Member &member : std::as_const(m_members)) {
        QJsonObject list;
        for (const Member &other : std::as_const(m_members)) {
            if (other.shard != member.shard)
                continue;
            QJsonObject entry = other.info;
            entry.insert("lastPing"_L1, 1700000000000.0);
            list.insert(other.id, entry);
        }
        member.peer->sendEvent(u"@@KOJI_DISPATCH/CONNECTED_CLIENTS_CHANGED"_s,
                               QJsonObject{{u"connectedClients"_s, list}});
    }
}

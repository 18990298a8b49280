// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "rawpeer.h"

#include <QtCore/qendian.h>
#include <QtTest/qtest.h>

#include <algorithm>
#include <sys/socket.h>

namespace {

constexpr int Deadline = 10'000;

} // namespace

RawPeer::RawPeer(quint16 port, const QHostAddress &from, QObject *parent)
    : QObject(parent)
{
    connect(&m_socket, &QSslSocket::readyRead, this, [this] {
        if (!m_isReading)
            return;
        m_input += m_socket.readAll();
        if (m_isUpgraded)
            parseFrames();
    });
    if (from != QHostAddress(QHostAddress::LocalHost))
        m_socket.bind(from);
    const QHostAddress address(QHostAddress::LocalHost);
    if (s_speaksTls) {
        m_socket.connectToHostEncrypted(address.toString(), port);
        m_socket.waitForEncrypted(Deadline);
    } else {
        m_socket.connectToHost(address, port);
        m_socket.waitForConnected(Deadline);
    }
}

void RawPeer::sendNoMore()
{
    m_socket.flush();
    ::shutdown(static_cast<int>(m_socket.socketDescriptor()), SHUT_WR);
}

QByteArray RawPeer::request(const QByteArray &method, const QByteArray &target,
                            const QByteArray &headers)
{
    return method + ' ' + target + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n";
}

QByteArray RawPeer::upgradeRequest(const QByteArray &target, const QByteArray &headers)
{
    return request("GET", target,
                   "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                   "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                       + headers);
}

QByteArray RawPeer::frame(Opcode opcode, const QByteArray &payload, bool isLast)
{
    QByteArray out;
    out += static_cast<char>((isLast ? 0x80 : 0) | opcode);
    if (payload.size() < 126) {
        out += static_cast<char>(0x80 | payload.size());
    } else if (payload.size() < 65'536) {
        out += '\xFE';
        out.resize(4);
        qToBigEndian(static_cast<quint16>(payload.size()), out.data() + 2);
    } else {
        out += '\xFF';
        out.resize(10);
        qToBigEndian(static_cast<quint64>(payload.size()), out.data() + 2);
    }
    const QByteArray mask = "\x01\x80\x7f\x3a";
    out += mask;
    for (qsizetype i = 0; i < payload.size(); ++i)
        out += static_cast<char>(payload[i] ^ mask[i % 4]);
    return out;
}

RawPeer::Response RawPeer::response(bool hasBody)
{
    Response result;
    const bool hasHead =
        QTest::qWaitFor([this] { return m_input.contains("\r\n\r\n") || isClosed(); }, Deadline);
    const qsizetype end = m_input.indexOf("\r\n\r\n");
    if (!hasHead || end < 0)
        return result;
    result.head = m_input.left(end + 2);
    m_input.remove(0, end + 4);
    const QList<QByteArray> lines = result.head.split('\n');
    result.status = lines.first().split(' ').value(1).toInt();
    for (const QByteArray &line : lines.sliced(1)) {
        if (const qsizetype colon = line.indexOf(':'); colon > 0)
            result.headers[line.left(colon).toLower()] = line.sliced(colon + 1).trimmed();
    }
    const qsizetype length = hasBody ? result.headers.value("content-length").toLongLong() : 0;
    if (!QTest::qWaitFor([&] { return m_input.size() >= length; }, Deadline))
        return {};
    result.body = m_input.left(length);
    m_input.remove(0, length);
    return result;
}

bool RawPeer::join(const QByteArray &target)
{
    send(upgradeRequest(target));
    if (response(false).status != 101)
        return false;
    return waitForText("@@KOJI_DISPATCH/CONNECTED\"");
}

bool RawPeer::waitForText(const QByteArray &text)
{
    return QTest::qWaitFor([&] { return hasText(text); }, Deadline);
}

bool RawPeer::hasText(const QByteArray &text)
{
    return std::ranges::any_of(frames(), [&text](const Frame &frame) {
        return frame.opcode == Text && frame.payload.contains(text);
    });
}

bool RawPeer::waitForClose()
{
    return QTest::qWaitFor([this] { return isClosed(); }, Deadline);
}

int RawPeer::closeCode() const
{
    for (const Frame &frame : m_frames) {
        if (frame.opcode == Close)
            return qFromBigEndian<quint16>(frame.payload.constData());
    }
    return 0;
}

const QList<RawPeer::Frame> &RawPeer::frames()
{
    m_isUpgraded = true;
    parseFrames();
    return m_frames;
}

void RawPeer::stopReading()
{
    m_isReading = false;
    m_socket.setReadBufferSize(1);
}

void RawPeer::startReading()
{
    m_isReading = true;
    m_socket.setReadBufferSize(0);
    m_input += m_socket.readAll();
    parseFrames();
}

void RawPeer::parseFrames()
{
    while (parseFrame()) { }
}

bool RawPeer::parseFrame()
{
    if (m_input.size() < 2)
        return false;
    qsizetype header = 2;
    auto length = static_cast<quint64>(m_input[1] & 0x7F);
    if (length == 126) {
        header = 4;
        if (m_input.size() < header)
            return false;
        length = qFromBigEndian<quint16>(m_input.constData() + 2);
    } else if (length == 127) {
        header = 10;
        if (m_input.size() < header)
            return false;
        length = qFromBigEndian<quint64>(m_input.constData() + 2);
    }
    if (static_cast<quint64>(m_input.size() - header) < length)
        return false;
    const Frame frame{m_input[0] & 0x0F, (m_input[0] & 0x80) != 0,
                      m_input.mid(header, static_cast<qsizetype>(length))};
    m_input.remove(0, header + static_cast<qsizetype>(length));
    m_frames.append(frame);
    if (frame.opcode == Ping && m_answersPings)
        send(RawPeer::frame(Pong, frame.payload));
    if (frame.opcode == Close && m_answersCloses) {
        if (!m_lastWords.isEmpty())
            sendText(m_lastWords);
        send(RawPeer::frame(Close, frame.payload));
    }
    return true;
}

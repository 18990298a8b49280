// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "peer.h"

#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

namespace {

constexpr int Deadline = 10'000;

} // namespace

Peer::Peer(QObject *parent)
    : QObject(parent)
{
    connect(&m_socket, &QWebSocket::textMessageReceived, this, &Peer::keep);
    connect(&m_socket, &QWebSocket::disconnected, this, [this] { m_isClosed = true; });
}

void Peer::open(const QUrl &server, const QString &query)
{
    QUrl url = server;
    url.setPath(u"/"_s);
    url.setQuery(query);
    m_socket.open(url);
}

bool Peer::join(const QUrl &server, const QString &query)
{
    open(server, query);
    return QTest::qWaitFor([this] { return !m_clientId.isEmpty(); }, Deadline);
}

void Peer::emitEvent(const QString &eventName, const QJsonValue &payload,
                     const QJsonValue &recipients)
{
    QJsonObject message{{u"eventName"_s, eventName}};
    if (!payload.isUndefined())
        message[u"payload"_s] = payload;
    if (!recipients.isUndefined())
        message[u"recipients"_s] = recipients;
    sendText(QString::fromUtf8(QJsonDocument(message).toJson(QJsonDocument::Compact)));
}

bool Peer::waitFor(const QString &eventName, int expected)
{
    return QTest::qWaitFor([&] { return count(eventName) >= expected; }, Deadline);
}

bool Peer::waitForClients(int expected)
{
    return QTest::qWaitFor([&] { return clients().size() == expected; }, Deadline);
}

bool Peer::waitForError(const QString &code)
{
    return QTest::qWaitFor(
        [&] {
            const QList<Message> errors = messages(Error);
            return !errors.isEmpty() && errors.last().payload["code"_L1].toString() == code;
        },
        Deadline);
}

bool Peer::waitForClose()
{
    return QTest::qWaitFor([this] { return m_isClosed; }, Deadline);
}

QList<Peer::Message> Peer::messages(const QString &eventName) const
{
    QList<Message> found;
    for (const Message &message : m_messages) {
        if (message.eventName == eventName)
            found.append(message);
    }
    return found;
}

QJsonObject Peer::clients() const
{
    const QList<Message> lists = messages(ClientsChanged);
    return lists.isEmpty() ? QJsonObject() : lists.last().payload["connectedClients"_L1].toObject();
}

void Peer::keep(const QString &text)
{
    const QJsonObject object = QJsonDocument::fromJson(text.toUtf8()).object();
    const Message message{object["eventName"_L1].toString(), object["payload"_L1],
                          object["latencyMs"_L1].toDouble(-1), text};
    m_messages.append(message);
    if (message.eventName == Connected) {
        m_clientId = message.payload["clientId"_L1].toString();
        m_shardName = message.payload["shardName"_L1].toString();
    }
}

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "extendedpeer.h"

#include "peer.h"

#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtNetwork/qnetworkrequest.h>
#include <QtTest/qtest.h>
#include <QtWebSockets/qwebsockethandshakeoptions.h>

#include <utility>

using namespace Qt::StringLiterals;

namespace {

constexpr int Deadline = 10'000;

} // namespace

ExtendedPeer::ExtendedPeer(QObject *parent)
    : QObject(parent)
{
}

ExtendedPeer::~ExtendedPeer()
{
    if (m_socket)
        m_socket->disconnect(this);
}

void ExtendedPeer::open(const QUrl &server, const QString &query, const QStringList &subprotocols)
{
    m_greeting = {};
    m_isClosed = false;
    // A socket that was used before remembers too much of it.
    m_socket = std::make_unique<QWebSocket>();
    connect(m_socket.get(), &QWebSocket::textMessageReceived, this, &ExtendedPeer::keep);
    connect(m_socket.get(), &QWebSocket::pong, this, &ExtendedPeer::ponged);
    connect(m_socket.get(), &QWebSocket::disconnected, this, [this] {
        m_isClosed = true;
        Q_EMIT disconnected();
    });
    QUrl url = server;
    url.setPath(u"/"_s);
    url.setQuery(query);
    QWebSocketHandshakeOptions options;
    options.setSubprotocols(QStringList{u"dispatch.v2"_s} + subprotocols);
    m_socket->open(QNetworkRequest(url), options);
}

QString ExtendedPeer::resumeName() const
{
    return u"resume.%1.%2.%3.%4"_s.arg(m_session, m_epoch).arg(m_seq).arg(m_direct);
}

void ExtendedPeer::openToResume(const QUrl &server, const QString &query)
{
    open(server, query, m_session.isEmpty() ? QStringList() : QStringList{resumeName()});
}

bool ExtendedPeer::resume(const QUrl &server, const QString &query)
{
    openToResume(server, query);
    return waitForGreeting();
}

bool ExtendedPeer::join(const QUrl &server, const QString &query)
{
    open(server, query);
    return waitForGreeting();
}

bool ExtendedPeer::waitForGreeting()
{
    return QTest::qWaitFor([this] { return !m_greeting.isEmpty(); }, Deadline);
}

void ExtendedPeer::emitEvent(const QString &eventName, const QJsonValue &payload,
                             const QJsonObject &more)
{
    QJsonObject message = more;
    message[u"eventName"_s] = eventName;
    if (!payload.isUndefined())
        message[u"payload"_s] = payload;
    sendText(QString::fromUtf8(QJsonDocument(message).toJson(QJsonDocument::Compact)));
}

void ExtendedPeer::emitNumbered(const QString &eventName, const QJsonValue &payload,
                                const QJsonObject &more)
{
    sendNumbered(m_emitted + 1, eventName, payload, more);
}

void ExtendedPeer::sendNumbered(qint64 emit, const QString &eventName, const QJsonValue &payload,
                                const QJsonObject &more)
{
    m_emitted = std::max(m_emitted, emit);
    QJsonObject message = more;
    message[u"emit"_s] = emit;
    message[u"eventName"_s] = eventName;
    message[u"payload"_s] = payload;
    m_pending[emit] = QString::fromUtf8(QJsonDocument(message).toJson(QJsonDocument::Compact));
    if (!m_greeting.isEmpty())
        sendText(m_pending[emit]);
}

bool ExtendedPeer::waitForAck(qint64 emit)
{
    return QTest::qWaitFor([&] { return ack()["emit"_L1].toInteger() >= emit; }, Deadline);
}

bool ExtendedPeer::changeState(const QJsonObject &wish)
{
    emitNumbered(SetState, wish, {{u"ack"_s, true}});
    return waitForAck(m_emitted);
}

bool ExtendedPeer::waitForError(const QString &code)
{
    return QTest::qWaitFor(
        [&] {
            const QList<QJsonObject> errors = messages(Error);
            return !errors.isEmpty() && errors.last()["payload"_L1]["code"_L1].toString() == code;
        },
        Deadline);
}

QJsonObject ExtendedPeer::ack() const
{
    const QList<QJsonObject> acks = messages(Ack);
    return acks.isEmpty() ? QJsonObject() : acks.last()["payload"_L1].toObject();
}

bool ExtendedPeer::waitFor(const QString &eventName, int expected)
{
    return QTest::qWaitFor([&] { return count(eventName) >= expected; }, Deadline);
}

bool ExtendedPeer::waitForClose()
{
    return QTest::qWaitFor([this] { return m_isClosed; }, Deadline);
}

QList<QJsonObject> ExtendedPeer::messages(const QString &eventName) const
{
    QList<QJsonObject> found;
    for (const QJsonObject &message : m_messages) {
        if (message["eventName"_L1].toString() == eventName)
            found.append(message);
    }
    return found;
}

QJsonObject ExtendedPeer::state() const
{
    QJsonObject state;
    for (const QJsonObject &message : m_messages) {
        const QJsonObject payload = message["payload"_L1].toObject();
        const QString eventName = message["eventName"_L1].toString();
        if (eventName == Connected && payload.contains("state"_L1)) {
            state = {};
            for (const QJsonValue &entry : payload["state"_L1]["entries"_L1].toArray())
                state[entry["key"_L1].toString()] = entry["value"_L1];
        } else if (eventName == StateChanged && payload.contains("value"_L1)) {
            state[payload["key"_L1].toString()] = payload["value"_L1];
        } else if (eventName == StateChanged) {
            state.remove(payload["key"_L1].toString());
        }
    }
    return state;
}

void ExtendedPeer::keep(const QString &text)
{
    const QJsonObject message = QJsonDocument::fromJson(text.toUtf8()).object();
    m_messages.append(message);
    const QJsonObject payload = message["payload"_L1].toObject();
    const QString eventName = message["eventName"_L1].toString();
    if (eventName == Connected)
        greeted(payload);
    else if (eventName == PresenceChanged)
        applyPresence(payload);
    else if (eventName == Ack)
        m_pending.erase(m_pending.begin(), m_pending.upperBound(payload["emit"_L1].toInteger()));
    else if (!eventName.startsWith("@@"_L1) || message.contains("seq"_L1))
        countEvent(message, eventName);
    Q_EMIT received(message);
}

void ExtendedPeer::greeted(const QJsonObject &payload)
{
    m_greeting = payload;
    if (const QString before = std::exchange(m_clientId, clientId());
        !before.isEmpty() && before != m_clientId) {
        // Another session: what became of them is unknown.
        m_pending.clear();
        m_emitted = 0;
    }
    m_clients = payload["connectedClients"_L1].toObject();
    m_session = payload["session"_L1].toString();
    m_epoch = payload["epoch"_L1].toString();
    m_seq = payload["seq"_L1].toInteger();
    m_direct = payload["direct"_L1].toInteger();
    m_pending.erase(m_pending.begin(), m_pending.upperBound(payload["lastEmit"_L1].toInteger()));
    for (const QString &text : std::as_const(m_pending))
        sendText(text);
}

void ExtendedPeer::countEvent(const QJsonObject &message, const QString &eventName)
{
    if (!message.contains("seq"_L1)) {
        ++m_direct;
        return;
    }
    if (message["seq"_L1].toInteger() != m_seq + 1) {
        ++m_gaps;
        qWarning() << eventName << "has" << message["seq"_L1] << "after" << m_seq;
    }
    m_seq = message["seq"_L1].toInteger();
}

void ExtendedPeer::applyPresence(const QJsonObject &payload)
{
    for (const auto &part : {payload["joined"_L1].toObject(), payload["changed"_L1].toObject()}) {
        for (auto entry = part.begin(); entry != part.end(); ++entry)
            m_clients[entry.key()] = entry.value();
    }
    for (const QJsonValue &clientId : payload["left"_L1].toArray())
        m_clients.remove(clientId.toString());
}

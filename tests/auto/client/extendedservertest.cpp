// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "extendedservertest.h"

#include <QtCore/qjsondocument.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

namespace {

QJsonObject merged(QJsonObject object, const QJsonObject &fields)
{
    for (auto field = fields.begin(); field != fields.end(); ++field)
        object[field.key()] = field.value();
    return object;
}

} // namespace

QJsonObject ExtendedServerTest::person(const QString &name)
{
    return {{u"name"_s, name}, {u"lastPing"_s, 1'700'000'000'000.0}};
}

QJsonObject ExtendedServerTest::greeting()
{
    return {{u"clientId"_s, u"me"_s},
            {u"shardName"_s, u"s"_s},
            {u"epoch"_s, u"9f86d081884c7d65"_s},
            {u"seq"_s, 41},
            {u"direct"_s, 0},
            {u"revision"_s, 7},
            {u"connectedClients"_s,
             QJsonObject{{u"ann"_s, person(u"Ann"_s)}, {u"me"_s, person(u"Me"_s)}}}};
}

QJsonObject ExtendedServerTest::greeting(const QJsonObject &fields)
{
    return merged(greeting(), fields);
}

QByteArray ExtendedServerTest::eventText(int seq, const QJsonObject &details)
{
    QJsonObject message{{u"eventName"_s, u"x"_s}, {u"payload"_s, seq}, {u"latencyMs"_s, 0}};
    if (seq > 0)
        message[u"seq"_s] = seq;
    return QJsonDocument(merged(message, details)).toJson(QJsonDocument::Compact);
}

void ExtendedServerTest::greetWith(const QJsonObject &greeting)
{
    m_server->onRequest = [this, greeting](FakePeer *peer) {
        peer->acceptUpgrade("dispatch.v2");
        peer->sendEvent(m_connected, greeting);
    };
}

void ExtendedServerTest::sendPresence(const QJsonObject &difference)
{
    m_server->last()->sendEvent(u"@@KOJI_DISPATCH/PRESENCE"_s, difference);
}

void ExtendedServerTest::sendAck(int emit, int seq)
{
    QJsonObject payload{{u"emit"_s, emit}};
    if (seq > 0)
        payload[u"seq"_s] = seq;
    m_server->last()->sendEvent(u"@@KOJI_DISPATCH/ACK"_s, payload);
}

void ExtendedServerTest::sendRefusal(int emit, const QString &code, bool isClosing)
{
    m_server->last()->sendEvent(u"@@KOJI_DISPATCH/ERROR"_s,
                                QJsonObject{{u"code"_s, code},
                                            {u"message"_s, u"Something is wrong."_s},
                                            {u"closing"_s, isClosing},
                                            {u"retry"_s, true},
                                            {u"emit"_s, emit}});
}

QList<QJsonObject> ExtendedServerTest::emits() const
{
    QList<QJsonObject> list;
    for (const QJsonObject &message : m_server->last()->messages()) {
        if (!message["eventName"_L1].toString().startsWith("@@"_L1))
            list.append(message);
    }
    return list;
}

/// A greeting with a secret made of one digit.
QJsonObject ExtendedServerTest::session(int secret, const QJsonObject &more)
{
    QJsonObject fields = more;
    fields[u"session"_s] = QString(43, QChar(u'0' + secret));
    return greeting(fields);
}

QByteArray ExtendedServerTest::offered() const
{
    return m_server->last()->header("sec-websocket-protocol").split(',').value(1).trimmed();
}

bool ExtendedServerTest::comeBack()
{
    const int before = m_server->count();
    m_server->last()->drop();
    return QTest::qWaitFor([&] {
        return m_server->count() > before && m_client->state() == DispatchClient::Connected;
    });
}

QList<QJsonValue> ExtendedServerTest::emitsAtServer() const
{
    QList<QJsonValue> numbers;
    for (const QJsonObject &message : m_server->last()->messages()) {
        if (message.contains("emit"_L1))
            numbers.append(message["emit"_L1]);
    }
    return numbers;
}

bool ExtendedServerTest::waitUntilHeard()
{
    bool heard = false;
    const auto end = m_client->on(u"the end"_s, this, [&] { heard = true; });
    m_server->last()->sendText(eventText(0, {{u"eventName"_s, u"the end"_s}}));
    const bool came = QTest::qWaitFor([&] { return heard; });
    DispatchSubscription(end).unsubscribe();
    return came;
}

void ExtendedServerTest::sendRequest(const QString &id, const QJsonObject &details)
{
    const QJsonObject asked{{u"request"_s, id}, {u"from"_s, u"ann"_s}, {u"time"_s, 1'000}};
    m_server->last()->sendText(eventText(0, merged(asked, details)));
}

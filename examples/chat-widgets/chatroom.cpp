// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "chatroom.h"

#include <QtCore/qregularexpression.h>
#include <QtCore/quuid.h>

using namespace Qt::StringLiterals;

namespace {

const QString MessageEvent = u"message"_s;
const QString TypingEvent = u"typing"_s;
constexpr qsizetype MaxName = 32;
constexpr qsizetype MaxId = 64;
constexpr qsizetype MaxBody = 4000;
constexpr qint64 HintInterval = 2000;

QString newId()
{
    return QUuid::createUuid().toString(QUuid::Id128);
}

/// Without what could turn or hide the text beside it.
QString cleanName(const QJsonValue &value)
{
    static const QRegularExpression hidden(
        u"[\\p{Cc}\\x{061c}\\x{200e}\\x{200f}\\x{202a}-\\x{202e}\\x{2066}-\\x{2069}\\x{feff}]"_s);
    return value.toString().remove(hidden).trimmed().left(MaxName);
}

} // namespace

ChatRoom::ChatRoom(QObject *parent)
    : QObject(parent)
    , m_person(newId())
{
    m_client.setMaxConnectionsPerShard(50);
    m_client.setReconnectPolicy({.minDelay = 500, .maxDelay = 8000});

    m_client.on(MessageEvent, this, [this](const QJsonObject &payload) { hear(payload); });
    m_client.on(TypingEvent, this, [this](const QJsonObject &payload) {
        const QString name = cleanName(payload["name"_L1]);
        if (!name.isEmpty() && payload["person"_L1].toString() != m_person)
            Q_EMIT typing(name);
    });
    connect(&m_client, &DispatchClient::connectedClientsChanged, this, &ChatRoom::lookAround);
    connect(&m_client, &DispatchClient::eventDropped, this,
            [this](const QString &, const QJsonValue &payload, const DispatchError &error) {
                m_messages.fail(payload["id"_L1].toString(), error.message());
            });
}

void ChatRoom::join(const QString &userName, const QString &roomName)
{
    m_userName = cleanName(userName);
    m_client.setShardName(roomName);
    m_client.setUserInfo({{u"name"_s, m_userName}, {u"person"_s, m_person}});
    m_client.setActive(true);
}

bool ChatRoom::send(const QString &text)
{
    const QString body = text.trimmed().left(MaxBody);
    if (body.isEmpty())
        return false;
    const QString id = newId();
    m_messages.addOwn({.id = id,
                       .person = m_person,
                       .author = m_userName,
                       .body = body,
                       .time = QDateTime::currentDateTime()});
    m_lastHint.invalidate();
    const auto status = m_client.emitEvent(
        MessageEvent,
        QJsonObject{
            {u"id"_s, id}, {u"person"_s, m_person}, {u"author"_s, m_userName}, {u"body"_s, body}});
    if (status == DispatchClient::Refused)
        m_messages.fail(id, m_client.errorString());
    return true;
}

void ChatRoom::hintTyping()
{
    const bool isTooSoon = m_lastHint.isValid() && m_lastHint.elapsed() < HintInterval;
    if (isTooSoon || m_client.state() != DispatchClient::Connected)
        return;
    m_lastHint.start();
    m_client.emitEvent(TypingEvent, QJsonObject{{u"person"_s, m_person}, {u"name"_s, m_userName}});
}

void ChatRoom::hear(const QJsonObject &payload)
{
    ChatMessage message{.id = payload["id"_L1].toString().left(MaxId),
                        .person = payload["person"_L1].toString().left(MaxId),
                        .author = cleanName(payload["author"_L1]),
                        .body = payload["body"_L1].toString().trimmed().left(MaxBody),
                        .time = QDateTime::currentDateTime()};
    if (message.id.isEmpty() || message.body.isEmpty())
        return;
    if (message.author.isEmpty())
        message.author = tr("Somebody");
    // Who speaks is here, even if the list of people, which waits a little, does not say so yet.
    if (m_hasLooked && !message.person.isEmpty() && message.person != m_person
        && !m_known.contains(message.person)) {
        m_known.insert(message.person, message.author);
        m_messages.addNote(tr("%1 joined").arg(message.author));
    }
    if (m_messages.addReceived(message))
        Q_EMIT received(message.author, message.body);
}

/// Notes who came and who went since the last time.
void ChatRoom::lookAround(const QList<DispatchConnectedClient> &clients)
{
    if (m_client.state() != DispatchClient::Connected)
        return;
    QMap<QString, QString> present;
    for (const DispatchConnectedClient &client : clients) {
        const QString name = cleanName(client.userInfo["name"_L1]);
        const QString person = client.userInfo["person"_L1].toString().left(MaxId);
        if (!client.isSelf && !name.isEmpty())
            present.insert(person.isEmpty() ? client.clientId : person, name);
    }
    if (m_hasLooked) {
        for (const auto &[person, name] : present.asKeyValueRange()) {
            if (!m_known.contains(person))
                m_messages.addNote(tr("%1 joined").arg(name));
        }
        for (const auto &[person, name] : m_known.asKeyValueRange()) {
            if (!present.contains(person))
                m_messages.addNote(tr("%1 left").arg(name));
        }
    }
    m_known = present;
    m_hasLooked = true;
}

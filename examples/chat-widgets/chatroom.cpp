// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "chatroom.h"

#include <QtCore/qjsonarray.h>
#include <QtCore/qregularexpression.h>
#include <QtCore/quuid.h>

#include <utility>

using namespace Qt::StringLiterals;

namespace {

const QString MessageEvent = u"message"_s;
const QString TypingEvent = u"typing"_s;
const QString CatchUpEvent = u"catch-up"_s;
const QString EarlierEvent = u"earlier"_s;
constexpr qsizetype MaxName = 32;
constexpr qsizetype MaxId = 64;
constexpr qsizetype MaxBody = 4000;
constexpr qint64 HintInterval = 2000;
constexpr qsizetype Tellers = 3;
constexpr qsizetype EarlierLimit = 20;
constexpr qsizetype MaxAskers = 50;

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

ChatMessage toMessage(const QJsonObject &said)
{
    const QString author = cleanName(said["author"_L1]);
    return {.id = said["id"_L1].toString().left(MaxId),
            .person = said["person"_L1].toString().left(MaxId),
            .author = author.isEmpty() ? ChatRoom::tr("Somebody") : author,
            .body = said["body"_L1].toString().trimmed().left(MaxBody),
            .time = QDateTime::currentDateTime()};
}

QJsonObject toJson(const ChatMessage &message)
{
    return {{u"id"_s, message.id},
            {u"person"_s, message.person},
            {u"author"_s, message.author},
            {u"body"_s, message.body},
            {u"time"_s, message.time.toMSecsSinceEpoch()}};
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
    m_client.on(CatchUpEvent, this, [this](const QJsonObject &payload) {
        tell(payload["clientId"_L1].toString().left(MaxId));
    });
    m_client.on(EarlierEvent, this,
                [this](const QJsonObject &payload) { learn(payload["messages"_L1].toArray()); });
    connect(&m_client, &DispatchClient::connected, this,
            [this](const DispatchConnectionInfo &info) {
                if (info.recovered) // nothing was missed
                    return;
                m_client.emitEvent(CatchUpEvent, QJsonObject{{u"clientId"_s, info.clientId}});
            });
    connect(&m_client, &DispatchClient::connectedClientsChanged, this, &ChatRoom::lookAround);
    const auto fail = [this](const QString &, const QJsonValue &payload,
                             const DispatchError &error) {
        m_messages.fail(payload["id"_L1].toString(), error.message());
    };
    connect(&m_client, &DispatchClient::eventDropped, this, fail);
    connect(&m_client, &DispatchClient::eventUncertain, this, fail);
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
    const ChatMessage message = toMessage(payload);
    if (message.id.isEmpty() || message.body.isEmpty())
        return;
    // Who speaks is here, even if the list of people, which waits a little, does not say so yet.
    if (m_hasLooked && !message.person.isEmpty() && message.person != m_person
        && !m_known.contains(message.person)) {
        m_known.insert(message.person, message.author);
        m_messages.addNote(tr("%1 joined").arg(message.author));
    }
    if (m_messages.addReceived(message))
        Q_EMIT received(message.author, message.body);
}

/// Somebody came, or came back, and asks what was said. A few who are there answer: one might not
/// know how to, and who asked knows messages by their ids.
void ChatRoom::tell(const QString &asker)
{
    if (asker == m_client.clientId())
        return;
    QStringList others;
    for (const DispatchConnectedClient &client : m_client.connectedClients()) {
        if (client.clientId != asker)
            others.append(client.clientId);
    }
    const qsizetype place = others.indexOf(m_client.clientId());
    // Who has just come finds his place in the next list, and answers then.
    if (place < 0 && m_askers.size() < MaxAskers)
        m_askers.append(asker);
    if (place < 0 || place >= Tellers)
        return;
    QJsonArray said;
    for (const ChatMessage &message : m_messages.latest(EarlierLimit))
        said.append(toJson(message));
    m_client.emitEvent(EarlierEvent, QJsonObject{{u"messages"_s, said}}, {asker});
}

void ChatRoom::learn(const QJsonArray &earlier)
{
    const QDateTime now = QDateTime::currentDateTime();
    for (qsizetype i = 0; i < std::min(earlier.size(), EarlierLimit); ++i) {
        ChatMessage message = toMessage(earlier[i].toObject());
        if (message.id.isEmpty() || message.body.isEmpty())
            continue;
        const double time = earlier[i]["time"_L1].toDouble();
        // Nothing comes from the future.
        if (time > 0 && time < double(now.toMSecsSinceEpoch()))
            message.time = QDateTime::fromMSecsSinceEpoch(qint64(time));
        message.isOwn = message.person == m_person;
        m_messages.addEarlier(message);
    }
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
    for (const QString &asker : std::exchange(m_askers, {}))
        tell(asker);
}

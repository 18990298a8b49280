// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "stockactor.h"

#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Dispatch::Faults {

namespace {

// Short, so that a run is; the original's is 5 s.
constexpr int RetryDelay = 50;
constexpr int PingInterval = 150;
// The page is loaded again by a user who sees nothing for so long.
constexpr int Patience = 600;

} // namespace

StockActor::~StockActor()
{
    if (m_socket)
        m_socket->disconnect(this);
}

void StockActor::start()
{
    m_retry.setSingleShot(true);
    m_retry.setInterval(RetryDelay);
    connect(&m_retry, &QTimer::timeout, this, &StockActor::open);
    m_pinging.setInterval(PingInterval);
    connect(&m_pinging, &QTimer::timeout, this, [this] { m_socket->ping(); });
    m_patience.setInterval(Patience);
    connect(&m_patience, &QTimer::timeout, this, [this] { closed(u"silence"_s); });
    open();
}

void StockActor::open()
{
    m_socket = std::make_unique<QWebSocket>();
    connect(m_socket.get(), &QWebSocket::textMessageReceived, this, &StockActor::receive);
    connect(m_socket.get(), &QWebSocket::disconnected, this,
            [this] { closed(u"closed with %1"_s.arg(m_socket->closeCode())); });
    connect(m_socket.get(), &QWebSocket::pong, &m_patience, qOverload<>(&QTimer::start));
    QUrl url = m_place.url;
    url.setPath(u"/"_s);
    url.setQuery(query());
    m_socket->open(url);
    m_patience.start();
}

void StockActor::closed(const QString &why)
{
    m_pinging.stop();
    m_patience.stop();
    if (std::exchange(m_isJoined, false))
        note(Entry::Lost{why.toStdString()});
    if (m_socket) {
        m_socket->disconnect(this);
        m_socket->abort();
        m_socket.release()->deleteLater();
    }
    m_retry.start();
}

void StockActor::receive(const QString &text)
{
    m_patience.start();
    const QJsonObject message = QJsonDocument::fromJson(text.toUtf8()).object();
    const QString event = message["eventName"_L1].toString();
    const QJsonObject payload = message["payload"_L1].toObject();
    if (event == "@@KOJI_DISPATCH/CONNECTED"_L1) {
        m_isJoined = true;
        m_pinging.start();
        joined({payload["shardName"_L1].toString().toStdString()});
        send(u"@@KOJI_DISPATCH/SET_USER_INFO"_s, {{u"name"_s, m_name}}, {});
    } else if (event == "@@KOJI_DISPATCH/CONNECTED_CLIENTS_CHANGED"_L1) {
        m_people.clear();
        const QJsonObject clients = payload["connectedClients"_L1].toObject();
        for (auto it = clients.begin(); it != clients.end(); ++it)
            m_people.insert(it.key(), it.value()["name"_L1].toString());
        saw(m_people.size());
    } else if (!event.startsWith("@@"_L1)) {
        hear(event, payload, 0, false);
    }
}

void StockActor::send(const QString &eventName, const QJsonObject &payload, const QStringList &ids)
{
    QJsonObject message{{u"eventName"_s, eventName}, {u"payload"_s, payload}};
    if (!ids.isEmpty())
        message.insert(u"recipients"_s, QJsonArray::fromStringList(ids));
    m_socket->sendTextMessage(
        QString::fromUtf8(QJsonDocument(message).toJson(QJsonDocument::Compact)));
}

void StockActor::emitNext(const QStringList &recipients)
{
    if (!m_isJoined)
        return;
    QStringList ids;
    std::vector<std::string> names;
    for (const QString &name : recipients) {
        if (const QString id = m_people.key(name); !id.isEmpty()) {
            ids.append(id);
            names.push_back(name.toStdString());
        }
    }
    const EventId id = nextId();
    noteEmit(id, names);
    send(EventName, payloadOf(id), ids);
}

void StockActor::emitFence(int round)
{
    if (!m_isJoined)
        return;
    const EventId id{"fence of " + m_name.toStdString(), round};
    noteEmit(id, {});
    send(FenceName, payloadOf(id), {});
}

/// What becomes of it nobody will say.
void StockActor::noteEmit(const EventId &id, const std::vector<std::string> &recipients)
{
    note(Entry::Emitted{id, recipients});
    note(Entry::Fate{id, Entry::Fate::Unknown});
}

std::vector<std::string> StockActor::present() const
{
    std::vector<std::string> names;
    for (const QString &name : m_people)
        names.push_back(name.toStdString());
    std::ranges::sort(names);
    return names;
}

} // namespace Dispatch::Faults

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "extendedactor.h"

#include "peer.h"

#include <QtCore/qjsonarray.h>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace Dispatch::Faults {

namespace {

constexpr int RetryDelay = 30;
constexpr int PingInterval = 150;
// After so much silence the connection is given up.
constexpr int Patience = 400;

} // namespace

ExtendedActor::ExtendedActor(const QString &name, const Place &place)
    : Actor(name, place)
{
    history().isExtended = true;
    m_retry.setSingleShot(true);
    m_retry.setInterval(RetryDelay);
    m_pinging.setInterval(PingInterval);
    m_patience.setInterval(Patience);
    connect(&m_retry, &QTimer::timeout, this, &ExtendedActor::open);
    connect(&m_pinging, &QTimer::timeout, this, [this] { m_peer.socket().ping(); });
    connect(&m_patience, &QTimer::timeout, this, [this] { lost(u"silence"_s); });
    connect(&m_peer, &ExtendedPeer::received, this, &ExtendedActor::receive);
    connect(&m_peer, &ExtendedPeer::ponged, &m_patience, qOverload<>(&QTimer::start));
    connect(&m_peer, &ExtendedPeer::disconnected, this,
            [this] { lost(u"closed with %1"_s.arg(m_peer.closeCode())); });
}

void ExtendedActor::open()
{
    m_peer.openToResume(m_place.url, query());
    m_pinging.start();
    m_patience.start();
}

void ExtendedActor::lost(const QString &why)
{
    m_pinging.stop();
    m_patience.stop();
    if (std::exchange(m_isJoined, false))
        note(Entry::Lost{why.toStdString()});
    m_peer.cut();
    m_retry.start();
}

void ExtendedActor::receive(const QJsonObject &message)
{
    m_patience.start();
    const QString event = message["eventName"_L1].toString();
    const QJsonObject payload = message["payload"_L1].toObject();
    if (event == Connected) {
        greeted(payload);
    } else if (event == PresenceChanged) {
        saw(m_peer.clients().size());
    } else if (event == Ack) {
        dealtWith(payload["emit"_L1].toInteger(), payload["seq"_L1].toInteger());
    } else if (event == Error && payload.contains("emit"_L1)) {
        settle(payload["emit"_L1].toInteger(), Entry::Fate::Refused);
    } else if (!event.startsWith("@@"_L1)) {
        hear(event, payload, message["seq"_L1].toInteger(), m_replay > 0);
        m_replay = std::max(m_replay - 1, 0);
    }
    m_peer.forget();
}

void ExtendedActor::greeted(const QJsonObject &greeting)
{
    const QString before = std::exchange(m_clientId, m_peer.clientId());
    if (!before.isEmpty() && before != m_clientId) {
        // Another session: nobody knows what became of them.
        for (const EventId &id : std::exchange(m_pending, {}))
            note(Entry::Fate{id, Entry::Fate::Unknown});
    }
    for (const QJsonValue &refused : greeting["refused"_L1].toArray())
        settle(refused["emit"_L1].toInteger(), Entry::Fate::Refused);
    dealtWith(greeting["lastEmit"_L1].toInteger(), 0);
    m_isJoined = true;
    m_replay = greeting["replay"_L1].toInt();
    joined({greeting["shardName"_L1].toString().toStdString(),
            greeting["epoch"_L1].toString().toStdString(), greeting["seq"_L1].toInteger(),
            greeting["recovered"_L1].toBool()});
    saw(m_peer.clients().size());
    if (m_peer.clients()[m_clientId]["name"_L1].toString() != m_name)
        m_peer.emitEvent(SetUserInfo, QJsonObject{{u"name"_s, m_name}});
}

void ExtendedActor::emitNext(const QStringList &recipients)
{
    QStringList ids;
    std::vector<std::string> names;
    const QJsonObject &clients = m_peer.clients();
    for (auto client = clients.begin(); client != clients.end(); ++client) {
        const QString name = client.value()["name"_L1].toString();
        if (recipients.contains(name)) {
            ids.append(client.key());
            names.push_back(name.toStdString());
        }
    }
    const EventId id = nextId();
    note(Entry::Emitted{id, names});
    emitNumbered(EventName, id, ids);
}

void ExtendedActor::emitFence(int round)
{
    const EventId id{"fence of " + m_name.toStdString(), round};
    note(Entry::Emitted{id});
    emitNumbered(FenceName, id, {});
}

void ExtendedActor::emitNumbered(const QString &eventName, const EventId &id,
                                 const QStringList &recipients)
{
    QJsonObject more{{u"ack"_s, true}};
    if (!recipients.isEmpty())
        more.insert(u"recipients"_s, QJsonArray::fromStringList(recipients));
    m_peer.emitNumbered(eventName, payloadOf(id), more);
    m_pending.insert(m_peer.emitted(), id);
}

void ExtendedActor::dealtWith(qint64 emit, qint64 seq)
{
    while (!m_pending.isEmpty() && m_pending.firstKey() <= emit) {
        const qint64 first = m_pending.firstKey();
        settle(first, Entry::Fate::Acknowledged, first == emit ? seq : 0);
    }
}

void ExtendedActor::settle(qint64 emit, Entry::Fate::Kind kind, qint64 seq)
{
    if (const auto pending = m_pending.find(emit); pending != m_pending.end()) {
        note(Entry::Fate{*pending, kind, seq});
        m_pending.erase(pending);
    }
}

std::vector<std::string> ExtendedActor::present() const
{
    std::vector<std::string> names;
    for (const QJsonValue &client : m_peer.clients())
        names.push_back(client["name"_L1].toString().toStdString());
    std::ranges::sort(names);
    return names;
}

} // namespace Dispatch::Faults

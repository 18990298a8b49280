// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "presence_p.h"

#include "payload_p.h"
#include "presencemessage_p.h"

using namespace Qt::StringLiterals;

namespace Dispatch {

namespace {

DispatchConnectedClient decode(const QString &clientId, const QByteArray &raw)
{
    QJsonObject info = Payload::toJson(raw).toObject();
    DispatchConnectedClient client;
    client.clientId = clientId;
    client.userId = info.take("userId"_L1).toString();
    client.lastPing = QDateTime::fromMSecsSinceEpoch(info.take("lastPing"_L1).toInteger(), Qt::UTC);
    client.userInfo = info;
    return client;
}

QString toQString(std::string_view text)
{
    return QString::fromUtf8(text.data(), qsizetype(text.size()));
}

} // namespace

void Presence::setSelf(const QString &clientId)
{
    m_self = clientId;
    for (DispatchConnectedClient &client : m_clients) {
        const bool isSelf = client.clientId == clientId;
        if (client.isSelf != isSelf)
            client.isSelf = isSelf;
    }
}

Presence::Update Presence::update(std::string_view payload, qsizetype most)
{
    const auto slices = parsePresence(payload, std::size_t(most));
    if (!slices)
        return Update::NoList;
    if (qsizetype(slices->size()) > most)
        return Update::TooLong;

    QHash<QString, QByteArray> raw;
    raw.reserve(qsizetype(slices->size()));
    QHash<QString, DispatchConnectedClient> decoded;
    QStringList order;
    for (const PresenceSlice &slice : *slices) {
        const QString id = toQString(slice.clientId);
        const auto known = m_raw.constFind(id);
        if (raw.contains(id))
            continue;
        if (known != m_raw.constEnd() && std::string_view(*known) == slice.entry) {
            raw.insert(id, *known);
            continue;
        }
        const QByteArray text(slice.entry.data(), qsizetype(slice.entry.size()));
        DispatchConnectedClient client = decode(id, text);
        client.isSelf = id == m_self;
        ++m_decoded;
        if (known == m_raw.constEnd())
            order.append(id);
        decoded.insert(id, client);
        raw.insert(id, text);
    }

    m_clients.removeIf(
        [&raw](const DispatchConnectedClient &client) { return !raw.contains(client.clientId); });
    for (DispatchConnectedClient &client : m_clients) {
        const auto changed = decoded.constFind(client.clientId);
        if (changed != decoded.constEnd())
            client = *changed;
    }
    for (const QString &id : order)
        m_clients.append(decoded.value(id));
    m_raw = raw;
    return Update::Done;
}

void Presence::clear()
{
    m_clients.clear();
    m_raw.clear();
}

} // namespace Dispatch

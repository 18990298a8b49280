// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "presence_p.h"

#include "extendedreader_p.h"
#include "payload_p.h"
#include "utf8_p.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Dispatch {

void Presence::setSelf(const QString &clientId)
{
    m_self = clientId;
    // Who has another id now stays who one was until the list with the new one comes.
    if (m_raw.contains(clientId))
        markSelf();
}

void Presence::markSelf()
{
    for (DispatchConnectedClient &client : m_clients) {
        const bool isSelf = client.clientId == m_self;
        if (client.isSelf != isSelf)
            client.isSelf = isSelf;
    }
}

/// Gives our entry from before to the one that we have now, if it is in \a there.
void Presence::renameSelf(const QSet<QString> &there)
{
    const auto former = std::ranges::find_if(m_clients, &DispatchConnectedClient::isSelf);
    if (former == m_clients.end() || there.contains(former->clientId) || !there.contains(m_self)
        || m_raw.contains(m_self))
        return;
    m_raw.remove(former->clientId);
    m_raw.insert(m_self, {});
    former->clientId = m_self;
}

Presence::Update Presence::update(std::string_view payload, qsizetype most)
{
    const auto slices = parsePresence(payload, std::size_t(most));
    if (!slices)
        return Update::NoList;
    if (qsizetype(slices->size()) > most)
        return Update::TooLong;
    replace(*slices);
    return Update::Done;
}

Presence::Update Presence::updateFromGreeting(std::string_view clients, std::uint64_t revision,
                                              qsizetype most)
{
    const auto slices = readClients(clients, std::size_t(most));
    if (!slices)
        return Update::NoList;
    m_revision = revision;
    m_isIncomplete = qsizetype(slices->size()) > most;
    if (m_isIncomplete)
        return Update::TooLong;
    replace(*slices);
    return Update::Done;
}

Presence::Update Presence::apply(std::string_view payload, qsizetype most)
{
    const auto difference = readPresenceDifference(payload, std::size_t(most));
    if (!difference || difference->revision != m_revision + 1)
        return Update::NoList;
    m_revision = difference->revision;
    // Each list was read to one more than that at most.
    const auto isTooLong = [most](const auto &list) { return qsizetype(list.size()) > most; };
    m_isIncomplete = m_isIncomplete || isTooLong(difference->left) || isTooLong(difference->joined)
        || isTooLong(difference->changed);
    if (m_isIncomplete)
        return Update::TooLong;
    remove(difference->left);
    // Somebody who is said to have joined may be there already, as oneself in the greeting.
    m_isIncomplete =
        m_clients.size() + newIn(difference->joined) + newIn(difference->changed) > most;
    if (m_isIncomplete)
        return Update::TooLong;
    put(difference->joined);
    put(difference->changed);
    return Update::Done;
}

qsizetype Presence::newIn(const std::vector<PresenceSlice> &slices) const
{
    return std::ranges::count_if(slices, [this](const PresenceSlice &slice) {
        return !m_raw.contains(toQString(slice.clientId));
    });
}

void Presence::replace(const std::vector<PresenceSlice> &slices)
{
    QSet<QString> there;
    there.reserve(qsizetype(slices.size()));
    for (const PresenceSlice &slice : slices)
        there.insert(toQString(slice.clientId));
    renameSelf(there);
    m_clients.removeIf([&there](const DispatchConnectedClient &client) {
        return !there.contains(client.clientId);
    });
    m_raw.removeIf([&there](const auto &entry) { return !there.contains(entry.key()); });
    put(slices);
    markSelf();
}

/// Adds who is new, and replaces what is different.
void Presence::put(const std::vector<PresenceSlice> &slices)
{
    QHash<QString, DispatchConnectedClient> changed;
    for (const PresenceSlice &slice : slices) {
        const QString id = toQString(slice.clientId);
        const auto known = m_raw.constFind(id);
        if (known != m_raw.constEnd() && std::string_view(*known) == slice.entry)
            continue;
        const bool isNew = known == m_raw.constEnd();
        const QByteArray text(slice.entry.data(), qsizetype(slice.entry.size()));
        m_raw.insert(id, text);
        if (isNew)
            m_clients.append(decode(id, text));
        else
            changed.insert(id, decode(id, text));
    }
    if (changed.isEmpty())
        return;
    for (DispatchConnectedClient &client : m_clients) {
        const auto found = changed.constFind(client.clientId);
        if (found != changed.constEnd())
            client = *found;
    }
}

void Presence::remove(const std::vector<std::string> &clientIds)
{
    QSet<QString> gone;
    for (const std::string &clientId : clientIds) {
        const QString id = toQString(clientId);
        if (m_raw.remove(id))
            gone.insert(id);
    }
    if (!gone.isEmpty()) {
        m_clients.removeIf([&gone](const DispatchConnectedClient &client) {
            return gone.contains(client.clientId);
        });
    }
}

DispatchConnectedClient Presence::decode(const QString &clientId, const QByteArray &raw)
{
    ++m_decoded;
    QJsonObject info = Payload::toJson(raw).toObject();
    DispatchConnectedClient client;
    client.clientId = clientId;
    client.userId = info.take("userId"_L1).toString();
    client.lastPing = QDateTime::fromMSecsSinceEpoch(info.take("lastPing"_L1).toInteger(), Qt::UTC);
    client.userInfo = info;
    client.isSelf = clientId == m_self;
    return client;
}

void Presence::clear()
{
    m_clients.clear();
    m_raw.clear();
}

} // namespace Dispatch

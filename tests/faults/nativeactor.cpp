// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "nativeactor.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Dispatch::Faults {

void NativeActor::start()
{
    m_client.setUrl(m_url);
    m_client.setProjectId(u"faults"_s);
    m_client.setShardName(m_shard);
    m_client.setUserInfo({{u"name"_s, m_name}});
    m_client.setReconnectPolicy({.minDelay = 20, .maxDelay = 200});
    m_client.setAttemptTimeout(400);
    m_client.setHeartbeat(150, 250);
    for (const QString &name : {EventName, FenceName}) {
        m_client.on(name, this,
                    [this, name](const QJsonObject &payload, const DispatchEventMetadata &about) {
                        hear(name, payload, about.sequence, about.replayed);
                    });
    }
    history().isExtended = true;
    connect(&m_client, &DispatchClient::connected, this,
            [this](const DispatchConnectionInfo &info) {
                note(Entry::Joined{info.shardName.toStdString(), info.epoch.toStdString(),
                                   info.sequence, info.recovered});
            });
    connect(&m_client, &DispatchClient::disconnected, this, [this] { note(Entry::Lost{}); });
    m_client.setActive(true);
}

void NativeActor::emitNext(const QStringList &recipients)
{
    QStringList ids;
    std::vector<std::string> names;
    for (const DispatchConnectedClient &client : m_client.connectedClients()) {
        const QString name = client.userInfo["name"_L1].toString();
        if (recipients.contains(name)) {
            ids.append(client.clientId);
            names.push_back(name.toStdString());
        }
    }
    const EventId id = nextId();
    note(Entry::Emitted{id, names});
    emitAs(EventName, id, ids);
}

void NativeActor::emitFence(int round)
{
    const EventId id{"fence of " + m_name.toStdString(), round};
    note(Entry::Emitted{id});
    emitAs(FenceName, id, {});
}

void NativeActor::emitAs(const QString &eventName, const EventId &id, const QStringList &recipients)
{
    ++m_pending;
    m_client
        .emitAcknowledged(eventName, payloadOf(id),
                          recipients.isEmpty() ? std::nullopt : std::optional(recipients))
        .then(this,
              [this, id](const DispatchAcknowledgement &ack) {
                  settle(id, Entry::Fate::Acknowledged, ack.sequence);
              })
        .onFailed(this, [this, id](const DispatchError &error) {
            const bool isUnknown = error.code() == DispatchError::FateUnknown;
            settle(id, isUnknown ? Entry::Fate::Unknown : Entry::Fate::Dropped);
        });
}

void NativeActor::settle(const EventId &id, Entry::Fate::Kind kind, qint64 seq)
{
    --m_pending;
    note(Entry::Fate{id, kind, seq});
}

std::vector<std::string> NativeActor::present() const
{
    std::vector<std::string> names;
    for (const DispatchConnectedClient &client : m_client.connectedClients())
        names.push_back(client.userInfo["name"_L1].toString().toStdString());
    std::ranges::sort(names);
    return names;
}

} // namespace Dispatch::Faults

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
                    [this, name](const QJsonObject &payload) { hear(name, payload, 0, false); });
    }
    connect(&m_client, &DispatchClient::connected, this,
            [this](const DispatchConnectionInfo &info) {
                note(Entry::Joined{info.shardName.toStdString()});
            });
    connect(&m_client, &DispatchClient::disconnected, this, [this] { note(Entry::Lost{}); });
    connect(&m_client, &DispatchClient::eventDropped, this,
            [this](const QString &, const QJsonValue &payload, const DispatchError &) {
                dropped(payload.toObject());
            });
    m_client.setActive(true);
}

void NativeActor::dropped(const QJsonObject &payload)
{
    note(Entry::Fate{{history().client, payload["number"_L1].toInt()}, Entry::Fate::Dropped});
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
    const auto status = ids.isEmpty() ? m_client.emitEvent(EventName, payloadOf(id))
                                      : m_client.emitEvent(EventName, payloadOf(id), ids);
    if (status == DispatchClient::Refused)
        note(Entry::Fate{id, Entry::Fate::Refused});
}

void NativeActor::emitFence(int round)
{
    const EventId id{"fence of " + m_name.toStdString(), round};
    note(Entry::Emitted{id});
    m_client.emitEvent(FenceName, payloadOf(id));
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

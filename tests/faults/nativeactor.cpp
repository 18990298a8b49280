// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "nativeactor.h"

#include <QtCore/qtimer.h>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Dispatch::Faults {

namespace {

// So long somebody waits who is told that no retry will help, before trying all the same.
constexpr int SecondThought = 100;

} // namespace

NativeActor::Times NativeActor::defaults(int scale)
{
    const DispatchClient client;
    const DispatchReconnectPolicy policy = client.reconnectPolicy();
    return {policy.minDelay / scale,
            policy.maxDelay / scale,
            client.attemptTimeout(), // an attempt that is given up leaves a session behind
            client.heartbeatInterval() / scale,
            client.heartbeatTimeout() / scale,
            client.lossGrace() / scale};
}

NativeActor::NativeActor(const QString &name, const Place &place, Profile profile,
                         const Times &times)
    : Actor(name, place)
    , m_profile(profile)
    , m_times(times)
{
    history().isExtended = profile == Extended;
    history().tellsLosses = true;
}

void NativeActor::start()
{
    m_client.setUrl(m_place.url);
    m_client.setProjectId(Project);
    m_client.setShardName(m_place.shard);
    m_client.setMaxConnectionsPerShard(m_place.seats);
    m_client.setBaseProfileOnly(m_profile == Base);
    m_client.setUserInfo({{u"name"_s, m_name}});
    m_client.setReconnectPolicy({.minDelay = m_times.minDelay, .maxDelay = m_times.maxDelay});
    m_client.setAttemptTimeout(m_times.attemptTimeout);
    m_client.setHeartbeat(m_times.heartbeatInterval, m_times.heartbeatTimeout);
    m_client.setLossGrace(m_times.lossGrace);
    for (const QString &name : {EventName, FenceName}) {
        m_client.on(name, this,
                    [this, name](const QJsonObject &payload, const DispatchEventMetadata &about) {
                        hear(name, payload, about.sequence, about.replayed);
                    });
    }
    connect(&m_client, &DispatchClient::connected, this,
            [this](const DispatchConnectionInfo &info) {
                joined({info.shardName.toStdString(), info.epoch.toStdString(), info.sequence,
                        info.recovered, info.clientId.toStdString()});
            });
    connect(&m_client, &DispatchClient::disconnected, this, [this](const DispatchError &error) {
        note(Entry::Lost{error.message().toStdString()});
    });
    connect(&m_client, &DispatchClient::eventDropped, this,
            [this](const QString &eventName, const QJsonValue &payload) {
                noteFailure(eventName, payload, Entry::Fate::Dropped);
            });
    connect(&m_client, &DispatchClient::eventUncertain, this,
            [this](const QString &eventName, const QJsonValue &payload) {
                noteFailure(eventName, payload, Entry::Fate::Unknown);
            });
    connect(&m_client, &DispatchClient::lostConnection, this,
            [this] { note(Entry::LostForLong{}); });
    connect(&m_client, &DispatchClient::connectionRestored, this,
            [this](const DispatchConnectionInfo &info) { note(Entry::Restored{info.recovered}); });
    connect(&m_client, &DispatchClient::connectedClientsChanged, this,
            [this](const QList<DispatchConnectedClient> &clients) { saw(clients.size()); });
    connect(&m_client, &DispatchClient::failed, this, [this] {
        note(Entry::GaveUp{});
        QTimer::singleShot(SecondThought, &m_client, &DispatchClient::retryNow);
    });
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
    // The base profile acknowledges nothing, and loses things in silence.
    const bool isPlain = m_profile == Extended && id.number % 2 == 0;
    note(Entry::Emitted{id, names, isPlain});
    if (isPlain)
        emitPlainly(id, ids);
    else
        emitAs(EventName, id, ids);
}

void NativeActor::emitPlainly(const EventId &id, const QStringList &recipients)
{
    DispatchEmitOptions options;
    if (!recipients.isEmpty())
        options.recipients = recipients;
    if (m_client.emitEvent(EventName, payloadOf(id), options) == DispatchClient::Refused)
        note(Entry::Fate{id, Entry::Fate::Dropped});
}

/// Of an event that was emitted plainly: others are told of by their futures.
void NativeActor::noteFailure(const QString &eventName, const QJsonValue &payload,
                              Entry::Fate::Kind kind)
{
    const EventId id{m_name.toStdString(), payload["number"_L1].toInt()};
    if (eventName == EventName && m_profile == Extended && id.number % 2 == 0)
        note(Entry::Fate{id, kind});
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

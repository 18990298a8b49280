// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "usablesettings_p.h"

#include "logging_p.h"

#include <QtCore/qmap.h>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Dispatch {

namespace {

constexpr int MostThreads = 256;

} // namespace

DispatchServerSettings usable(DispatchServerSettings settings, int mostConnections)
{
    settings.threads = std::clamp(settings.threads, 1, MostThreads);
    for (int *value : {&settings.presenceInterval, &settings.apiRequestsPerSecond,
                       &settings.drainTime, &settings.sessionWindow, &settings.maxReplayEvents,
                       &settings.maxReplayBytes, &settings.maxHistory, &settings.maxStateKeys})
        *value = std::max(*value, 0);
    for (int *value : {&settings.maxConnections,
                       &settings.maxConnectionsPerShard,
                       &settings.handshakeTimeout,
                       &settings.heartbeatInterval,
                       &settings.heartbeatTimeout,
                       &settings.maxWriteQueueBytes,
                       &settings.writeStallTimeout,
                       &settings.maxMessageBytes,
                       &settings.maxUserInfoBytes,
                       &settings.maxRecipients,
                       &settings.messageBurst,
                       &settings.byteBurst,
                       &settings.floodTimeout,
                       &settings.userInfoBurst,
                       &settings.controlFrameBurst,
                       &settings.maxFragments,
                       &settings.messageTimeout,
                       &settings.maxJsonTokens,
                       &settings.maxPresenceBytes,
                       &settings.maxConnectionsPerUser,
                       &settings.apiRequestBurst,
                       &settings.idempotencyWindow,
                       &settings.maxIdempotencyKeys,
                       &settings.maxIdempotencyKeysPerProject,
                       &settings.maxBans,
                       &settings.maxBansPerProject,
                       &settings.maxStateKeyBytes,
                       &settings.maxStateValueBytes,
                       &settings.maxStateBytes,
                       &settings.maxStateTtl,
                       &settings.tokenExpiryGrace,
                       &settings.maxConnectionsPerAddress,
                       &settings.connectionBurst,
                       &settings.infoRequestBurst,
                       &settings.flushTimeout,
                       &settings.engineTimeout,
                       &settings.engineLease,
                       &settings.engineEmitTimeout,
                       &settings.healthTimeout})
        *value = std::max(*value, 1);
    // Here zero is said to be 'no limit'.
    for (int *rate :
         {&settings.messagesPerSecond, &settings.bytesPerSecond, &settings.maxFanOutPerSecond,
          &settings.userInfoPerSecond, &settings.controlFramesPerSecond,
          &settings.connectionsPerSecond, &settings.infoRequestsPerSecond})
        *rate = std::max(*rate, 0);
    settings.maxConnections = std::min(settings.maxConnections, mostConnections);
    return settings;
}

void warnOf(const DispatchServerSettings &settings)
{
    const QMap<QString, QString> problems = settings.problems();
    for (const auto &[property, problem] : problems.asKeyValueRange())
        qCWarning(lcServer).noquote().nospace() << property << ' ' << problem;
    if (settings.allowedOrigins.contains(u"*"_s)) {
        qCWarning(lcServer,
                  "allowedOrigins has '*': pages of all sites may join in the name of those who "
                  "look at them");
    }
    if (settings.engine != "memory"_L1 && settings.engineLease < settings.sessionWindow) {
        qCWarning(
            lcServer,
            "engineLease is shorter than sessionWindow: when a server dies, the places of its "
            "clients are given away before they have to be back");
    }
}

} // namespace Dispatch

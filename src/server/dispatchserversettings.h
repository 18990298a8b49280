// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatchserver_export.h"

#include <QtCore/qmetatype.h>
#include <QtCore/qobjectdefs.h>

/// The limits and times of a server, each with its default. Times are in ms.
/// \since 0.1
class DISPATCH_SERVER_EXPORT DispatchServerSettings
{
    Q_GADGET
    Q_PROPERTY(int threads MEMBER threads)
    Q_PROPERTY(int maxConnections MEMBER maxConnections)
    Q_PROPERTY(int maxConnectionsPerShard MEMBER maxConnectionsPerShard)
    Q_PROPERTY(bool requireProjectId MEMBER requireProjectId)
    Q_PROPERTY(int handshakeTimeout MEMBER handshakeTimeout)
    Q_PROPERTY(int heartbeatInterval MEMBER heartbeatInterval)
    Q_PROPERTY(int heartbeatTimeout MEMBER heartbeatTimeout)
    Q_PROPERTY(int presenceInterval MEMBER presenceInterval)
    Q_PROPERTY(int maxWriteQueueBytes MEMBER maxWriteQueueBytes)
    Q_PROPERTY(int writeStallTimeout MEMBER writeStallTimeout)
    Q_PROPERTY(int maxMessageBytes MEMBER maxMessageBytes)
    Q_PROPERTY(int maxUserInfoBytes MEMBER maxUserInfoBytes)
    Q_PROPERTY(int maxRecipients MEMBER maxRecipients)
    Q_PROPERTY(int apiRequestsPerSecond MEMBER apiRequestsPerSecond)
    Q_PROPERTY(int apiRequestBurst MEMBER apiRequestBurst)
    Q_PROPERTY(int idempotencyWindow MEMBER idempotencyWindow)
    Q_PROPERTY(int maxIdempotencyKeys MEMBER maxIdempotencyKeys)
    Q_PROPERTY(int maxBans MEMBER maxBans)
    Q_PROPERTY(int tokenExpiryGrace MEMBER tokenExpiryGrace)
    Q_PROPERTY(bool requireShardClaim MEMBER requireShardClaim)

public:
    int threads = 1;                    ///< that serve sockets; shards are spread over them
    int maxConnections = 100'000;       ///< over it a join is refused with 503
    int maxConnectionsPerShard = 1'000; ///< the highest limit that a client may ask for
    bool requireProjectId = false;      ///< refuse clients that name no project, instead of 'default'
    int handshakeTimeout = 10'000;      ///< from accept to the end of the request's header
    int heartbeatInterval = 25'000;     ///< between pings
    int heartbeatTimeout = 10'000;      ///< a client that is silent this long after a ping is dropped
    int presenceInterval = 100;         ///< the least time between two presence lists of a shard
    int maxWriteQueueBytes = 4 * 1024 * 1024;  ///< that wait for one client; over it is dropped
    int writeStallTimeout = 10'000;     ///< a client that takes nothing for so long is dropped
    int maxMessageBytes = 384'000;      ///< of a message from a client
    int maxUserInfoBytes = 4'096;
    int maxRecipients = 100;
    int apiRequestsPerSecond = 100;     ///< of one project's back ends by HTTP; 0: no limit
    int apiRequestBurst = 1'000;        ///< such requests at once
    int idempotencyWindow = 600'000;    ///< in which a repeated request is not done again
    int maxIdempotencyKeys = 100'000;   ///< that are remembered; over it new ones are refused
    int maxBans = 10'000;               ///< of all projects
    int tokenExpiryGrace = 25'000;      ///< for another token, once that of a client has ended
    bool requireShardClaim = false;     ///< refuse joins without a token that names the shard

    bool operator==(const DispatchServerSettings &) const = default;
};

Q_DECLARE_METATYPE(DispatchServerSettings)

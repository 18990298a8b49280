// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatchserver_export.h"

#include <QtCore/qmap.h>
#include <QtCore/qmetatype.h>
#include <QtCore/qobjectdefs.h>
#include <QtCore/qstringlist.h>

/// The limits and times of a server, each with its default, and who may come in. Times are in ms.
/// \since 0.1
class DISPATCH_SERVER_EXPORT DispatchServerSettings {
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
    Q_PROPERTY(int messagesPerSecond MEMBER messagesPerSecond)
    Q_PROPERTY(int messageBurst MEMBER messageBurst)
    Q_PROPERTY(int bytesPerSecond MEMBER bytesPerSecond)
    Q_PROPERTY(int byteBurst MEMBER byteBurst)
    Q_PROPERTY(int floodTimeout MEMBER floodTimeout)
    Q_PROPERTY(int maxFanOutPerSecond MEMBER maxFanOutPerSecond)
    Q_PROPERTY(int userInfoPerSecond MEMBER userInfoPerSecond)
    Q_PROPERTY(int userInfoBurst MEMBER userInfoBurst)
    Q_PROPERTY(int controlFramesPerSecond MEMBER controlFramesPerSecond)
    Q_PROPERTY(int controlFrameBurst MEMBER controlFrameBurst)
    Q_PROPERTY(int maxFragments MEMBER maxFragments)
    Q_PROPERTY(int messageTimeout MEMBER messageTimeout)
    Q_PROPERTY(int maxJsonTokens MEMBER maxJsonTokens)
    Q_PROPERTY(int maxPresenceBytes MEMBER maxPresenceBytes)
    Q_PROPERTY(int maxConnectionsPerUser MEMBER maxConnectionsPerUser)
    Q_PROPERTY(int apiRequestsPerSecond MEMBER apiRequestsPerSecond)
    Q_PROPERTY(int apiRequestBurst MEMBER apiRequestBurst)
    Q_PROPERTY(int idempotencyWindow MEMBER idempotencyWindow)
    Q_PROPERTY(int maxIdempotencyKeys MEMBER maxIdempotencyKeys)
    Q_PROPERTY(int maxIdempotencyKeysPerProject MEMBER maxIdempotencyKeysPerProject)
    Q_PROPERTY(int maxBans MEMBER maxBans)
    Q_PROPERTY(int maxBansPerProject MEMBER maxBansPerProject)
    Q_PROPERTY(int tokenExpiryGrace MEMBER tokenExpiryGrace)
    Q_PROPERTY(int healthTimeout MEMBER healthTimeout)
    Q_PROPERTY(bool requireShardClaim MEMBER requireShardClaim)
    Q_PROPERTY(int sessionWindow MEMBER sessionWindow)
    Q_PROPERTY(int maxReplayEvents MEMBER maxReplayEvents)
    Q_PROPERTY(int maxReplayBytes MEMBER maxReplayBytes)
    Q_PROPERTY(int maxHistory MEMBER maxHistory)
    Q_PROPERTY(QStringList historyProjects MEMBER historyProjects)
    Q_PROPERTY(int maxStateKeys MEMBER maxStateKeys)
    Q_PROPERTY(int maxStateKeyBytes MEMBER maxStateKeyBytes)
    Q_PROPERTY(int maxStateValueBytes MEMBER maxStateValueBytes)
    Q_PROPERTY(int maxStateBytes MEMBER maxStateBytes)
    Q_PROPERTY(int maxStateTtl MEMBER maxStateTtl)
    Q_PROPERTY(QStringList allowedOrigins MEMBER allowedOrigins)
    Q_PROPERTY(bool requireOrigin MEMBER requireOrigin)
    Q_PROPERTY(QStringList trustedProxies MEMBER trustedProxies)
    Q_PROPERTY(QStringList unlimitedAddresses MEMBER unlimitedAddresses)
    Q_PROPERTY(int maxConnectionsPerAddress MEMBER maxConnectionsPerAddress)
    Q_PROPERTY(int connectionsPerSecond MEMBER connectionsPerSecond)
    Q_PROPERTY(int connectionBurst MEMBER connectionBurst)
    Q_PROPERTY(int infoRequestsPerSecond MEMBER infoRequestsPerSecond)
    Q_PROPERTY(int infoRequestBurst MEMBER infoRequestBurst)
    Q_PROPERTY(int drainTime MEMBER drainTime)
    Q_PROPERTY(int flushTimeout MEMBER flushTimeout)
    Q_PROPERTY(QString engine MEMBER engine)
    Q_PROPERTY(QString engineKeyPrefix MEMBER engineKeyPrefix)
    Q_PROPERTY(QString engineCaFile MEMBER engineCaFile)
    Q_PROPERTY(int engineTimeout MEMBER engineTimeout)
    Q_PROPERTY(int engineLease MEMBER engineLease)
    Q_PROPERTY(int engineEmitTimeout MEMBER engineEmitTimeout)

public:
    int threads = 1; ///< that serve sockets; shards are spread over them
    int maxConnections = 100'000; ///< over it 503; never more than files may be open
    int maxConnectionsPerShard = 1'000; ///< the highest limit that a client may ask for
    bool requireProjectId = false; ///< refuse clients that name no project, instead of 'default'
    int handshakeTimeout = 10'000; ///< from accept, through TLS, to the end of the request's header
    int heartbeatInterval = 25'000; ///< between pings
    /// A client that is silent this long after a ping is dropped, and one that has answered none
    /// for heartbeatInterval and this.
    int heartbeatTimeout = 10'000;
    int presenceInterval = 100; ///< the least time between two presence lists of a shard
    int maxWriteQueueBytes = 4 * 1024 * 1024; ///< that wait for one client; over it is dropped
    int writeStallTimeout = 10'000; ///< a client that takes nothing for so long is dropped
    int maxMessageBytes = 384'000; ///< of a message from a client
    int maxUserInfoBytes = 4'096; ///< of the user info of one client
    int maxRecipients = 100; ///< different ones, of a message
    int messagesPerSecond = 500; ///< of one client, in the long run; 0: no limit
    int messageBurst = 5'000; ///< of one client, at once
    int bytesPerSecond = 1024 * 1024; ///< of the messages of one client; 0: no limit
    int byteBurst = 16 * 1024 * 1024; ///< of the messages of one client, at once
    int floodTimeout = 5'000; ///< a client that is over these for so long is closed
    int maxFanOutPerSecond = 2'000'000; ///< messages times receivers of a project; 0: no limit
    int userInfoPerSecond = 2; ///< changes of one client's user info; 0: no limit
    int userInfoBurst = 10; ///< such changes at once
    int controlFramesPerSecond = 20; ///< pings and pongs of one client; 0: no limit
    int controlFrameBurst = 100; ///< such frames at once
    int maxFragments = 4'096; ///< of a message, empty ones included
    int messageTimeout = 30'000; ///< from the first byte of a message to its last
    int maxJsonTokens = 20'000; ///< keys and values of a message
    int maxPresenceBytes = 512 * 1024; ///< of a presence list; over it user infos are left out
    int maxConnectionsPerUser = 50; ///< of one user in one project
    int apiRequestsPerSecond = 100; ///< of one project's back ends by HTTP; 0: no limit
    int apiRequestBurst = 1'000; ///< such requests at once
    int idempotencyWindow = 600'000; ///< in which a repeated request is not done again
    int maxIdempotencyKeys = 500'000; ///< that are remembered; over it new ones are refused
    int maxIdempotencyKeysPerProject = 100'000; ///< the same of one project
    int maxBans = 100'000; ///< of all projects
    int maxBansPerProject = 10'000; ///< of one project
    int tokenExpiryGrace = 25'000; ///< for another token, once that of a client has ended
    int healthTimeout = 5'000; ///< a thread that does not turn for so long is called stuck
    bool requireShardClaim = false; ///< refuse joins without a token that names the shard
    int drainTime = 30'000; ///< in which drain() has all come back elsewhere; 0: all at once
    int flushTimeout = 5'000; ///< for what waits for a client that is closed, and its answer
    int sessionWindow = 30'000; ///< in which one who lost the connection can go on; 0: none
    int maxReplayEvents = 1'000; ///< of a shard that are kept for that, and for one client
    int maxReplayBytes = 1024 * 1024; ///< of these
    int maxHistory = 0; ///< of them, that a newcomer may ask for
    QStringList historyProjects = {}; ///< whose newcomers may; empty: all
    int maxStateKeys = 1'000; ///< of the shared state of a shard; 0: there is none
    int maxStateKeyBytes = 255; ///< of one of them
    int maxStateValueBytes = 16 * 1024; ///< of the value of one of them, as JSON
    int maxStateBytes = 256 * 1024; ///< of all keys and values of a shard
    int maxStateTtl = 24 * 60 * 60 * 1'000; ///< the longest time that a key can be given to live

    /// The origins whose pages may join, as browsers send them: "https://example.org",
    /// "http://localhost:8080"; "null" is a page without one, and "*" all of them. Empty: pages of
    /// the host that they connect to. Programs that are no browsers send no origin.
    QStringList allowedOrigins = {};
    bool requireOrigin = false; ///< refuse joins without an origin, too
    /// The addresses, or networks ("10.0.0.0/8"), of proxies whose X-Forwarded-For and
    /// X-Forwarded-Host are believed.
    QStringList trustedProxies = {};
    /// The addresses and networks that the next limit, and that of GET /info, are not for; nor are
    /// they for trustedProxies. The other ones are for all.
    QStringList unlimitedAddresses{QStringLiteral("127.0.0.0/8"), QStringLiteral("::1")};
    int maxConnectionsPerAddress = 200; ///< of one IPv4 address or one IPv6 network (/64)
    int connectionsPerSecond = 1'000; ///< that are accepted; over it 503; 0: no limit
    int connectionBurst = 1'000; ///< such connections at once
    int infoRequestsPerSecond = 20; ///< GET /info, or of a web file, of one address; 0: no limit
    int infoRequestBurst = 100; ///< such requests at once

    /// Where several servers keep what they share: "memory" is a server on its own;
    /// "redis://[user[:password]@]host[:port]", "rediss://..." the same with TLS, or
    /// "redis+unix:///path" of a socket. Special
    /// characters of user and password are %XX. It, and all that is said of it, stay what
    /// they were while the server listens; but engineEmitTimeout.
    QString engine = QStringLiteral("memory");
    /// The password for it, instead of one in engine. No property: what shows settings does not
    /// show it.
    QString enginePassword = {};
    QString engineKeyPrefix =
        QStringLiteral("dispatch"); ///< of Redis; other prefixes share nothing
    /// The certificates (PEM) of those who sign that of Redis; empty: those that this machine
    /// trusts.
    QString engineCaFile = {};
    int engineTimeout = 1'000; ///< for an answer of the engine
    /// A server that gives no sign for so long has died to the others. At least twice
    /// engineTimeout; longer than sessionWindow, or who comes back in time finds the place taken.
    int engineLease = 35'000;
    int engineEmitTimeout = 5'000; ///< for which an event waits for an engine that is away

    /// What can't be used, by the name of the property: the end of a sentence that begins with
    /// that name. Nothing is let in by it.
    QMap<QString, QString> problems() const;

    bool operator==(const DispatchServerSettings &) const = default;
};

Q_DECLARE_METATYPE(DispatchServerSettings)

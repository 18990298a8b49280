// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatchclient_export.h"

#include <QtCore/qdatetime.h>
#include <QtCore/qjsonobject.h>
#include <QtCore/qlist.h>
#include <QtCore/qmetatype.h>
#include <QtCore/qobjectdefs.h>
#include <QtCore/qstring.h>
#include <QtCore/qstringlist.h>

#include <chrono>
#include <limits>
#include <optional>

/// A time in ms as policies have it: given as a number of ms or as a duration of std::chrono, as in
/// {.minDelay = 2s}, and a number of ms to whoever reads it, QML, too. What no int can hold becomes
/// the longest or the shortest that it can. \since 0.1
class DispatchMilliseconds {
public:
    /// So many ms.
    constexpr DispatchMilliseconds(int ms = 0)
        : m_count(ms)
    {
    }
    /// Less than a ms is rounded up: a wait that is asked for is none of 0.
    template<typename Rep, typename Period>
    constexpr DispatchMilliseconds(std::chrono::duration<Rep, Period> duration)
        : m_count(countOf(duration))
    {
    }
    /// The number of ms.
    constexpr operator int() const { return m_count; }
    /// The number of ms.
    constexpr int count() const { return m_count; }
    /// The same as a duration.
    constexpr std::chrono::milliseconds duration() const
    {
        return std::chrono::milliseconds(m_count);
    }

private:
    template<typename Rep, typename Period>
    static constexpr int countOf(std::chrono::duration<Rep, Period> duration)
    {
        constexpr int Most = std::numeric_limits<int>::max();
        constexpr int Least = std::numeric_limits<int>::min();
        const std::chrono::duration<double, std::milli> exact = duration;
        if (exact.count() >= double(Most))
            return Most;
        if (exact.count() <= double(Least))
            return Least;
        return int(std::chrono::ceil<std::chrono::milliseconds>(duration).count());
    }

    int m_count;
};

/// What a client learns when it has joined a shard.
/// \since 0.1
class DISPATCH_CLIENT_EXPORT DispatchConnectionInfo {
    Q_GADGET
    Q_PROPERTY(QString clientId MEMBER clientId)
    Q_PROPERTY(QString shardName MEMBER shardName)
    Q_PROPERTY(bool extended MEMBER extended)
    Q_PROPERTY(bool recovered MEMBER recovered)
    Q_PROPERTY(QString epoch MEMBER epoch)
    Q_PROPERTY(qint64 sequence MEMBER sequence)

public:
    QString clientId; ///< given by the server; stays the same where a session goes on
    QString shardName; ///< the shard that the client is in
    /// Whether the server speaks the extended profile with this client. If not, nothing is known
    /// of who emitted an event.
    bool extended = false;
    /// Whether this goes on where the last connection ended: what was missed meanwhile comes now,
    /// once and in order. False at the first join, and wherever something may be missing.
    bool recovered = false;
    /// With sequence: from where on this client gets all events of the shard. A shard begins to
    /// count anew in each life, and each has another epoch. Empty in the base profile.
    QString epoch;
    qint64 sequence = 0; ///< the shard's last event that this client does not get any more

    bool operator==(const DispatchConnectionInfo &) const = default;
};

/// One shard of a project, as DispatchClient::info() lists it.
/// \since 0.1
class DISPATCH_CLIENT_EXPORT DispatchShardInfo {
    Q_GADGET
    Q_PROPERTY(QString shardName MEMBER shardName)
    Q_PROPERTY(int numConnectedClients MEMBER numConnectedClients)

public:
    QString shardName; ///< its name, to join it by
    int numConnectedClients = 0; ///< how many clients are in it

    bool operator==(const DispatchShardInfo &) const = default;
};

/// One client of the shard.
/// \since 0.1
class DISPATCH_CLIENT_EXPORT DispatchConnectedClient {
    Q_GADGET
    Q_PROPERTY(QString clientId MEMBER clientId)
    Q_PROPERTY(QString userId MEMBER userId)
    Q_PROPERTY(QDateTime lastPing MEMBER lastPing)
    Q_PROPERTY(QJsonObject userInfo MEMBER userInfo)
    Q_PROPERTY(bool isSelf MEMBER isSelf)

public:
    QString clientId; ///< given by the server
    QString userId; ///< empty: has not identified itself
    /// The last sign of life that the server had, by its clock. Where the extended profile is
    /// spoken, as it was when something else of the entry changed last.
    QDateTime lastPing;
    QJsonObject userInfo; ///< what the client says of itself; untrusted
    bool isSelf = false; ///< whether it is the client that tells of it

    bool operator==(const DispatchConnectedClient &) const = default;
};

/// What is known of an event beside its payload.
/// \since 0.1
class DISPATCH_CLIENT_EXPORT DispatchEventMetadata {
    Q_GADGET
    Q_PROPERTY(QString eventName MEMBER eventName)
    Q_PROPERTY(double latencyMs MEMBER latencyMs)
    Q_PROPERTY(qint64 sequence MEMBER sequence)
    Q_PROPERTY(QString senderId MEMBER senderId)
    Q_PROPERTY(QString senderUserId MEMBER senderUserId)
    Q_PROPERTY(qint64 serverTime MEMBER serverTime)
    Q_PROPERTY(bool own MEMBER own)
    Q_PROPERTY(bool replayed MEMBER replayed)
    Q_PROPERTY(QString requestId MEMBER requestId)

public:
    QString eventName; ///< the event's name
    /// Milliseconds from the emitter to here, estimated: the server's figure (the emitter's half
    /// round trip and the time in the server) plus our own half round trip. Never negative. Of one
    /// that is replayed it does not say for how long it was kept; serverTime does.
    double latencyMs = 0;

    // What follows stays as it is here with a server that speaks the base profile alone
    // (DispatchConnectionInfo::extended). No client can forge it.
    qint64 sequence = 0; ///< the event's number in its shard; 0: it went to recipients
    QString senderId; ///< the emitter's client id; empty: a back end published it by HTTP
    QString senderUserId; ///< the emitter's user id; empty: not identified
    qint64 serverTime = 0; ///< when the server took it, ms since the epoch by its clock
    bool own = false; ///< whether this client emitted it
    bool replayed = false; ///< whether it is from before this client was connected
    QString requestId; ///< what replies to it name; empty: it is no request
};

/// When and how often a client tries to come back. Delays are drawn by full jitter: any time
/// between 0 and minDelay * 2^n, n being the number of failed attempts, capped at maxDelay. What is
/// negative, but for maxAttempts, is refused with a warning in the log, as in the other policies.
/// \since 0.1
class DISPATCH_CLIENT_EXPORT DispatchReconnectPolicy {
    Q_GADGET
    Q_PROPERTY(int minDelay MEMBER minDelay)
    Q_PROPERTY(int maxDelay MEMBER maxDelay)
    Q_PROPERTY(int maxAttempts MEMBER maxAttempts)
    Q_PROPERTY(int minUptime MEMBER minUptime)
    Q_PROPERTY(int maxRetryAfter MEMBER maxRetryAfter)

public:
    DispatchMilliseconds minDelay = 500; ///< ms, the ceiling of the first delay
    DispatchMilliseconds maxDelay = 20'000; ///< ms, the ceiling of every delay
    int maxAttempts = -1; ///< in a row; -1: no limit, 0: never reconnect
    /// ms that a connection must have held for the count to start anew
    DispatchMilliseconds minUptime = 5'000;
    /// ms that a server which sends the client away may ask for before the first attempt; up to a
    /// quarter is added to what it asks. Such a wait is no failed attempt.
    DispatchMilliseconds maxRetryAfter = 60'000;

    bool operator==(const DispatchReconnectPolicy &) const = default;
};

/// What DispatchClient::connectToServer() may ask for; what is not set keeps the property's value.
/// \since 0.1
struct DispatchConnectOptions {
    std::optional<QString> shardName = {}; ///< see DispatchClient::shardName()
    /// See DispatchClient::maxConnectionsPerShard().
    std::optional<int> maxConnectionsPerShard = {};
    /// A token to join with; sent in a header, never in the URL.
    std::optional<QString> authorization = {};
};

/// What DispatchClient::request() may be told.
/// \since 0.1
struct DispatchRequestOptions {
    /// How long to wait for a reply; that of DispatchRequestPolicy if it is not set.
    std::optional<std::chrono::milliseconds> timeout = {};
    /// Who is asked, as in emitEvent(); all others of the shard if it is not set.
    std::optional<QStringList> recipients = {};
};

/// The server took an event: all who are connected, or come back in time, get it
/// (DispatchClient::emitAcknowledged()).
/// \since 0.1
class DISPATCH_CLIENT_EXPORT DispatchAcknowledgement {
    Q_GADGET
    Q_PROPERTY(qint64 sequence MEMBER sequence)

public:
    /// What stands for the number of a change of the shared state that was made, but which nobody
    /// told: as DispatchStateOptions::ifSequence it is refused.
    static constexpr qint64 UnknownSequence = -1;

    /// The event's number in its shard; 0 if it went to recipients, or if the server, which may
    /// acknowledge several events at once, told only that of a later one. A change of the shared
    /// state has its own one even then, see DispatchSharedState::set().
    qint64 sequence = 0;

    bool operator==(const DispatchAcknowledgement &) const = default;
};

/// What becomes of events that can't be sent at once: there is no connection, or it takes no more,
/// or the server would refuse more. What is to become of a
/// single one, DispatchEmitOptions say.
/// \since 0.1
class DISPATCH_CLIENT_EXPORT DispatchQueuePolicy {
    Q_GADGET
    Q_PROPERTY(int maxMessages MEMBER maxMessages)
    Q_PROPERTY(int maxBytes MEMBER maxBytes)
    Q_PROPERTY(int maxAge MEMBER maxAge)
    Q_PROPERTY(int maxInFlight MEMBER maxInFlight)
    Q_PROPERTY(int maxInFlightBytes MEMBER maxInFlightBytes)
    Q_PROPERTY(Overflow overflow MEMBER overflow)
    Q_PROPERTY(bool paced MEMBER paced)

public:
    /// What happens to an event for which there is no room.
    enum Overflow {
        Reject, ///< the new event is refused (QueueFull)
        DropOldest, ///< the oldest goes, and is reported by DispatchClient::eventDropped()
    };
    Q_ENUM(Overflow)

    int maxMessages = 1'000; ///< 0: queue nothing, refuse what is emitted offline
    /// UTF-8 bytes of all queued messages; what DispatchEmitOptions give a key or a tag counts,
    /// too.
    int maxBytes = 1024 * 1024;
    /// Ms that an event may wait; 0: for ever, or as DispatchEmitOptions say. Counts until it is
    /// sent: one that is lost on the way is sent again after a resume, however late that is.
    DispatchMilliseconds maxAge = 0;
    /// Events that may be sent and not be acknowledged yet; others are queued meanwhile. At least
    /// 1. Of no meaning in the base profile, as the next.
    int maxInFlight = 1'000;
    int maxInFlightBytes = 1024 * 1024; ///< of all these; one event may always be sent
    Overflow overflow = Reject; ///< when maxMessages or maxBytes is reached
    /// Whether events wait that would come too soon for the server, by the rates that its greeting
    /// tells, and are sent as these allow; else it refuses them ("rate_limited").
    bool paced = true;

    bool operator==(const DispatchQueuePolicy &) const = default;
};

/// How requests wait for their replies (DispatchClient::request()).
/// \since 0.1
class DISPATCH_CLIENT_EXPORT DispatchRequestPolicy {
    Q_GADGET
    Q_PROPERTY(int timeout MEMBER timeout)
    Q_PROPERTY(int maxPending MEMBER maxPending)

public:
    /// ms that a request waits for its reply, if it does not say how long
    DispatchMilliseconds timeout = 10'000;
    /// Requests that may wait for replies; others are refused (DispatchError::QueueFull). As many
    /// answers may be due that handlers have not given yet; for another one the oldest is given up.
    /// At least 1.
    int maxPending = 1'000;

    bool operator==(const DispatchRequestPolicy &) const = default;
};

/// What a server may send at most, so that one that is broken or means harm neither holds up the
/// program nor fills its memory. Over a limit the connection ends (DispatchError::ProtocolError,
/// which names the limit), and the client comes back as the reconnect policy says. Each is at
/// least 1.
/// \since 0.1
class DISPATCH_CLIENT_EXPORT DispatchIncomingLimits {
    Q_GADGET
    Q_PROPERTY(int maxMessageSize MEMBER maxMessageSize)
    Q_PROPERTY(int maxFrameSize MEMBER maxFrameSize)
    Q_PROPERTY(int maxFragments MEMBER maxFragments)
    Q_PROPERTY(int maxUnsentBytes MEMBER maxUnsentBytes)
    Q_PROPERTY(int maxConnectedClients MEMBER maxConnectedClients)
    Q_PROPERTY(int maxStateBytes MEMBER maxStateBytes)
    Q_PROPERTY(int maxTurnTime MEMBER maxTurnTime)

public:
    /// UTF-16 code units of a message; bytes of an answer to DispatchClient::info().
    int maxMessageSize = 8 * 1024 * 1024;
    int maxFrameSize = 1024 * 1024; ///< bytes of a frame, of which a message can have several
    int maxFragments = 4'096; ///< frames of a message
    /// Bytes that wait to be sent because the server does not read, answers to its pings among
    /// them.
    int maxUnsentBytes = 8 * 1024 * 1024;
    /// Of the list of connected clients; a longer list is ignored, with a warning in the log, and
    /// the connection goes on.
    int maxConnectedClients = 10'000;
    int maxStateBytes = 8 * 1024 * 1024; ///< of all keys and values of DispatchSharedState
    /// Ms that messages may take in one turn of the event loop; others wait for the next turn, and
    /// reading pauses when too much waits. A message that has begun is finished.
    int maxTurnTime = 8;

    bool operator==(const DispatchIncomingLimits &) const = default;
};

Q_DECLARE_METATYPE(DispatchConnectionInfo)
Q_DECLARE_METATYPE(DispatchShardInfo)
Q_DECLARE_METATYPE(DispatchConnectedClient)
Q_DECLARE_METATYPE(DispatchEventMetadata)
Q_DECLARE_METATYPE(DispatchAcknowledgement)
Q_DECLARE_METATYPE(DispatchReconnectPolicy)
Q_DECLARE_METATYPE(DispatchQueuePolicy)
Q_DECLARE_METATYPE(DispatchRequestPolicy)
Q_DECLARE_METATYPE(DispatchIncomingLimits)

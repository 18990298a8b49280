// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "backoff_p.h"
#include "dispatchclient.h"
#include "verdict_p.h"

#include <optional>
#include <vector>

namespace Dispatch {

/// What the shell has to do, in order.
struct SessionAction {
    enum Type {
        SetState, ///< state
        Open, ///< begin an attempt with the present wish
        Abandon, ///< cut the connection off and drop it
        SayGoodbye, ///< close the connection politely; it is of no more interest
        ArmTimer, ///< call timerFired() at `at`
        DisarmTimer,
        Flush, ///< send identity, user info, queue
        ForgetShard, ///< the connected clients are no longer known
        ForgetLoss, ///< nobody waits any more for the connection that was lost
        DropQueue, ///< and report each
        AnnounceConnected,
        AnnounceDisconnected, ///< verdict
        AnnounceError, ///< verdict
        AnnounceFailed, ///< verdict
    };
    Type type;
    DispatchClient::State state = DispatchClient::Disconnected;
    Instant at{};
    Verdict verdict{};
};
using SessionActions = std::vector<SessionAction>;

/// The life of a connection wish: events in, actions out. Knows no socket and no clock. Whoever
/// is active is Connecting, Connected, Recovering, Waiting or Failed; all but Connected and
/// Failed have a timer that leads out of them.
class Session {
public:
    explicit Session(Backoff::Random random);

    void setReconnectPolicy(const DispatchReconnectPolicy &policy) { m_backoff.setPolicy(policy); }
    void setAttemptTimeout(Milliseconds timeout) { m_attemptTimeout = timeout; }

    /// The user wants to be connected. Gives Failed another chance; else does nothing if that
    /// is wished already.
    SessionActions wish(Instant now);
    /// The user does not want to be connected.
    SessionActions unwish();
    /// The user does not want to wait for the next attempt; Failed gets another chance.
    SessionActions retryNow(Instant now);
    /// The delay before the next attempt means nothing any more, unless the server asked for it.
    SessionActions woke(Instant now);
    /// There is reason to hope, for many at once: the next attempt comes soon, unless the server
    /// has said when.
    SessionActions tryEarlier(Instant now);
    /// The user wants to be elsewhere.
    SessionActions rejoin(Instant now);

    /// The attempt has to wait for a token first, for \a limit at most.
    SessionActions asking(Instant now, Milliseconds limit);
    /// It has waited; now the time of the attempt runs.
    SessionActions asked(Instant now);
    /// The handshake succeeded; the server's greeting is due.
    SessionActions opened();
    /// The greeting came.
    SessionActions greeted(Instant now);
    /// The attempt or the connection ended.
    SessionActions ended(Instant now, const Verdict &verdict);
    SessionActions timerFired(Instant now);

    DispatchClient::State state() const { return m_state; }
    bool isActive() const { return m_active; }
    bool isAsking() const { return m_link == Link::Asking; }
    bool awaitsGreeting() const { return m_link == Link::Opened; }
    bool isJoined() const { return m_link == Link::Joined; }
    /// Whether this wish was fulfilled before: its seat may still be taken by the old connection.
    bool hasJoined() const { return m_hasJoined; }

private:
    SessionActions tryNow(Instant now);
    enum class Link { None, Asking, Opening, Opened, Joined };

    void setState(SessionActions &out, DispatchClient::State state);
    void attempt(SessionActions &out, Instant now, DispatchClient::State state);
    void armTimer(SessionActions &out, Instant at);
    void disarmTimer(SessionActions &out);
    void leave(SessionActions &out);
    Verdict judgeSilence() const;
    void fail(SessionActions &out, const Verdict &verdict, bool wasJoined);

    Backoff m_backoff;
    Milliseconds m_attemptTimeout{10'000};
    DispatchClient::State m_state = DispatchClient::Disconnected;
    Link m_link = Link::None;
    bool m_active = false;
    bool m_hasJoined = false;
    bool m_wasSentAway = false; ///< the server has said when to come back
    Instant m_joinedAt{};
    std::optional<Instant> m_timer;
};

} // namespace Dispatch

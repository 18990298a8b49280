// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "session_p.h"

using namespace Qt::StringLiterals;

namespace Dispatch {

using State = DispatchClient::State;
using Action = SessionAction;

Session::Session(Backoff::Random random)
    : m_backoff(std::move(random))
{
}

void Session::setState(SessionActions &out, State state)
{
    if (m_state == state)
        return;
    m_state = state;
    out.push_back({.type = Action::SetState, .state = state});
}

void Session::armTimer(SessionActions &out, Instant at)
{
    m_timer = at;
    out.push_back({.type = Action::ArmTimer, .at = at});
}

void Session::disarmTimer(SessionActions &out)
{
    if (!m_timer)
        return;
    m_timer.reset();
    out.push_back({.type = Action::DisarmTimer});
}

void Session::attempt(SessionActions &out, Instant now, State state)
{
    m_link = Link::Opening;
    armTimer(out, now + m_attemptTimeout);
    setState(out, state);
    out.push_back({.type = Action::Open});
}

/// Ends whatever connection there is, by wish.
void Session::leave(SessionActions &out)
{
    disarmTimer(out);
    if (m_link == Link::Asking || m_link == Link::Opening)
        out.push_back({.type = Action::Abandon});
    else if (m_link != Link::None)
        out.push_back({.type = Action::SayGoodbye});
    m_link = Link::None;
    m_hasJoined = false;
    m_backoff.reset();
}

SessionActions Session::wish(Instant now)
{
    SessionActions out;
    if (m_active && m_state != DispatchClient::Failed)
        return out;
    m_active = true;
    m_hasJoined = false;
    m_backoff.reset();
    attempt(out, now, DispatchClient::Connecting);
    return out;
}

SessionActions Session::unwish()
{
    SessionActions out;
    const bool wasJoined = isJoined();
    m_active = false;
    leave(out);
    setState(out, DispatchClient::Disconnected);
    out.push_back({.type = Action::ForgetShard});
    out.push_back({.type = Action::ForgetLoss});
    out.push_back({.type = Action::DropQueue});
    if (wasJoined)
        out.push_back({.type = Action::AnnounceDisconnected});
    return out;
}

SessionActions Session::retryNow(Instant now)
{
    if (m_active && m_state == DispatchClient::Failed)
        return wish(now);
    return tryNow(now);
}

SessionActions Session::tryNow(Instant now)
{
    SessionActions out;
    if (m_state != DispatchClient::Waiting)
        return out;
    m_timer.reset();
    attempt(out, now, DispatchClient::Recovering);
    return out;
}

SessionActions Session::woke(Instant now)
{
    return m_wasSentAway ? SessionActions() : tryNow(now);
}

SessionActions Session::tryEarlier(Instant now)
{
    SessionActions out;
    if (m_state != DispatchClient::Waiting || m_wasSentAway)
        return out;
    if (const Instant soon = now + m_backoff.soon(); m_timer && soon < *m_timer)
        armTimer(out, soon);
    return out;
}

SessionActions Session::rejoin(Instant now)
{
    SessionActions out;
    if (!m_active)
        return out;
    const bool wasJoined = isJoined();
    leave(out);
    out.push_back({.type = Action::ForgetShard});
    attempt(out, now, DispatchClient::Connecting);
    if (wasJoined)
        out.push_back({.type = Action::AnnounceDisconnected});
    return out;
}

SessionActions Session::asking(Instant now, Milliseconds limit)
{
    SessionActions out;
    if (m_link != Link::Opening && m_link != Link::Asking)
        return out;
    m_link = Link::Asking;
    armTimer(out, now + limit);
    return out;
}

SessionActions Session::asked(Instant now)
{
    SessionActions out;
    if (m_link != Link::Asking)
        return out;
    m_link = Link::Opening;
    armTimer(out, now + m_attemptTimeout);
    return out;
}

SessionActions Session::opened()
{
    if (m_link == Link::Opening)
        m_link = Link::Opened;
    return {};
}

SessionActions Session::greeted(Instant now)
{
    SessionActions out;
    if (m_link != Link::Opened)
        return out;
    m_link = Link::Joined;
    m_hasJoined = true;
    m_joinedAt = now;
    disarmTimer(out);
    out.push_back({.type = Action::Flush});
    setState(out, DispatchClient::Connected);
    out.push_back({.type = Action::AnnounceConnected});
    return out;
}

SessionActions Session::ended(Instant now, const Verdict &verdict)
{
    SessionActions out;
    if (m_link == Link::None)
        return out;
    const bool wasJoined = isJoined();
    if (wasJoined)
        m_backoff.connectionEnded(now - m_joinedAt);
    m_link = Link::None;
    disarmTimer(out);
    out.push_back({.type = Action::Abandon});
    if (!verdict.retry) {
        fail(out, verdict, wasJoined);
        return out;
    }
    const int retries = m_backoff.retries();
    const auto delay =
        verdict.retryAfter ? m_backoff.nextAsAsked(*verdict.retryAfter) : m_backoff.next();
    if (!delay) {
        fail(out,
             {DispatchError::TooManyAttempts, false,
              retries == 0
                  ? verdict.message
                  : u"Gave up after %1 further attempts: %2"_s.arg(retries).arg(verdict.message),
              verdict.reason},
             wasJoined);
        return out;
    }
    m_wasSentAway = verdict.retryAfter.has_value();
    armTimer(out, now + *delay);
    setState(out, DispatchClient::Waiting);
    if (wasJoined)
        out.push_back({.type = Action::AnnounceDisconnected, .verdict = verdict});
    out.push_back({.type = Action::AnnounceError, .verdict = verdict});
    return out;
}

void Session::fail(SessionActions &out, const Verdict &verdict, bool wasJoined)
{
    out.push_back({.type = Action::ForgetShard});
    out.push_back({.type = Action::ForgetLoss});
    setState(out, DispatchClient::Failed);
    if (wasJoined)
        out.push_back({.type = Action::AnnounceDisconnected, .verdict = verdict});
    out.push_back({.type = Action::AnnounceError, .verdict = verdict});
    out.push_back({.type = Action::AnnounceFailed, .verdict = verdict});
}

SessionActions Session::timerFired(Instant now)
{
    SessionActions out;
    if (!m_timer)
        return out;
    if (now < *m_timer) {
        armTimer(out, *m_timer);
        return out;
    }
    if (m_link == Link::None) {
        m_timer.reset();
        attempt(out, now, DispatchClient::Recovering);
        return out;
    }
    return ended(now, judgeSilence());
}

Verdict Session::judgeSilence() const
{
    switch (m_link) {
    case Link::Asking:
        return {DispatchError::TokenUnavailable,
                true,
                u"The token provider did not answer in time."_s,
                {}};
    case Link::Opened:
        return {DispatchError::Timeout, true, u"The server did not greet in time."_s, {}};
    default:
        return {DispatchError::Timeout, true, u"The server did not answer in time."_s, {}};
    }
}

} // namespace Dispatch

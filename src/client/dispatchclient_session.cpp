// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "dispatchclient_p.h"

#include "dispatchclientlog_p.h"
#include "policybounds_p.h"
#include "statehub_p.h"

#include <QtCore/qmetaobject.h>
#include <QtNetwork/qnetworkaccessmanager.h>

using namespace Qt::StringLiterals;

namespace Dispatch {

Q_LOGGING_CATEGORY(lcClient, "dispatch.client", QtWarningMsg)

void warnOf(const DispatchClient *client, const QStringList &refused)
{
    for (const QString &why : refused)
        qCWarning(lcClient).noquote() << client << why;
}

} // namespace Dispatch

using namespace Dispatch;
using Action = SessionAction;

namespace {

constexpr Milliseconds CountdownInterval{250};
// Here a timer that is late is no reason to hurry: the one that is waited for is not later.
constexpr Milliseconds LongestPauseInWaiting{5'000};

} // namespace

DispatchClient::Private::Private(DispatchClient *client)
    : q(client)
    , session([this] { return randomShare(); })
    , sharedState(new StateHub(client))
    , m_tap(new WireTap({[this] { return secrets(); }, [this] { return moment(); }}, client))
    , m_tokens([this] { return randomShare(); })
{
}

void DispatchClient::Private::start()
{
    m_sessionTimer = makeTimer(Timer::SingleShot, &Private::sessionTimerFired, Qt::PreciseTimer);
    m_expiryTimer = makeTimer(Timer::SingleShot, &Private::expireQueue);
    m_paceTimer = makeTimer(Timer::SingleShot, &Private::goOnSending);
    m_userInfoTimer = makeTimer(Timer::SingleShot, &Private::sendUserInfo);
    m_connectTimer = makeTimer(Timer::SingleShot, &Private::connectTimedOut);
    m_turnTimer = makeTimer(Timer::SingleShot, &Private::nextTurn);
    m_graceTimer = makeTimer(Timer::SingleShot, &Private::graceOver);
    m_staleTimer = makeTimer(Timer::SingleShot, &Private::showStaleness);
    m_sessionEndTimer = makeTimer(Timer::SingleShot, &Private::sessionOver);
    m_requestTimer = makeTimer(Timer::SingleShot, &Private::expireRequests);
    m_tokenTimer = makeTimer(Timer::SingleShot, &Private::checkToken);
    m_heartbeatTimer = makeTimer(Timer::Repeating, &Private::beat);
    m_countdownTimer = makeTimer(Timer::Repeating, &Private::countDown);
    QObject::connect(m_tap, &WireTap::pingWanted, q, [this] {
        const Hold hold(this);
        if (m_flushed)
            ping();
    });
}

/// The client is being destroyed, maybe from inside a handler that one of our parts called.
void DispatchClient::Private::shutDown()
{
    const Hold hold(this);
    QObject::disconnect(m_networkWatch);
    const auto pending = std::exchange(m_pending, {});
    m_watchers.clear();
    endPendingConnects(clientIsGone());
    dropTransport(true);
    abandonInFlight(Abandoned::ByWish);
    for (const auto &promise : std::exchange(m_awaited, {}))
        failLater(promise, clientIsGone());
    for (const auto &promise : std::exchange(m_replies, {}))
        failLater(promise, clientIsGone());
    m_requests = {};
    m_answers.clear();
    m_requestHandlers.clear();
    m_subscriptions.clear();
    if (m_guard->depth() > 1) {
        // These may be in the middle of their own signals.
        for (Timer *timer : m_timers) {
            timer->stop();
            timer->setParent(nullptr);
            m_guard->deleteLater(timer);
        }
        for (QObject *part :
             std::initializer_list<QObject *>{clients, sharedState, users, pending, m_tap}) {
            if (!part)
                continue;
            part->setParent(nullptr);
            m_guard->deleteLater(part);
        }
    }
    q = nullptr;
    m_actions.clear();
}

void DispatchClient::Private::setActive(bool active)
{
    const bool changed = session.isActive() != active;
    if (active) {
        perform(session.wish(now()));
    } else {
        endPendingConnects({DispatchError::Cancelled, u"Told to disconnect."_s});
        perform(session.unwish());
    }
    if (!changed)
        return;
    if (q)
        followNetwork();
    notify(&DispatchClient::activeChanged);
}

void DispatchClient::Private::retryNow()
{
    perform(session.retryNow(now()));
}

QFuture<DispatchConnectionInfo>
DispatchClient::Private::connectTo(const DispatchConnectOptions &options)
{
    const Wish before = wish;
    const auto promise = startedPromise<DispatchConnectionInfo>();
    const QFuture<DispatchConnectionInfo> future = promise->future();
    if (options.shardName)
        setWish(&Wish::shardName, *options.shardName, &DispatchClient::shardNameChanged);
    if (options.maxConnectionsPerShard) {
        setWish(&Wish::maxConnectionsPerShard, *options.maxConnectionsPerShard,
                &DispatchClient::maxConnectionsPerShardChanged);
    }
    if (q && options.authorization && wish.authorization != *options.authorization) {
        wish.authorization = *options.authorization;
        m_moveDue = true;
        scheduleStep();
    }
    if (q && wish != before)
        endPendingConnects(
            {DispatchError::Cancelled, u"Another connect() asked for something else."_s});
    // A handler of one of these signals may have deleted the client.
    if (!q) {
        failLater(promise, clientIsGone());
        return future;
    }
    if (session.isJoined() && m_flushed && wish == m_joinedWish) {
        finishLater(promise, m_greeting);
        return future;
    }
    m_connects.push_back({promise, now() + Milliseconds(connectTimeout)});
    armConnectTimer();
    setActive(true);
    return future;
}

void DispatchClient::Private::endPendingConnects(const DispatchError &reason)
{
    for (const PendingConnect &pending : std::exchange(m_connects, {}))
        failLater(pending.promise, reason);
}

void DispatchClient::Private::armConnectTimer()
{
    if (m_connects.empty())
        return m_connectTimer->stop();
    const auto next = std::ranges::min(m_connects, {}, &PendingConnect::deadline);
    m_connectTimer->start(delayUntil(next.deadline, now()));
}

void DispatchClient::Private::connectTimedOut()
{
    const QString cause = error ? u" The last error: %1"_s.arg(error.message()) : QString();
    const DispatchError timeout(
        DispatchError::Timeout,
        u"Not connected within %1 ms; the client goes on trying.%2"_s.arg(connectTimeout)
            .arg(cause),
        true);
    const Instant time = now();
    std::erase_if(m_connects, [&](const PendingConnect &pending) {
        if (pending.deadline > time)
            return false;
        failLater(pending.promise, timeout);
        return true;
    });
    armConnectTimer();
}

void DispatchClient::Private::scheduleStep()
{
    if (!q || std::exchange(m_stepDue, true))
        return;
    QMetaObject::invokeMethod(
        q,
        [this] {
            const Hold hold(this);
            step();
        },
        Qt::QueuedConnection);
}

/// What all that happened in one turn of the event loop comes to.
void DispatchClient::Private::step()
{
    m_stepDue = false;
    if (std::exchange(m_moveDue, false) && !m_openDue) {
        if (wish != m_joinedWish)
            perform(session.rejoin(now()));
        else
            flushQueue(); // Taken back: what was emitted meanwhile need not wait any more.
    }
    if (q && m_openDue)
        beginAttempt();
    if (q && m_presenceDirty)
        announcePresence();
    announceState();
    if (std::exchange(m_clockOffsetDirty, false))
        notify(&DispatchClient::clockOffsetChanged);
    if (q && outbox.size() != m_announcedQueue) {
        m_announcedQueue = outbox.size();
        notify(&DispatchClient::queuedEventsChanged);
    }
}

/// Actions run one after the other, also those that a handler of one of them brings about.
void DispatchClient::Private::perform(const SessionActions &actions)
{
    m_actions.insert(m_actions.end(), actions.begin(), actions.end());
    if (std::exchange(m_performing, true))
        return;
    while (q && !m_actions.empty()) {
        const Action action = std::move(m_actions.front());
        m_actions.pop_front();
        run(action);
    }
    m_performing = false;
}

void DispatchClient::Private::run(const Action &action)
{
    switch (action.type) {
    case Action::SetState:
        return setState(action.state);
    case Action::Open:
        m_openDue = true;
        return scheduleStep();
    case Action::Abandon:
        return dropTransport(false);
    case Action::SayGoodbye:
        return dropTransport(true);
    case Action::ArmTimer:
        return m_sessionTimer->start(delayUntil(action.at, now()));
    case Action::DisarmTimer:
        return m_sessionTimer->stop();
    case Action::Flush:
        return flush();
    case Action::ForgetShard:
        m_stream.forget();
        abandonInFlight(Abandoned::ByLoss);
        m_newPresence.reset();
        m_presence.clear();
        m_presenceStale = false;
        forgetState();
        return presenceChanged();
    case Action::ForgetLoss:
        return forgetLoss();
    case Action::DropQueue:
        return reportDropped(outbox.clear());
    case Action::AnnounceConnected:
        return announceConnected();
    case Action::AnnounceDisconnected:
        if (action.verdict.retry)
            noteLoss();
        return notify(&DispatchClient::disconnected, action.verdict.toError());
    case Action::AnnounceError:
        return report(action.verdict.toError());
    case Action::AnnounceFailed:
        endPendingConnects(action.verdict.toError());
        return notify(&DispatchClient::failed, action.verdict.toError());
    }
}

void DispatchClient::Private::setState(State newState)
{
    if (state == newState)
        return;
    qCDebug(lcClient) << q << state << "->" << newState;
    const State before = std::exchange(state, newState);
    const bool idsChanged = before == Connected || newState == Connected;
    info = newState == Connected ? m_greeting : DispatchConnectionInfo();
    if (before == Connected && (newState == Waiting || newState == Recovering))
        presenceLost();
    if (newState == Waiting) {
        m_sleep.start(moment());
        m_countdownTimer->start(CountdownInterval);
    } else {
        m_countdownTimer->stop();
    }

    Qt::beginPropertyUpdateGroup();
    bindable.state = newState;
    bindable.clientId = info.clientId;
    bindable.shardName = info.shardName;
    Qt::endPropertyUpdateGroup();
    notify(&DispatchClient::stateChanged, newState);
    if (idsChanged) {
        notify(&DispatchClient::clientIdChanged);
        notify(&DispatchClient::currentShardNameChanged);
    }
    if (before == Waiting || newState == Waiting)
        notify(&DispatchClient::nextRetryInChanged);
}

int DispatchClient::Private::nextRetryIn() const
{
    return state == Waiting ? int(m_sessionTimer->remainingTime().count()) : 0;
}

void DispatchClient::Private::countDown()
{
    if (hasSlept(LongestPauseInWaiting))
        return wokeUp();
    notify(&DispatchClient::nextRetryInChanged);
}

void DispatchClient::Private::sessionTimerFired()
{
    perform(session.timerFired(now()));
}

void DispatchClient::Private::announceConnected()
{
    announceState();
    setError({});
    for (const PendingConnect &pending : std::exchange(m_connects, {}))
        finishLater(pending.promise, m_greeting);
    notify(&DispatchClient::connected, m_greeting);
    noteReturn();
}

void DispatchClient::Private::setError(const DispatchError &newError)
{
    if (error == newError)
        return;
    error = newError;
    notify(&DispatchClient::errorChanged);
}

void DispatchClient::Private::report(const DispatchError &newError)
{
    qCDebug(lcClient) << q << newError.code() << newError.message();
    setError(newError);
    notify(&DispatchClient::errorOccurred, newError);
}

void DispatchClient::Private::setReconnectPolicy(const DispatchReconnectPolicy &policy)
{
    const DispatchReconnectPolicy wished = usable(q, policy, reconnectPolicy);
    if (reconnectPolicy == wished)
        return;
    reconnectPolicy = wished;
    session.setReconnectPolicy(wished);
    m_tokens.setReconnectPolicy(wished);
    notify(&DispatchClient::reconnectPolicyChanged);
}

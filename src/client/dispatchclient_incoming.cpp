// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "dispatchclient_p.h"

#include "dispatchclientlog_p.h"
#include "eventnames_p.h"
#include "limits_p.h"
#include "payload_p.h"
#include "refusal_p.h"
#include "utf8_p.h"

#include <QtCore/qmetaobject.h>
#include <QtCore/qthread.h>

using namespace Qt::StringLiterals;
using namespace Dispatch;

namespace {

/// Code units of an id or a name that a greeting may have.
constexpr qsizetype LongestId = 255;

/// When to come back after \a refusal; nothing if it does not say so, or says what is no time.
std::optional<Milliseconds> retryAfterOf(const QJsonValue &refusal)
{
    const qint64 ms = refusal["retryAfterMs"_L1].toInteger(-1);
    return ms >= 0 ? std::optional(Milliseconds(ms)) : std::nullopt;
}

bool isAboutRate(const QString &reason)
{
    return reason == toQString(info(Refusal::RateLimited).slug);
}

} // namespace

DispatchSubscription DispatchClient::Private::subscribe(const QString &eventName, QObject *context,
                                                        EventHandler handler)
{
    return subscribeIn(m_subscriptions, eventName, context, std::move(handler));
}

DispatchSubscription DispatchClient::Private::subscribeIn(Subscriptions &table,
                                                          const QString &eventName,
                                                          QObject *context, EventHandler handler)
{
    if (context && context->thread() != q->thread()) {
        qCWarning(lcClient)
            << q << "can't call a handler for" << eventName
            << "in another thread: give a context object that lives in the client's";
        return {};
    }
    const auto entry = table.add(eventName, std::move(handler));
    entry->client = q;
    if (context && context != q) {
        // The context cuts the entry; the client's own end does so by shutDown().
        entry->contextWatch =
            QObject::connect(context, &QObject::destroyed, context, [weak = std::weak_ptr(entry)] {
                if (const auto gone = weak.lock())
                    gone->cancel();
            });
    }
    return DispatchSubscription(entry);
}

void DispatchClient::Private::transportMessage(const QString &text)
{
    const Hold hold(this);
    if (m_tap->isObserved())
        m_tap->tell(WireEvent::Heard, text);
    // A handler may spin an event loop: what comes in meanwhile waits for its turn.
    if (m_inbox.isEmpty() && !m_working) {
        if (const Instant time = now(); m_inbox.hasTime(time)) {
            m_working = true;
            process(text, time);
            m_working = false;
            if (m_endDue || !m_inbox.isEmpty())
                scheduleTurn();
            return;
        }
    }
    m_inbox.push(text);
    if (!m_paused && m_inbox.wantsPause(false)) {
        m_paused = true;
        m_transport->setPaused(true);
    }
    scheduleTurn();
}

void DispatchClient::Private::scheduleTurn()
{
    if (q && !m_turnTimer->isActive())
        m_turnTimer->start(0);
}

void DispatchClient::Private::nextTurn()
{
    if (m_working)
        return;
    m_working = true;
    for (Instant time = now(); q && !m_inbox.isEmpty() && m_inbox.hasTime(time); time = now())
        process(m_inbox.take(), time);
    m_working = false;
    if (!q)
        return;
    if (m_paused && !m_inbox.wantsPause(true)) {
        m_paused = false;
        if (m_transport)
            m_transport->setPaused(false);
    }
    if (!m_inbox.isEmpty())
        scheduleTurn();
    else if (m_endDue)
        end(*std::exchange(m_endDue, std::nullopt));
}

void DispatchClient::Private::process(const QString &text, Instant time)
{
    heartbeat.heard(time);
    const auto message = m_parser.parse(m_text.assign(text));
    if (!message)
        return complain("a message that is no event");
    const std::string_view name = message->eventName;
    if (!name.starts_with("@@")) {
        if (session.isJoined())
            deliver(*message, time);
        return;
    }
    if (message->details.seq > 0 && session.isJoined() && m_greeting.extended)
        deliverPlatformEvent(*message);
    else if (name == EventName::Error)
        refused(message->payload);
    else if (name == EventName::Connected && session.awaitsGreeting())
        greet(message->payload, time);
    else if (name == EventName::Ack && session.isJoined() && m_greeting.extended)
        acknowledged(message->payload);
    else if (name == EventName::Presence && session.isJoined() && m_greeting.extended)
        applyPresence(message->payload);
    else if (name == EventName::State && session.isJoined() && m_greeting.extended)
        takeState(message->payload);
    else if (name == EventName::ConnectedClientsChanged && session.isJoined()
             && !m_greeting.extended) {
        m_newPresence = std::string(message->payload);
        presenceChanged();
    } else {
        qCDebug(lcClient) << q << "ignores a platform event that is unknown or out of turn";
    }
}

void DispatchClient::Private::greet(std::string_view payload, Instant time)
{
    const auto greeting = readGreeting(payload);
    const bool goesOn = greeting && goesOnWith(*greeting);
    if (greeting) {
        m_greeting = {};
        m_greeting.clientId = QString::fromStdString(greeting->clientId);
        m_greeting.shardName = QString::fromStdString(greeting->shardName);
        m_greeting.extended = speaksExtendedProfile();
        m_greeting.recovered = goesOn && greeting->isRecovered;
        m_presence.setSelf(m_greeting.clientId);
    }
    if (!greeting || m_greeting.clientId.size() > LongestId
        || m_greeting.shardName.size() > LongestId
        || (m_greeting.extended && !takeExtendedGreeting(*greeting, goesOn))
        || !takeGreetedState(*greeting, goesOn) || !countsAsWeDo(*greeting, goesOn)) {
        m_stream.forget();
        m_presenceStale = true;
        return end({DispatchError::ProtocolError,
                    true,
                    u"The server's greeting can't be read: is it a Dispatch server?"_s,
                    {}});
    }
    m_messageLimits = {greeting->messageUtf16Units > 0 ? greeting->messageUtf16Units
                                                       : Limits::MessageUtf16Units,
                       greeting->messageBytes};
    m_pace.start(greeting->rates);
    userInfo.start(greeting->rates, goesOn);
    presenceChanged();
    m_clockOffset.forget();
    m_clockOffset.heard(std::int64_t(greeting->serverTime), time);
    clockOffsetChanged();
    if (!m_greeting.extended)
        m_stream.forget();
    if (goesOn)
        settleResumed(*greeting);
    else
        abandonInFlight(Abandoned::ByLoss);
    settleChanges();
    perform(session.greeted(now()));
}

void DispatchClient::Private::refused(std::string_view payload)
{
    const QJsonValue refusal =
        Payload::toJson(QByteArray(payload.data(), qsizetype(payload.size())));
    const QString message = displayed(refusal["message"_L1].toString());
    const std::optional<Milliseconds> retryAfter = retryAfterOf(refusal);
    const DispatchError refusalError(
        DispatchError::RefusedByServer,
        message.isEmpty() ? u"The server refused something, and does not say why."_s : message,
        refusal["retry"_L1].toBool(), displayed(refusal["code"_L1].toString()), retryAfter);
    if (refusal["closing"_L1].toBool()) {
        m_lastRefusal = refusalError;
        m_retryAfter = retryAfter;
    }
    const qint64 emitNumber = refusal["emit"_L1].toInteger();
    if (emitNumber > 0) {
        emitRefused(std::uint64_t(emitNumber), refusalError);
    } else if (m_flushed && isAboutRate(refusalError.reason())) {
        userInfo.refused(retryAfter, now());
        sendUserInfo();
    }
    report(refusalError);
    if (q && !refusal["closing"_L1].toBool())
        tokenRefused(refusalError.reason());
}

void DispatchClient::Private::deliver(const ServerMessage &message, Instant time)
{
    const std::uint64_t seq = message.details.seq;
    if (!m_greeting.extended)
        return callHandlers(message);
    if (!m_stream.isNext(seq))
        return loseThread(outOfTurn(seq));
    if (!m_stream.isReplaying() && m_clockOffset.heard(message.details.time, time))
        clockOffsetChanged();
    if (message.details.reply.empty())
        callHandlers(message);
    else
        takeReply(message);
    // Only what was dealt with is never asked for again.
    passEvent(seq);
}

QString DispatchClient::Private::outOfTurn(std::uint64_t seq) const
{
    return u"Event %1 of the shard came where %2 was due."_s.arg(seq).arg(m_stream.position().seq
                                                                          + 1);
}

void DispatchClient::Private::callHandlers(const ServerMessage &message)
{
    static const QMetaMethod signal = QMetaMethod::fromSignal(&DispatchClient::eventReceived);
    auto bucket = m_subscriptions.find(message.eventName);
    auto answering = handlersOfRequest(message);
    const bool wanted = q->isSignalConnected(signal);
    if (!bucket && !answering && !wanted)
        return;

    ++m_delivery;
    const DispatchEvent event = toEvent(message, bucket ? bucket->name : QString());
    if (bucket)
        Subscriptions::deliver(std::move(bucket), event);
    if (wanted && q)
        notify(&DispatchClient::eventReceived, event.name(), event.payload(), event.metadata());
    if (answering && q)
        Subscriptions::deliver(std::move(answering), event);
}

/// \a name is that of the event, if it is at hand.
DispatchEvent DispatchClient::Private::toEvent(const ServerMessage &message, const QString &name)
{
    DispatchEventMetadata metadata;
    metadata.eventName = name.isEmpty() ? toQString(message.eventName) : name;
    metadata.latencyMs = std::max(message.latencyMs, 0.0) + std::max(latency, 0.0);
    if (m_greeting.extended)
        describeSender(message.details, metadata);
    return DispatchEvent(Payload::padded(message.payload), metadata);
}

const QList<DispatchConnectedClient> &DispatchClient::Private::connectedClients()
{
    refreshPresence();
    return m_presence.clients();
}

void DispatchClient::Private::presenceChanged()
{
    m_presenceDirty = true;
    scheduleStep();
}

/// The list is read when somebody wants it, or once in a turn.
void DispatchClient::Private::refreshPresence()
{
    if (!m_newPresence)
        return;
    const std::string payload = *std::exchange(m_newPresence, std::nullopt);
    const int most = incomingLimits.maxConnectedClients;
    switch (m_presence.update(payload, most)) {
    case Presence::Update::Done:
        m_presenceStale = false;
        return;
    case Presence::Update::NoList:
        return complain("a list of connected clients that it can't read");
    case Presence::Update::TooLong:
        return complain(TooLongAList);
    }
}

/// Once a connection: a server that does not stop should not fill the log.
void DispatchClient::Private::complain(const char *what)
{
    if (std::exchange(m_complained, true))
        qCDebug(lcClient) << q << "ignores" << what;
    else
        qCWarning(lcClient) << q << "ignores" << what << "and more of the kind on this connection";
}

void DispatchClient::Private::announcePresence()
{
    m_presenceDirty = false;
    refreshPresence();
    if (m_announcedClients != m_presence.clients()) {
        const QList<DispatchConnectedClient> list = m_presence.clients();
        m_announcedClients = list;
        // A view may run an event loop, in which a newer list comes: that one counts.
        if (clients)
            clients->update(list);
        const QList<DispatchConnectedClient> latest = m_announcedClients;
        if (users)
            users->update(latest);
        notify(&DispatchClient::connectedClientsChanged, latest);
    }
    announceStaleness();
}

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "dispatchclient_p.h"

#include "eventnames_p.h"
#include "limits_p.h"
#include "outgoing_p.h"
#include "payload_p.h"
#include "statehub_p.h"
#include "statemessage_p.h"
#include "utf8_p.h"

using namespace Qt::StringLiterals;
using namespace Dispatch;

namespace {

/// What of the queue a change of \a key takes the place of.
QString queueKeyOf(const QString &key)
{
    return toQString(EventName::SetState) + u' ' + key;
}

DispatchError wrongIn(const QString &key, const std::optional<QJsonValue> &value,
                      const DispatchStateOptions &options)
{
    if (key.isEmpty())
        return {DispatchError::InvalidPayload, u"A key of the shared state needs a name."_s};
    if (value && value->isUndefined()) {
        return {DispatchError::InvalidPayload,
                u"The value of '%1' is undefined: give another, or remove the key."_s.arg(key)};
    }
    if (options.ttl.count() < 0)
        return {DispatchError::InvalidOptions, u"ttl is negative: give 0 or more, in ms."_s};
    if (options.ifSequence.value_or(0) < 0)
        return {DispatchError::InvalidOptions, u"ifSequence is negative: give 0 or more."_s};
    return {};
}

} // namespace

void DispatchClient::Private::changeState(const SharedPromise<DispatchAcknowledgement> &promise,
                                          const QString &key,
                                          const std::optional<QJsonValue> &value,
                                          const DispatchStateOptions &options)
{
    OutgoingEvent event{.eventName = toQString(EventName::SetState), .id = ++m_lastEventId};
    event.isAwaited = true;
    event.needsExtended = true;
    event.stateKey = key;
    m_awaited.insert(event.id, promise);
    sharedState->numbers.begin(key);
    StateView::Item own;
    const DispatchError wrong = compose(event, own.value, value, options);
    if (wrong) {
        refuse(event, wrong);
        if (key.isEmpty()) // such an event is no change
            m_failedChanges.append({key, wrong});
    } else {
        own.isOwned = options.owned;
        own.senderId = m_greeting.clientId;
        sharedState->view.propose(event.id, key, std::move(own));
        submit(std::move(event));
        m_stateNews.append(key);
    }
    announceState();
}

/// Completes \a event, which sets its key to \a value, or removes it; \a text is that value.
DispatchError DispatchClient::Private::compose(OutgoingEvent &event, QByteArray &text,
                                               const std::optional<QJsonValue> &value,
                                               const DispatchStateOptions &options) const
{
    if (session.isJoined() && m_stateKeys == 0)
        return noSharedState();
    if (const DispatchError wrong = wrongIn(event.stateKey, value, options))
        return wrong;
    StateWish change;
    change.key = event.stateKey.toStdString();
    if (value) {
        const auto json = Payload::fromJson(*value, Limits::JsonDepth - 2);
        if (!json) {
            return {
                DispatchError::InvalidPayload,
                u"JSON can't carry the value of '%1': it has a number that is not finite, or nests too deep."_s
                    .arg(event.stateKey)};
        }
        text = Payload::padded({json->constData(), std::size_t(json->size())});
        change.value = {text.constData(), std::size_t(text.size())};
        change.ttlMs = std::uint64_t(options.ttl.count());
        change.isOwned = options.owned;
    }
    if (options.ifSequence)
        change.ifSeq = std::uint64_t(*options.ifSequence);
    else if (options.coalesced)
        event.key = queueKeyOf(event.stateKey);
    Outgoing outgoing = composeStateChange(change);
    if (const auto *refusal = std::get_if<DispatchError>(&outgoing))
        return *refusal;
    event.message = std::move(std::get<std::string>(outgoing));
    return {};
}

/// The greeting said what there is.
bool DispatchClient::Private::takeGreetedState(const ReceivedGreeting &greeting, bool goesOn)
{
    m_stateKeys = m_greeting.extended ? greeting.stateKeys : 0;
    m_isStateNew = true;
    if (m_stateKeys > 0 && !greeting.state.empty())
        return takeWholeState(greeting.state);
    if (!goesOn || m_stateKeys == 0)
        sharedState->view.clear();
    return true;
}

bool DispatchClient::Private::takeWholeState(std::string_view text)
{
    const auto whole = readWholeState(text);
    if (!whole)
        return false;
    sharedState->view.replace(*whole);
    m_isStateNew = true;
    return true;
}

/// A platform event that counts among those of the shard; one that is not known, of a newer server,
/// counts, too.
void DispatchClient::Private::deliverPlatformEvent(const ServerMessage &message)
{
    const std::uint64_t seq = message.details.seq;
    if (!m_stream.isNext(seq))
        return loseThread(outOfTurn(seq));
    if (message.eventName == EventName::State) {
        auto item = readStateItem(message.payload);
        if (!item)
            return loseThread(u"The server changed the shared state to what can't be read."_s);
        item->seq = seq;
        item->from = message.details.from;
        item->fromUser = message.details.fromUser;
        item->time = std::uint64_t(message.details.time);
        const QString key = toQString(item->key);
        if (!sharedState->numbers.isEmpty() && toQString(item->from) == m_greeting.clientId)
            sharedState->numbers.heard(key, qint64(seq));
        if (sharedState->view.apply(*item))
            m_stateNews.append(key);
        announceState();
    }
    passEvent(seq);
}

/// The server says all of the state, as it was not known when it greeted.
void DispatchClient::Private::takeState(std::string_view payload)
{
    if (!takeWholeState(payload))
        return loseThread(u"The server told a shared state that can't be read."_s);
    announceState();
}

/// The handlers of an event have returned.
void DispatchClient::Private::passEvent(std::uint64_t seq)
{
    m_stream.pass(seq);
    if (!sharedState->settled.empty())
        settleChanges();
}

/// What was acknowledged by a greeting has come with what was missed.
void DispatchClient::Private::settleChanges()
{
    if (!m_stream.isReplaying())
        finishChanges();
}

/// Nothing more is heard of what is settled.
void DispatchClient::Private::finishChanges()
{
    for (const StateHub::SettledChange &change : std::exchange(sharedState->settled, {})) {
        if (const auto key = sharedState->view.settle(change.id))
            m_stateNews.append(*key);
        if (!change.isTaken) {
            sharedState->numbers.drop(change.key);
            continue;
        }
        const qint64 heard = sharedState->numbers.take(change.key);
        const qint64 sequence = change.sequence > 0 ? change.sequence : heard;
        if (const auto promise = m_awaited.take(change.id)) {
            finishLater(promise,
                        DispatchAcknowledgement{
                            sequence > 0 ? sequence : DispatchAcknowledgement::UnknownSequence});
        }
    }
    scheduleStep();
}

/// \a event, if it is a change of the state, never will be made, or nobody knows.
void DispatchClient::Private::changeFailed(const OutgoingEvent &event, const DispatchError &reason)
{
    if (event.stateKey.isEmpty())
        return;
    if (reason.code() != DispatchError::Superseded)
        m_failedChanges.append({event.stateKey, reason});
    sharedState->settled.push_back({event.id, event.stateKey, false, 0});
    settleChanges();
}

/// Tells those who show the state what is different.
void DispatchClient::Private::announceState()
{
    if (!q)
        return;
    const QStringList keys = std::exchange(m_stateNews, {});
    const auto failures = std::exchange(m_failedChanges, {});
    const bool isNew = std::exchange(m_isStateNew, false);
    if (isNew || !keys.isEmpty())
        Q_EMIT sharedState->changed(isNew ? QStringList() : keys);
    if (q && std::exchange(sharedState->isAvailable, m_stateKeys > 0) != (m_stateKeys > 0))
        Q_EMIT sharedState->availableChanged();
    for (const auto &[key, reason] : failures) {
        if (q)
            Q_EMIT sharedState->failed(key, reason);
    }
    if (q && sharedState->view.bytes() > incomingLimits.maxStateBytes) {
        end({DispatchError::ProtocolError,
             true,
             u"The shared state has more than %1 bytes (incomingLimits.maxStateBytes)."_s.arg(
                 incomingLimits.maxStateBytes),
             {}});
    }
}

void DispatchClient::Private::forgetState()
{
    m_stateKeys = 0;
    sharedState->view.clear();
    m_isStateNew = true;
    scheduleStep();
}

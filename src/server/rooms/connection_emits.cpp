// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

// What clients emit; in the extended profile numbered, never dealt with twice, acknowledged.

#include "connection_p.h"

#include "clientmessage_p.h"
#include "clusterevent_p.h"
#include "eventnames_p.h"
#include "mailing_p.h"
#include "servermessage_p.h"
#include "shard_p.h"
#include "worker_p.h"

#include <utility>

namespace Dispatch {

namespace {

/// The number of what was read; 0 if it has none, or is of a kind that has none.
std::uint64_t numberOf(const std::variant<ClientMessage, ClientMessageError> &parsed)
{
    if (const auto *error = std::get_if<ClientMessageError>(&parsed))
        return error->emit;
    const auto &message = std::get<ClientMessage>(parsed);
    if (message.eventName == EventName::SetUserInfo || message.eventName == EventName::Identify)
        return 0;
    return message.emit;
}

} // namespace

void Connection::receivedExtended(std::string_view text)
{
    confirm();
    if (isTooLong(text))
        return;
    const auto parsed = m_worker.parser().parse(text, Profile::Extended);
    const auto *message = std::get_if<ClientMessage>(&parsed);
    const std::uint64_t emit = numberOf(parsed);
    // The rates come behind the number: whatever becomes of a numbered message, its fate is told.
    const bool isNew = takeEmit(emit);
    if (m_isOpen && isWithinRates(text.size()) && isNew) {
        if (message)
            handle(*message);
        else
            refuse(std::get<ClientMessageError>(parsed));
    }
    if (isNew && emit > 0)
        finishEmit(emit);
    if (emit > 0 && message && message->wantsAck)
        m_session->emits.wantAck();
    if (m_session->emits.isAckDue())
        m_worker.acknowledgeLater(*this);
}

bool Connection::takeEmit(std::uint64_t emit)
{
    if (emit == 0)
        return true;
    EmitLedger &emits = m_session->emits;
    switch (emits.judge(emit)) {
    case EmitLedger::Verdict::Next:
        emits.take(emit);
        m_session->emit = emit;
        return true;
    case EmitLedger::Verdict::Repeated:
        emits.repeatAck();
        break;
    case EmitLedger::Verdict::Gap:
        refuse(Refusal::EmitGap,
               std::to_string(emits.last() + 1) + " was expected, " + std::to_string(emit)
                   + " came");
        break;
    }
    return false;
}

void Connection::finishEmit(std::uint64_t emit)
{
    m_session->emit = 0;
    const std::uint64_t seq = std::exchange(m_session->seq, 0);
    if (!m_membership || m_membership->pending.isEmpty())
        m_session->emits.settle(emit, seq);
    else if (!std::exchange(m_membership->holdsEmit, false))
        m_membership->pending.pass(emit);
}

void Connection::emitToShard(const ClientMessage &message)
{
    if (m_membership) {
        Event event = eventOf(message);
        event.details.time = msSinceEpoch();
        return publishEmission({m_seat.projectId, m_seat.shardName}, packedEvent(event));
    }
    m_shard->emitEvent(eventOf(message));
    if (m_session)
        m_session->seq = m_shard->position().seq;
}

Event Connection::eventOf(const ClientMessage &message) const
{
    EventDetails details;
    details.from = m_person.clientId;
    details.fromUser = m_person.userId;
    details.request = message.request;
    details.reply = message.reply;
    return {message.rawName, message.payload, latencyMs(), details};
}

void Connection::emitToRecipients(const ClientMessage &message)
{
    if (message.recipients->empty() || !mayReach(message.recipients->size()))
        return;
    const auto recipients = std::make_shared<const std::vector<std::string>>(*message.recipients);
    Event event = eventOf(message);
    event.details.time = msSinceEpoch();
    if (m_membership)
        return publishEmission({m_seat.projectId}, packedDirect(event, *recipients));
    if (!m_worker.emitTo(m_seat.projectId, recipients, event))
        refuse(Refusal::ServerFull);
}

void Connection::publish(const ClientMessage &message)
{
    Event event = eventOf(message);
    event.details.time = msSinceEpoch();
    if (m_membership && !m_seat.shardName.empty())
        return publishEmission({m_seat.projectId, m_seat.shardName}, packedEvent(event));
    auto mailing = std::make_shared<Mailing>(event);
    mailing->projectId = m_seat.projectId;
    if (!m_seat.shardName.empty())
        mailing->shards.emplace({m_seat.shardName});
    if (m_membership)
        return publishEverywhere(mailing);
    if (!m_worker.publish(mailing))
        refuse(Refusal::ServerFull);
}

void Connection::acknowledge()
{
    if (m_hasEnded || !m_isOpen || !m_session || !m_session->emits.hasUnacknowledged())
        return;
    const EmitLedger::Ack ack = m_session->emits.takeAck();
    sendEvent(EventName::Ack, ackPayload(ack.emit, ack.seq));
}

void Connection::sendRefusal(Refusal refusal, std::string_view detail,
                             std::optional<milliseconds> retryAfter)
{
    // What is refused behind it is not the message any more.
    tellRefusal(m_session ? std::exchange(m_session->emit, 0) : 0, refusal, detail, retryAfter);
}

void Connection::tellRefusal(std::uint64_t emit, Refusal refusal, std::string_view detail,
                             std::optional<milliseconds> retryAfter)
{
    if (emit > 0) {
        m_session->emits.refuse(emit, refusal);
        if (m_membership)
            m_membership->isStateNoted = false;
    }
    sendEvent(EventName::Error, refusalPayload(refusal, detail, retryAfter, emit));
}

void Connection::refuseEmission(std::uint64_t emit, Refusal refusal)
{
    if (m_hasEnded)
        return;
    // It is not the client's fault: it does not count as an error of his.
    m_worker.turn().counters.refusedMessages.add(refusal);
    tellRefusal(emit, refusal, {}, {});
}

} // namespace Dispatch

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

// What a client says: numbered in the extended profile, never dealt with twice, acknowledged.

#include "peer_p.h"

#include "eventnames_p.h"
#include "validation_p.h"

#include <algorithm>

namespace Dispatch::TestKit {

namespace {

constexpr int MostBadTokens = 5;
constexpr int MostReservedEvents = 3;
constexpr std::size_t MostRefused = 100;

/// The number of what was read; 0 if it has none, or is of a kind that has none.
std::uint64_t numberOf(const std::variant<ClientMessage, ClientMessageError> &parsed)
{
    if (const auto *error = std::get_if<ClientMessageError>(&parsed))
        return error->emit;
    const auto &message = std::get<ClientMessage>(parsed);
    const bool isPlatform =
        message.eventName == EventName::SetUserInfo || message.eventName == EventName::Identify;
    return isPlatform ? 0 : message.emit;
}

} // namespace

void Peer::linkReceived(const QString &received)
{
    const auto self = shared_from_this();
    const PaddedText text(received.toStdString());
    const auto parsed = m_hub.parser().parse(text.view(), m_profile);
    const std::uint64_t emit = numberOf(parsed);
    if (emit > 0 && !takeNumber(emit))
        return;
    m_emit = emit;
    if (const auto *error = std::get_if<ClientMessageError>(&parsed))
        refuse(error->refusal, error->detail);
    else if (isWithinRate())
        handle(std::get<ClientMessage>(parsed));
    m_emit = 0;
    if (emit > 0)
        acknowledgeLater();
}

bool Peer::takeNumber(std::uint64_t emit)
{
    if (emit == m_lastEmit + 1) {
        m_lastEmit = emit;
        m_lastSeq = 0;
        return true;
    }
    if (emit <= m_lastEmit)
        acknowledgeLater();
    else
        end(Refusal::EmitGap);
    return false;
}

/// What comes at once is acknowledged at once, as by a server that does so when a turn of its loop
/// ends.
void Peer::acknowledgeLater()
{
    if (m_link)
        m_hub.clock().setAlarm(this, m_hub.clock().now().steady);
}

void Peer::acknowledge()
{
    sendEvent(EventName::Ack, ackPayload(m_lastEmit, m_lastSeq));
}

/// A bucket that holds a burst, and is filled as the rate says.
bool Peer::isWithinRate()
{
    const Settings &settings = m_hub.settings();
    if (settings.messagesPerSecond <= 0)
        return true;
    const Instant now = m_hub.clock().now().steady;
    const double seconds = std::chrono::duration<double>(now - m_spentAt).count();
    m_spent = std::max(m_spent - seconds * settings.messagesPerSecond, 0.0);
    m_spentAt = now;
    if (m_spent + 1 <= std::max(settings.messageBurst, 1)) {
        m_spent += 1;
        return true;
    }
    const double missing = m_spent + 1 - std::max(settings.messageBurst, 1);
    refuse(Refusal::RateLimited,
           "at most " + std::to_string(settings.messagesPerSecond) + " messages a second",
           std::chrono::ceil<Milliseconds>(
               std::chrono::duration<double>(missing / settings.messagesPerSecond)));
    return false;
}

void Peer::handle(const ClientMessage &message)
{
    if (message.eventName == EventName::SetUserInfo)
        return setUserInfo(message.payload);
    if (message.eventName == EventName::Identify)
        return identify(message.payload);
    if (message.eventName == EventName::SetState && isExtended())
        return changeState(message.payload);
    if (EventName::isReserved(message.eventName)) {
        const bool isEnough = ++m_reservedEvents >= MostReservedEvents;
        return refuse(isEnough ? Refusal::TooManyReservedEvents : Refusal::ReservedEvent,
                      message.eventName);
    }
    if (const auto scripted = m_hub.takeRefusalOf(message.eventName))
        return refuse(scripted->refusal, {}, scripted->retryAfter);
    emitEvent(message);
    m_hub.witness().clientEmitted(*this, message);
}

void Peer::emitEvent(const ClientMessage &message)
{
    RoomEvent event{message.rawName, message.payload, double(m_link->latency().count()), {}};
    event.details.from = clientId;
    event.details.fromUser = userId;
    event.details.request = message.request;
    event.details.reply = message.reply;
    if (message.recipients)
        m_hub.emitTo(room->name().first, *message.recipients, event);
    else
        m_lastSeq = m_hub.emitEvent(event, room);
}

void Peer::setUserInfo(std::string_view payload)
{
    auto fields = readUserInfo(m_hub.parser(), payload);
    if (const auto *error = std::get_if<ClientMessageError>(&fields))
        return refuse(error->refusal, error->detail);
    if (std::exchange(userInfo, std::get<std::string>(fields)) != userInfo)
        room->changed(*this);
}

void Peer::identify(std::string_view payload)
{
    const PaddedText text{std::string(payload)};
    const auto token = m_hub.parser().parseToken(text.view());
    const auto user = token ? m_hub.userOf(*token) : std::nullopt;
    if (!user)
        return refuse(++m_badTokens >= MostBadTokens ? Refusal::TooManyBadTokens
                                                     : Refusal::InvalidToken);
    m_badTokens = 0;
    if (std::exchange(userId, *user) != userId)
        room->changed(*this);
}

void Peer::changeState(std::string_view payload)
{
    if (const auto scripted = m_hub.takeRefusalOf(std::string(EventName::SetState)))
        return refuse(scripted->refusal, {}, scripted->retryAfter);
    const auto outcome = room->changeState(*this, payload);
    if (const auto *fault = std::get_if<StateFault>(&outcome))
        return refuse(fault->refusal, fault->detail);
    const auto &made = std::get<Room::Made>(outcome);
    m_lastSeq = made.seq;
    m_hub.witness().clientChangedState(*this, made.wish);
}

void Peer::refuse(Refusal refusal, std::string_view detail, std::optional<Milliseconds> retryAfter)
{
    if (m_emit > 0) {
        m_refused.push_back({m_emit, refusal});
        if (m_refused.size() > MostRefused) {
            m_refusedSince = m_refused.front().emit + 1;
            m_refused.erase(m_refused.begin());
        }
    }
    sendEvent(EventName::Error, refusalPayload(refusal, detail, retryAfter, m_emit));
    const RefusalInfo &row = info(refusal);
    if (row.closeCode)
        close(*row.closeCode, row.slug);
}

} // namespace Dispatch::TestKit

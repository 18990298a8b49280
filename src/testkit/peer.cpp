// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "peer_p.h"

#include "eventnames_p.h"
#include "presencemessage_p.h"
#include "text_p.h"
#include "utf8_p.h"

#include <algorithm>
#include <iterator>

namespace Dispatch::TestKit {

namespace {

/// Whether who is closed with \a code may come back to the session.
bool keepsSession(std::optional<CloseCode> code)
{
    return code != CloseCode::Normal && code != CloseCode::GoingAway && code != CloseCode::NoStatus;
}

// As a real server says them by default.
constexpr int HeartbeatInterval = 25'000;
constexpr int HeartbeatTimeout = 10'000;

} // namespace

Peer::Peer(Hub &hub, Profile profile)
    : m_hub(hub)
    , m_profile(profile)
{
}

Peer::~Peer()
{
    m_hub.clock().cancelAlarm(this);
    if (m_link)
        m_link->forget();
}

void Peer::join(const std::shared_ptr<Link> &link, Room &newRoom, int history)
{
    m_link = link;
    link->accept(this, isExtended() ? toQString(ExtendedSubprotocol) : QString());
    newRoom.join(*this);
    if (isExtended()) {
        StreamPosition from = newRoom.position();
        const int most = std::min({history, m_hub.settings().maxHistory,
                                   m_hub.settings().maxReplayEvents, int(newRoom.logSize())});
        from.seq -= std::uint64_t(most);
        greet(false, from, missedSince(from).value_or(Missed()));
    } else {
        sendEvent(EventName::Connected,
                  connectedPayload(clientId, newRoom.name().second, limits()));
    }
    m_hub.witness().clientJoined(*this);
}

void Peer::resume(const std::shared_ptr<Link> &link, const StreamPosition &position)
{
    m_hub.clock().cancelAlarm(this);
    if (m_link) {
        sendEvent(EventName::Error, refusalPayload(Refusal::Replaced));
        m_link->close(CloseCode::Replaced, toQString(info(Refusal::Replaced).slug));
    }
    m_link = link;
    link->accept(this, toQString(ExtendedSubprotocol));
    const auto missed = missedSince(position);
    greet(missed.has_value(), missed ? position : this->position(), missed.value_or(Missed()));
    m_hub.witness().clientJoined(*this);
}

void Peer::greet(bool isRecovered, const StreamPosition &from, const Missed &missed)
{
    m_secret = m_hub.newSecret();
    const std::string limits = this->limits();
    const std::string clients = room->list();
    const bool isStateTold = !isRecovered && m_hub.settings().state.keys > 0;
    const std::string state = isStateTold ? room->wholeState() : std::string();
    Greeting greeting;
    greeting.clientId = clientId;
    greeting.shardName = room->name().second;
    greeting.limits = limits;
    greeting.session = m_secret;
    greeting.sessionWindow = int(m_hub.settings().sessionWindow.count());
    greeting.recovered = isRecovered;
    greeting.position = from;
    greeting.lastEmit = m_lastEmit;
    greeting.refused = m_refused;
    greeting.refusedSince = m_refusedSince;
    greeting.replay = missed.size();
    greeting.userId = userId;
    greeting.revision = room->revision();
    greeting.serverTime = m_hub.clock().now().wall.count();
    greeting.heartbeatInterval = HeartbeatInterval;
    greeting.heartbeatTimeout = HeartbeatTimeout;
    greeting.connectedClients = clients;
    greeting.state = state;
    sendEvent(EventName::Connected, greetingPayload(greeting));
    for (const std::string &text : missed)
        send(text);
}

std::string Peer::limits() const
{
    std::string out = "{\"messageUtf16Units\":" + std::to_string(Limits::MessageUtf16Units)
        + ",\"recipients\":" + std::to_string(Limits::Recipients);
    const Settings &settings = m_hub.settings();
    out += ",\"stateKeys\":" + std::to_string(settings.state.keys);
    if (settings.messagesPerSecond > 0) {
        out += ",\"messagesPerSecond\":" + std::to_string(settings.messagesPerSecond)
            + ",\"messageBurst\":" + std::to_string(settings.messageBurst);
    }
    return out + '}';
}

StreamPosition Peer::position() const
{
    StreamPosition present = room->position();
    present.direct = m_lastDirect;
    return present;
}

/// All of it in order, or nothing.
std::optional<Peer::Missed> Peer::missedSince(const StreamPosition &position) const
{
    const auto events = room->since(position.seq);
    if (position.epoch != room->position().epoch || !events || position.direct > m_lastDirect
        || m_lastDirect - position.direct > m_directs.size())
        return std::nullopt;
    Missed missed;
    auto direct = std::prev(m_directs.end(), std::ptrdiff_t(m_lastDirect - position.direct));
    for (const auto &[seq, text] : *events) {
        for (; direct != m_directs.end() && direct->afterSeq < seq; ++direct)
            missed.push_back(direct->text);
        missed.push_back(text);
    }
    for (; direct != m_directs.end(); ++direct)
        missed.push_back(direct->text);
    return missed;
}

void Peer::hear(const RoomEvent &event)
{
    if (isExtended() || !event.isExtended)
        send(event.text());
}

void Peer::hearDirectly(const RoomEvent &event)
{
    const std::string text = event.text(isExtended());
    ++m_lastDirect;
    m_directs.push_back({room->position().seq, text});
    while (std::cmp_greater(m_directs.size(), m_hub.settings().maxReplayEvents))
        m_directs.pop_front();
    send(text);
}

void Peer::see(const std::string &differences)
{
    if (isExtended())
        sendEvent(EventName::Presence, differences);
    else
        sendEvent(EventName::ConnectedClientsChanged, connectedClientsPayload(room->list()));
}

void Peer::send(const std::string &text)
{
    if (m_link)
        m_link->sendToClient(QString::fromStdString(text));
}

void Peer::sendEvent(std::string_view name, std::string_view payload)
{
    std::string text;
    appendServerMessage(text, Text::jsonString(name), payload, 0);
    send(text);
}

void Peer::end(Refusal refusal)
{
    const RefusalInfo &row = info(refusal);
    sendEvent(EventName::Error, refusalPayload(refusal));
    close(row.closeCode.value_or(CloseCode::Normal), row.slug);
}

void Peer::sendElsewhere(Milliseconds retryAfter)
{
    sendEvent(EventName::Error, refusalPayload(Refusal::Draining, {}, retryAfter));
    close(CloseCode::ServiceRestart, info(Refusal::Draining).slug);
}

void Peer::close(CloseCode code, std::string_view reason)
{
    const bool mayComeBack = isRetryable(static_cast<std::uint16_t>(code))
        && code != CloseCode::ServiceRestart && code != CloseCode::TokenExpired;
    const auto link = std::exchange(m_link, nullptr);
    if (link)
        link->close(code, toQString(reason));
    // Who is away already stays so for as long as before.
    if (link || !mayComeBack)
        lose(mayComeBack);
}

void Peer::forgetSession()
{
    m_secret.clear();
    if (isAway())
        lose(false);
}

void Peer::linkEnded(std::optional<CloseCode> code)
{
    m_link.reset();
    lose(keepsSession(code));
}

/// There is no connection any more. Whoever may come back is away, others leave.
void Peer::lose(bool mayComeBack)
{
    const auto self = shared_from_this();
    if (mayComeBack && isExtended() && !m_secret.empty()) {
        m_hub.clock().setAlarm(this, m_hub.clock().now().steady + m_hub.settings().sessionWindow);
        return m_hub.witness().clientAway(*this);
    }
    m_hub.clock().cancelAlarm(this);
    if (!room)
        return;
    m_hub.remove(*this);
    m_hub.witness().clientLeft(*this);
}

void Peer::ring()
{
    if (m_link)
        acknowledge();
    else
        lose(false);
}

} // namespace Dispatch::TestKit

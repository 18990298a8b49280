// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

// What may be sent by the server's rates, and when the rest is.

#include "dispatchclient_p.h"

#include "eventnames_p.h"
#include "utf8_p.h"

using namespace Dispatch;

namespace {

// What may go meanwhile goes together, not in a turn of the event loop each.
constexpr Instant ShortestPause = Milliseconds(10);

} // namespace

/// Hands \a message to the connection, and counts it.
bool DispatchClient::Private::send(const std::string &message)
{
    const QString text = toQString(message);
    if (!m_transport->send(text))
        return false;
    if (m_tap->isObserved())
        m_tap->tell(WireEvent::Sent, text);
    m_pace.sent(message.size(), now());
    return true;
}

/// Whether \a message would not come too soon for the server. If it would, the queue goes on when
/// it is time.
bool DispatchClient::Private::isDue(const std::string &message)
{
    if (!outbox.policy().paced)
        return true;
    const Instant time = now();
    const Instant wait = m_pace.wait(message.size(), time);
    if (wait == Instant::zero())
        return true;
    if (!m_paceTimer->isActive())
        m_paceTimer->start(delayUntil(time + std::max(wait, ShortestPause), time));
    return false;
}

/// The newest, unless the server has it; when that is due, if it would come too soon now.
void DispatchClient::Private::sendUserInfo()
{
    m_userInfoTimer->stop();
    const Instant time = now();
    const auto wait = userInfo.wait(time);
    if (!wait)
        return;
    if (*wait > Instant::zero())
        return m_userInfoTimer->start(delayUntil(time + *wait, time));
    userInfo.sent(time);
    sendPlatformEvent(EventName::SetUserInfo, userInfo.newest());
}

void DispatchClient::Private::goOnSending()
{
    sendInFlightAgain();
    flushQueue();
}

/// What of a session that goes on was in flight, under the old numbers, so that the server knows
/// those that it had. It comes before the queue.
void DispatchClient::Private::sendInFlightAgain()
{
    if (!m_transport || m_nextAgain == 0)
        return;
    const std::uint64_t last = m_inFlight.nextNumber() - 1;
    const auto &events = m_inFlight.events();
    auto event = std::ranges::lower_bound(events, m_nextAgain, {}, &InFlight::Event::number);
    for (; event != events.end(); ++event) {
        const auto &[number, entry] = *event;
        const bool wantsAck = number == last || wantsAcknowledgement(entry);
        std::string text = numbered(entry.message, number, wantsAck);
        // It was sent without the question, for which there may be no room.
        if (wantsAck && checkLength(text, m_messageLimits))
            text = numbered(entry.message, number, false);
        m_nextAgain = number;
        if (!isDue(text))
            return;
        send(text);
    }
    m_nextAgain = 0;
}

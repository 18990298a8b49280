// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "connection_p.h"

#include "clientmessage_p.h"
#include "eventnames_p.h"
#include "worker_p.h"

namespace Dispatch {

namespace {

// From this one on it is no mistake any more.
constexpr int MostReservedEvents = 3;

std::string perSecond(int most, std::string_view what)
{
    return "at most " + std::to_string(most) + std::string(what) + " a second";
}

} // namespace

bool Connection::isWithinRates(std::size_t bytes)
{
    const Rates &rates = m_worker.rates();
    const TimePoint now = m_worker.turn().now;
    Duration wait = m_messages.take(rates.messages, 1, now);
    if (wait > Duration::zero()) {
        dropMessage(Refusal::RateLimited, wait,
                    perSecond(m_worker.settings().messagesPerSecond, " messages"));
        return false;
    }
    wait = m_bytes.take(rates.bytes, static_cast<double>(bytes), now);
    if (wait > Duration::zero()) {
        dropMessage(Refusal::RateLimited, wait,
                    perSecond(m_worker.settings().bytesPerSecond, " bytes"));
        return false;
    }
    return true;
}

bool Connection::mayReach(std::size_t receivers)
{
    if (isBackend())
        return true;
    const Duration wait = m_seat.common->fanOut.take(
        m_worker.rates().fanOut, static_cast<double>(receivers), m_worker.turn().now);
    if (wait == Duration::zero())
        return true;
    dropMessage(Refusal::FanOutLimited, wait,
                perSecond(m_worker.settings().maxFanOutPerSecond, " deliveries"));
    return false;
}

bool Connection::maySetUserInfo()
{
    const Duration wait = m_userInfos.take(m_worker.rates().userInfos, 1, m_worker.turn().now);
    if (wait == Duration::zero())
        return true;
    dropMessage(Refusal::RateLimited, wait,
                perSecond(m_worker.settings().userInfoPerSecond, " changes of user info"));
    return false;
}

void Connection::dropMessage(Refusal limit, Duration wait, std::string_view detail)
{
    LoopTurn &turn = m_worker.turn();
    turn.counters.refusedMessages.add(limit);
    Record &record = this->record();
    record.limit = limit;
    const int patience = m_worker.settings().floodTimeout;
    const bool isEnough = record.flood.dropped(turn.now, milliseconds(patience));
    if (m_session && m_session->emit > 0) {
        sendRefusal(limit, detail, std::chrono::ceil<milliseconds>(wait));
    } else {
        record.flood.owe();
        if (const int dropped = record.flood.untold(turn.now))
            tellDropped(dropped, wait, detail);
    }
    // Others may be to blame for the project's limit.
    if (isEnough && limit == Refusal::RateLimited)
        refuse(Refusal::Flooding, "for " + std::to_string(patience) + " ms");
}

void Connection::tellDropped(int messages, Duration wait, std::string_view detail)
{
    std::string text(detail);
    if (messages > 1) {
        text += text.empty() ? "" : "; ";
        text += std::to_string(messages) + " were dropped";
    }
    sendEvent(EventName::Error,
              refusalPayload(m_record->limit, text, std::chrono::ceil<milliseconds>(wait)));
}

void Connection::refuseReserved(std::string_view name)
{
    if (++record().reservedEvents >= MostReservedEvents)
        return refuse(Refusal::TooManyReservedEvents, name);
    refuse(Refusal::ReservedEvent, name);
}

Connection::Record &Connection::record()
{
    if (!m_record)
        m_record = std::make_unique<Record>();
    return *m_record;
}

} // namespace Dispatch

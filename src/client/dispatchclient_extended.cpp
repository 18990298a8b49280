// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "dispatchclient_p.h"

#include "../threadcheck/threadcheck_p.h"
#include "dispatchclientlog_p.h"
#include "subprotocol_p.h"
#include "utf8_p.h"

#include <limits>

using namespace Qt::StringLiterals;
using namespace Dispatch;

namespace {

QString extendedProfile()
{
    return toQString(ExtendedSubprotocol);
}

/// How long after a loss of the connection the server can still know the session. It may have
/// noticed the loss later than we did.
Milliseconds keptFor(const ReceivedGreeting &greeting)
{
    constexpr std::uint64_t Longest = 24 * 60 * 60 * 1000;
    constexpr Milliseconds Margin{5'000};
    if (greeting.windowMs == 0)
        return Milliseconds(0);
    std::uint64_t ms = 0;
    for (const std::uint64_t part :
         {greeting.windowMs, greeting.heartbeatMs, greeting.heartbeatTimeoutMs})
        ms = std::min(ms + std::min(part, Longest), Longest);
    return Milliseconds(ms) + Margin;
}

} // namespace

bool DispatchClient::isBaseProfileOnly() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return d->baseProfileOnly;
}

void DispatchClient::setBaseProfileOnly(bool only)
{
    requireThreadOf(this, Q_FUNC_INFO);
    if (std::exchange(d->baseProfileOnly, only) != only)
        Q_EMIT baseProfileOnlyChanged();
}

int DispatchClient::history() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return d->history;
}

void DispatchClient::setHistory(int events)
{
    requireThreadOf(this, Q_FUNC_INFO);
    const int wished = usable(this, events, d->history, Bounds{"history"_L1});
    if (std::exchange(d->history, wished) != wished)
        Q_EMIT historyChanged();
}

double DispatchClient::clockOffset() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return d->clockOffset().value_or(std::numeric_limits<double>::quiet_NaN());
}

/// What is offered in the handshake: the extended profile, and to go on with the session.
QStringList DispatchClient::Private::subprotocols() const
{
    if (baseProfileOnly)
        return {};
    QStringList names{extendedProfile()};
    if (const auto offer = m_stream.offer())
        names.append(toQString(resumeSubprotocol(*offer)));
    return names;
}

bool DispatchClient::Private::speaksExtendedProfile() const
{
    return m_transport && m_transport->subprotocol() == extendedProfile();
}

/// Whether the server goes on with the session that it was offered, recovered or not.
bool DispatchClient::Private::goesOnWith(const ReceivedGreeting &greeting) const
{
    return m_offeredSession && speaksExtendedProfile()
        && m_greeting.clientId == toQString(greeting.clientId);
}

/// Whether the server has counted what it was sent as we have: no emit that there never was, and
/// none fewer than it acknowledged.
bool DispatchClient::Private::countsAsWeDo(const ReceivedGreeting &greeting, bool goesOn) const
{
    if (!goesOn)
        return greeting.lastEmit == 0;
    const std::uint64_t next = m_inFlight.nextNumber();
    const std::uint64_t open = m_inFlight.isEmpty() ? next : m_inFlight.events().front().number;
    return greeting.lastEmit < next && greeting.lastEmit + 1 >= open;
}

/// What the greeting of the extended profile says beside what that of the base profile does; false
/// if it does not.
bool DispatchClient::Private::takeExtendedGreeting(const ReceivedGreeting &greeting, bool goesOn)
{
    m_newPresence.reset();
    m_greeting.epoch = toQString(epochText(greeting.position.epoch));
    m_greeting.sequence = qint64(greeting.position.seq);
    // Who stopped being that user while it was on its way does not resume the session once more.
    const bool isForgotten = goesOn && !m_stream.offer();
    m_stream.greeted(isForgotten ? std::string() : greeting.session, greeting.position,
                     greeting.replay);
    m_sessionKeptFor = keptFor(greeting);
    const auto update = m_presence.updateFromGreeting(greeting.connectedClients, greeting.revision,
                                                      incomingLimits.maxConnectedClients);
    if (update == Presence::Update::TooLong)
        complain(TooLongAList);
    else
        m_presenceStale = false;
    return update != Presence::Update::NoList;
}

/// What came does not follow what came before it: the server gives it again after a resume.
void DispatchClient::Private::loseThread(const QString &why)
{
    if (m_transport)
        m_transport->close(CloseCode::OutOfStep, u"out_of_step"_s);
    end({DispatchError::ProtocolError, true, why, {}});
}

void DispatchClient::Private::applyPresence(std::string_view payload)
{
    switch (m_presence.apply(payload, incomingLimits.maxConnectedClients)) {
    case Presence::Update::Done:
        return presenceChanged();
    case Presence::Update::NoList:
        return loseThread(u"The server left out a change of the connected clients."_s);
    case Presence::Update::TooLong:
        m_presenceStale = true;
        presenceChanged();
        return complain(TooLongAList);
    }
}

std::optional<double> DispatchClient::Private::clockOffset() const
{
    const Moment time = moment();
    return m_clockOffset.at(time.steady, time.wall);
}

void DispatchClient::Private::clockOffsetChanged()
{
    m_clockOffsetDirty = true;
    scheduleStep();
}

void DispatchClient::Private::describeSender(const EventDetails &details,
                                             DispatchEventMetadata &metadata)
{
    metadata.sequence = qint64(details.seq);
    metadata.senderId = m_senders.of(details.from);
    metadata.senderUserId = m_senders.of(details.fromUser);
    metadata.serverTime = details.time;
    metadata.own = !metadata.senderId.isEmpty() && metadata.senderId == m_greeting.clientId;
    metadata.replayed = m_stream.isReplaying();
    if (!details.from.empty() && !details.request.empty())
        metadata.requestId = toQString(details.request);
}

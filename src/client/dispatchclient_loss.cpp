// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "dispatchclient_p.h"

#include "../threadcheck/threadcheck_p.h"
#include "dispatchclientlog_p.h"

using namespace Qt::StringLiterals;

int DispatchClient::lossGrace() const
{
    Dispatch::requireThreadOf(this, Q_FUNC_INFO);
    return d->lossGrace;
}

void DispatchClient::setLossGrace(DispatchMilliseconds ms)
{
    Dispatch::requireThreadOf(this, Q_FUNC_INFO);
    d->lossGrace = Dispatch::usable<int>(this, ms, d->lossGrace, Dispatch::Bounds{"lossGrace"_L1});
}

/// Another attempt will come. Whoever shows losses to people waits a little, for most are mended
/// before anybody would notice.
void DispatchClient::Private::noteLoss()
{
    if (!std::exchange(m_isLost, true))
        m_graceTimer->start(lossGrace);
    m_sessionEndTimer->start(m_stream.offer() ? m_sessionKeptFor : Dispatch::Milliseconds(0));
}

/// The server keeps the session no longer: nobody will ever say what became of what was sent.
void DispatchClient::Private::sessionOver()
{
    // An attempt that is under way may still have been in time.
    if (m_transport)
        return m_sessionEndTimer->start(attemptTimeout);
    m_stream.forget();
    abandonInFlight(Abandoned::ByLoss);
}

void DispatchClient::Private::graceOver()
{
    if (m_isLost)
        notify(&DispatchClient::lostConnection);
}

void DispatchClient::Private::noteReturn()
{
    m_graceTimer->stop();
    m_sessionEndTimer->stop();
    if (std::exchange(m_isLost, false))
        notify(&DispatchClient::connectionRestored, m_greeting);
}

/// Nobody waits for the connection any more.
void DispatchClient::Private::forgetLoss()
{
    m_graceTimer->stop();
    m_isLost = false;
}

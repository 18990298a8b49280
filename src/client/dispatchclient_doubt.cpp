// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

// What makes a client doubt that things are still as they were, and look at once.

#include "dispatchclient_p.h"

#include "../threadcheck/threadcheck_p.h"
#include "networkhints_p.h"

using namespace Dispatch;

bool DispatchClient::heedsNetworkHints() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return d->networkHints;
}

void DispatchClient::setNetworkHints(bool heed)
{
    requireThreadOf(this, Q_FUNC_INFO);
    d->setNetworkHints(heed);
}

void DispatchClient::Private::setNetworkHints(bool heed)
{
    if (std::exchange(networkHints, heed) == heed)
        return;
    followNetwork();
    notify(&DispatchClient::networkHintsChanged);
}

void DispatchClient::Private::followNetwork()
{
    QObject::disconnect(m_networkWatch);
    if (!networkHints || !session.isActive() || m_environment)
        return;
    m_networkWatch = QObject::connect(NetworkHints::instance(), &NetworkHints::changed,
                                      m_heartbeatTimer, [this] {
                                          const Hold hold(this);
                                          networkChanged();
                                      });
}

void DispatchClient::Private::networkChanged()
{
    probe();
    perform(session.tryEarlier(now()));
}

/// Asks the server whether it is still there, with less patience than usual.
void DispatchClient::Private::probe()
{
    if (session.isJoined() && heartbeat.probe())
        ping();
}

bool DispatchClient::Private::hasSlept(Milliseconds interval)
{
    return m_sleep.tick(moment(), interval);
}

/// Nobody knows how long the delays and deadlines that run have lasted: what is the case is found
/// out at once.
void DispatchClient::Private::wokeUp()
{
    heartbeat.excuse(now());
    // It counts by a clock that stands still meanwhile.
    m_clockOffset.forget();
    clockOffsetChanged();
    probe();
    perform(session.woke(now()));
}

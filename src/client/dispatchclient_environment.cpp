// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

// The clocks, the network and chance, or what stands in for them where the URL leads.

#include "dispatchclient_p.h"

#include "websockettransport_p.h"

#include <QtCore/qrandom.h>

using namespace Dispatch;

void DispatchClient::Private::setUrl(const QUrl &url)
{
    lookAround(url);
    setWish(&Wish::url, url, &DispatchClient::urlChanged);
}

void DispatchClient::Private::lookAround(const QUrl &url)
{
    auto environment = environmentAt(url);
    if (m_environment == environment)
        return;
    m_environment = std::move(environment);
    for (Timer *timer : m_timers)
        timer->setEnvironment(m_environment);
    followNetwork();
}

Moment DispatchClient::Private::moment() const
{
    if (m_environment)
        return m_environment->now();
    return {now(), Milliseconds(QDateTime::currentMSecsSinceEpoch())};
}

Instant DispatchClient::Private::now() const
{
    if (m_environment)
        return m_environment->now().steady;
    return std::chrono::steady_clock::now().time_since_epoch();
}

double DispatchClient::Private::randomShare() const
{
    return m_environment ? m_environment->randomShare()
                         : QRandomGenerator::global()->generateDouble();
}

std::unique_ptr<Transport> DispatchClient::Private::makeTransport()
{
    if (m_environment)
        return m_environment->makeTransport(this);
    return std::make_unique<WebSocketTransport>(this);
}

Timer *DispatchClient::Private::makeTimer(Timer::Kind kind, void (Private::*slot)(),
                                          Qt::TimerType type)
{
    auto *timer = new Timer(
        kind, type,
        [this, slot] {
            const Hold hold(this);
            (this->*slot)();
        },
        q);
    m_timers.push_back(timer);
    return timer;
}

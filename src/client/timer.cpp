// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "timer_p.h"

#include <QtCore/qabstracteventdispatcher.h>

#include <algorithm>

namespace Dispatch {

Timer::Timer(Kind kind, Qt::TimerType type, std::function<void()> fire, QObject *parent)
    : QObject(parent)
    , m_fire(std::move(fire))
    , m_kind(kind)
    , m_type(type)
{
}

Timer::~Timer()
{
    disarm();
}

void Timer::start(Milliseconds interval)
{
    m_interval = std::max(interval, Milliseconds(0));
    m_isActive = true;
    arm(m_interval);
}

void Timer::stop()
{
    m_isActive = false;
    disarm();
}

Milliseconds Timer::remainingTime() const
{
    if (!m_isActive)
        return Milliseconds(0);
    const int ms = m_environment
        ? delayUntil(m_due, m_environment->now().steady)
        : QAbstractEventDispatcher::instance()->remainingTime(m_timer.timerId());
    return Milliseconds(std::max(ms, 0));
}

void Timer::setEnvironment(const std::shared_ptr<Environment> &environment)
{
    const Milliseconds rest = remainingTime();
    disarm();
    m_environment = environment;
    if (m_isActive)
        arm(rest);
}

void Timer::arm(Milliseconds delay)
{
    if (!m_environment)
        return m_timer.start(int(delay.count()), m_type, this);
    m_due = m_environment->now().steady + delay;
    m_environment->setAlarm(this, m_due);
}

void Timer::disarm()
{
    m_timer.stop();
    if (m_environment)
        m_environment->cancelAlarm(this);
}

void Timer::ring()
{
    m_isActive = m_kind == Repeating;
    if (m_isActive)
        arm(m_interval);
    m_fire();
}

void Timer::timerEvent(QTimerEvent *)
{
    if (m_kind == SingleShot)
        stop();
    m_fire();
}

} // namespace Dispatch

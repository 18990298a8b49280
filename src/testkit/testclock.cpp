// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "testclock_p.h"

#include <QtCore/qabstracteventdispatcher.h>
#include <QtCore/qcoreapplication.h>
#include <QtCore/qdatetime.h>
#include <QtCore/qdebug.h>
#include <QtCore/qscopedvaluerollback.h>

namespace Dispatch::TestKit {

namespace {

// More at one point of time is a circle.
constexpr int MostRingsAtOnce = 1'000'000;

/// Sends what was posted, and what that posts. A call sends what is there when it begins, and none
/// tells whether there is more: so it is asked as often as steps can follow upon each other.
void sendPostedEvents()
{
    constexpr int Steps = 50;
    for (int step = 0; step < Steps; ++step)
        QCoreApplication::sendPostedEvents();
}

} // namespace

TestClock::TestClock()
    : m_start(std::chrono::steady_clock::now().time_since_epoch())
    , m_wallStart(QDateTime::currentMSecsSinceEpoch())
    , m_now(m_start)
{
}

void TestClock::setAlarm(Alarm *alarm, Instant at)
{
    cancelAlarm(alarm);
    const Key key(at, ++m_lastSet);
    m_alarms.emplace(key, alarm);
    m_keys.emplace(alarm, key);
    if (at <= m_now)
        scheduleWake();
}

void TestClock::cancelAlarm(Alarm *alarm)
{
    const auto found = m_keys.find(alarm);
    if (found == m_keys.end())
        return;
    m_alarms.erase(found->second);
    m_keys.erase(found);
}

void TestClock::soon(std::function<void()> step)
{
    QMetaObject::invokeMethod(&m_context, std::move(step), Qt::QueuedConnection);
}

void TestClock::advance(Milliseconds time)
{
    if (m_isRunning) {
        qWarning("Time can't be moved on from what happens while it moves on.");
        return;
    }
    const QScopedValueRollback<bool> running(m_isRunning, true);
    const Instant end = m_now + time;
    finishInstant();
    while (!m_alarms.empty() && m_alarms.begin()->first.first <= end) {
        m_now = m_alarms.begin()->first.first;
        finishInstant();
    }
    m_now = end;
    finishInstant();
}

void TestClock::settle()
{
    if (m_isRunning)
        return;
    const QScopedValueRollback<bool> running(m_isRunning, true);
    finishInstant();
}

void TestClock::finishInstant()
{
    sendPostedEvents();
    for (int rings = 0; isDue(); ++rings) {
        if (rings == MostRingsAtOnce) {
            qWarning("Something is done again and again without waiting: time stands still.");
            return;
        }
        ringNext();
        sendPostedEvents();
    }
}

void TestClock::ringNext()
{
    Alarm *alarm = m_alarms.begin()->second;
    cancelAlarm(alarm);
    // Each is a turn of the event loop of its own.
    if (auto *dispatcher = QAbstractEventDispatcher::instance())
        Q_EMIT dispatcher->awake();
    alarm->ring();
}

void TestClock::scheduleWake()
{
    if (std::exchange(m_isWakeDue, true))
        return;
    soon([this] { wake(); });
}

/// The event loop is what moves things on, and does the rest in its later turns.
void TestClock::wake()
{
    m_isWakeDue = false;
    if (!isDue())
        return;
    scheduleWake();
    const QScopedValueRollback<bool> running(m_isRunning, true);
    ringNext();
}

} // namespace Dispatch::TestKit

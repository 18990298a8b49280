// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "environment_p.h"

#include <QtCore/qobject.h>

#include <cstdint>
#include <functional>
#include <map>
#include <unordered_map>
#include <utility>

namespace Dispatch::TestKit {

/// Time that stands still until it is moved on. What is due at once is done by the event loop, too.
class TestClock {
public:
    TestClock();
    Q_DISABLE_COPY_MOVE(TestClock)

    Moment now() const { return {m_now, m_wallStart + elapsed()}; }
    Milliseconds elapsed() const
    {
        return std::chrono::duration_cast<Milliseconds>(m_now - m_start);
    }

    /// As in Environment.
    void setAlarm(Alarm *alarm, Instant at);
    void cancelAlarm(Alarm *alarm);
    /// Has \a step done in an event of its own, without waiting.
    void soon(std::function<void()> step);

    /// Does all that is to be done within \a time, each at its time, and what it brings about.
    void advance(Milliseconds time);
    /// The same without letting time pass. Nothing if it is called from what that does.
    void settle();

private:
    /// Those of one time ring in the order in which they were set.
    using Key = std::pair<Instant, std::uint64_t>;

    bool isDue() const { return !m_alarms.empty() && m_alarms.begin()->first.first <= m_now; }
    void finishInstant();
    void ringNext();
    void wake();
    void scheduleWake();

    const Instant m_start;
    const Milliseconds m_wallStart;
    Instant m_now;
    std::map<Key, Alarm *> m_alarms;
    std::unordered_map<Alarm *, Key> m_keys;
    std::uint64_t m_lastSet = 0;
    bool m_isRunning = false;
    bool m_isWakeDue = false;
    QObject m_context;
};

} // namespace Dispatch::TestKit

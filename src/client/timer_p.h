// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "environment_p.h"

#include <QtCore/qbasictimer.h>
#include <QtCore/qobject.h>

#include <functional>
#include <memory>

namespace Dispatch {

/// As a QTimer; in an environment its time is that of there.
class Timer final : public QObject, private Alarm {
public:
    enum Kind { SingleShot, Repeating };

    Timer(Kind kind, Qt::TimerType type, std::function<void()> fire, QObject *parent);
    ~Timer() override;

    /// Starts anew, to fire after \a interval.
    void start(Milliseconds interval);
    void start(int ms) { start(Milliseconds(ms)); }
    void stop();
    bool isActive() const { return m_isActive; }
    /// Until it fires; zero if it is late, or not active.
    Milliseconds remainingTime() const;
    /// Goes on there with the time that is left; null: by the clock of the machine.
    void setEnvironment(const std::shared_ptr<Environment> &environment);

private:
    void arm(Milliseconds delay);
    void disarm();
    void ring() override;
    void timerEvent(QTimerEvent *event) override;

    const std::function<void()> m_fire;
    std::shared_ptr<Environment> m_environment;
    QBasicTimer m_timer; ///< unless there is an environment
    Instant m_due{}; ///< if there is one
    Milliseconds m_interval{};
    const Kind m_kind;
    const Qt::TimerType m_type;
    bool m_isActive = false;
};

} // namespace Dispatch

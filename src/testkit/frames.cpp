// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "frames_p.h"

namespace Dispatch::TestKit {

namespace {

constexpr Milliseconds FrameTime{16};

} // namespace

Frames::Frames(TestClock &clock)
    : m_clock(clock)
{
    install();
    m_runner.setStartValue(0);
    m_runner.setEndValue(1);
    m_runner.setDuration(1000);
    m_runner.setLoopCount(-1);
    m_runner.start();
    m_clock.setAlarm(this, m_clock.now().steady + FrameTime);
}

Frames::~Frames()
{
    m_clock.cancelAlarm(this);
    m_runner.stop();
    uninstall();
}

qint64 Frames::elapsed() const
{
    return isRunning() ? (m_clock.elapsed() - m_start).count() : 0;
}

void Frames::start()
{
    m_start = m_clock.elapsed();
    QAnimationDriver::start();
    // What the machine's clock counted until now is no time of what begins from here on.
    advance();
}

void Frames::ring()
{
    m_clock.setAlarm(this, m_clock.now().steady + FrameTime);
    advance();
}

} // namespace Dispatch::TestKit

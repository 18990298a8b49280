// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "testclock_p.h"

#include <QtCore/qabstractanimation.h>
#include <QtCore/qvariantanimation.h>

namespace Dispatch::TestKit {

/// Has the animations of the program, and the timers of Qt Quick, which are such, run by the test's
/// clock, frame by frame.
class Frames final : public QAnimationDriver, private Alarm {
public:
    explicit Frames(TestClock &clock);
    ~Frames() override;

    qint64 elapsed() const override;

protected:
    void start() override;

private:
    void ring() override;

    TestClock &m_clock;
    Milliseconds m_start{0};
    // Where nothing runs but timers, Qt stops its driver and goes by the clock of the machine.
    QVariantAnimation m_runner;
};

} // namespace Dispatch::TestKit

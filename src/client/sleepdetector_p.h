// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "instant_p.h"

namespace Dispatch {

/// Notices that the machine slept, or that the program was stopped: what was thought of the other
/// side before says nothing any more.
class SleepDetector {
public:
    void start(const Moment &now) { m_lastTick = now; }
    /// To be called about every \a interval: true if far more time has passed since the last call,
    /// or by one of the clocks other than by the other. A clock that was set looks the same.
    bool tick(const Moment &now, Milliseconds interval);

private:
    Moment m_lastTick;
};

} // namespace Dispatch

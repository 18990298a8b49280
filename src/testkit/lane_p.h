// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "testclock_p.h"

#include <deque>
#include <functional>

namespace Dispatch::TestKit {

/// One direction of a connection: what is sent arrives later, and in order.
class Lane final : private Alarm {
public:
    explicit Lane(TestClock &clock)
        : m_clock(clock)
    {
    }
    ~Lane() { clear(); }
    Q_DISABLE_COPY_MOVE(Lane)

    /// Calls \a arrival after \a delay; later if something that was sent before arrives later.
    /// It may destroy the lane.
    void send(Milliseconds delay, std::function<void()> arrival);
    /// Nothing arrives while it is held up.
    void setHeld(bool isHeld);
    void clear();

private:
    struct Parcel {
        Instant at;
        std::function<void()> arrival;
    };

    void arm();
    void ring() override;

    TestClock &m_clock;
    std::deque<Parcel> m_parcels;
    bool m_isHeld = false;
};

} // namespace Dispatch::TestKit

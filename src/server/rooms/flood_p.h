// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "clock_p.h"

#include <utility>

namespace Dispatch {

/// How a client is treated whose messages are dropped because they are too many: it is told, though
/// not of each one, and is shown out when it does not stop.
class Flood {
public:
    /// The least time between two answers.
    static constexpr milliseconds Interval{100};
    /// A flood that paused so long is over.
    static constexpr milliseconds Pause{1'000};

    /// A message was dropped at \a now; true if that goes on for \a patience.
    bool dropped(TimePoint now, Duration patience)
    {
        if (m_last == TimePoint() || now - m_last >= Pause)
            m_since = now;
        m_last = now;
        return now - m_since >= patience;
    }

    /// The client is still to be told of the last one.
    void owe() { ++m_untold; }

    /// How many dropped messages the client is to be told of at \a now; it is told then.
    int untold(TimePoint now)
    {
        if (m_untold == 0 || (m_told != TimePoint() && now - m_told < Interval))
            return 0;
        m_told = now;
        return std::exchange(m_untold, 0);
    }

private:
    TimePoint m_since{};
    TimePoint m_last{};
    TimePoint m_told{};
    int m_untold = 0;
};

} // namespace Dispatch

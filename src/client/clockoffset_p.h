// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "instant_p.h"

#include <cstdint>
#include <optional>

namespace Dispatch {

/// Estimates how far the server's clock is ahead of ours. What the server says of its time is old
/// by its way here, and by the time for which it waited before that: the one that seems to be the
/// latest is the best. Half the shortest round trip stands for its way.
///
/// Lives on monotonic time, so that setting our clock does not mislead it.
class ClockOffset {
public:
    /// How long a time that the server said is believed: clocks drift apart.
    static constexpr Milliseconds BestBefore{600'000};

    /// It is another server, or may be.
    void forget() { *this = {}; }
    /// Something came at \a now that says it was \a serverTime then, in ms since the epoch; 0: it
    /// does not say. Whether that changed the estimate.
    bool heard(std::int64_t serverTime, Instant now);
    /// The server was a round trip of twice \a halfTrip ms away. Whether that changed the estimate.
    bool measured(double halfTrip);

    /// The server's clock minus ours in ms, if ours says \a wall at \a now; nothing while the
    /// server has not told its time.
    std::optional<double> at(Instant now, Milliseconds wall) const;

private:
    std::optional<double> m_best; ///< server's time minus monotonic time, ms
    Instant m_heardAt{};
    std::optional<double> m_halfTrip; ///< the shortest
};

} // namespace Dispatch

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "clock_p.h"

#include <cstdint>
#include <optional>

namespace Dispatch {

/// When what a connected client has proved by a token stops to hold. The end is told by the clock
/// on the wall, but waited for by one that never jumps.
class Expiry {
public:
    enum class Action {
        None,
        AskForToken, ///< the token has ended; given once
        Close, ///< no other one came within the grace
    };

    /// A token was accepted at \a now, when the wall's clock showed \a wall; it ends at
    /// \a expiresAt, in seconds since the epoch, or never if that is 0.
    void renew(std::int64_t expiresAt, std::chrono::system_clock::time_point wall, TimePoint now);

    /// What is to be done at \a now.
    Action check(TimePoint now, Duration grace);
    /// The question may have been lost with a connection: if there was one, there is another,
    /// and the grace goes on.
    void askAgain() { m_hasAsked = false; }

private:
    TimePoint m_end = TimePoint::max();
    std::optional<TimePoint> m_askedFirst;
    bool m_hasAsked = false; ///< on this connection
};

} // namespace Dispatch

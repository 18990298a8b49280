// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "instant_p.h"

#include <cstdint>
#include <optional>

namespace Dispatch {

/// Decides when to ask the server for a sign of life and when to take it for dead. Anything that
/// comes in is life; what goes out proves nothing.
class Heartbeat {
public:
    enum class Verdict { Fine, SendPing, Dead };

    void setTimes(Milliseconds interval, Milliseconds timeout);
    Milliseconds interval() const { return m_interval; }
    Milliseconds timeout() const { return m_timeout; }

    /// A connection came about. \a wall is the calendar's time: it goes on while the machine
    /// sleeps.
    void start(Instant now, Milliseconds wall);
    /// Something came in.
    void heard(Instant now);

    /// To be called about every checkInterval(). After SendPing the caller sends pingId().
    Verdict check(Instant now, Milliseconds wall);
    Milliseconds checkInterval() const;

    /// A ping, for its round trip, as after a check that said SendPing.
    std::uint32_t sendPing(Instant now);
    std::uint32_t pingId() const { return m_pingId; }
    /// The answer to ping \a id came. Half the round trip, or nothing for an answer to an old ping.
    std::optional<std::chrono::duration<double, std::milli>> pong(std::uint32_t id, Instant now);

private:
    bool clockJumped(Instant now, Milliseconds wall) const;

    Milliseconds m_interval{25'000};
    Milliseconds m_timeout{10'000};
    Instant m_lastHeard{};
    Instant m_lastCheck{};
    Milliseconds m_lastWall{};
    std::optional<Instant> m_deadline; ///< for a sign of life
    Instant m_pingSent{};
    std::uint32_t m_pingId = 0;
    bool m_pongDue = false;
};

} // namespace Dispatch

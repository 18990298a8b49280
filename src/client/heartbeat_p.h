// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "instant_p.h"

#include <cstdint>
#include <optional>

namespace Dispatch {

/// Decides when to ask the server for a sign of life, and notices that the connection is dead,
/// whatever TCP believes (docs/protocol.md, "Heartbeat"). Anything that comes in shows that we hear
/// the server; only the answer to a ping shows that it hears us; what goes out proves nothing.
class Heartbeat {
public:
    enum class Verdict {
        Fine,
        SendPing,
        Silent, ///< nothing comes any more
        Deaf, ///< something comes, but no answer
    };

    void setTimes(Milliseconds interval, Milliseconds timeout);
    Milliseconds interval() const { return m_interval; }
    Milliseconds timeout() const { return m_timeout; }

    /// A connection came about.
    void start(Instant now);
    /// Something came in.
    void heard(Instant now);
    /// Bytes of ours leave that could not leave before: answers can't have come yet.
    void progressed(Instant now);
    /// What comes in is not looked at, for a reason of our own: it proves nothing against the
    /// server.
    void excuse(Instant now);
    /// There is doubt whether the server is still there: the next answer has less time, and what
    /// comes before it may have been on its way for long. True if a ping is needed for that: the
    /// caller calls sendPing().
    bool probe();

    /// To be called about every checkInterval(). After SendPing the caller calls sendPing().
    Verdict check(Instant now) const;
    Milliseconds checkInterval() const;

    /// A ping leaves; its id.
    std::uint32_t sendPing(Instant now);
    /// The answer to ping \a id came. Half the round trip, or nothing for an answer to an old ping.
    std::optional<std::chrono::duration<double, std::milli>> pong(std::uint32_t id, Instant now);

private:
    Milliseconds patience() const;

    Milliseconds m_interval{25'000};
    Milliseconds m_timeout{10'000};
    bool m_isProbing = false;
    std::optional<Instant> m_deadline; ///< for a sign of life
    std::optional<Instant> m_unansweredSince;
    Instant m_pingSent{};
    std::uint32_t m_pingId = 0;
    std::uint32_t m_answeredId = 0;
};

} // namespace Dispatch

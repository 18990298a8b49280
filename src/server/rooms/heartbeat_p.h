// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "clock_p.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace Dispatch {

/// Notices that a peer is gone, whatever TCP believes, and measures the way to it
/// (docs/protocol.md, "Heartbeat"). Anything that comes in shows that we hear the peer; only the
/// answer to a ping shows that it hears us.
class Heartbeat {
public:
    enum class Action { None, Ping, Dead };

    /// Pings at once, and from then on every \a interval; \a spread in [0, 1) keeps peers that
    /// came together from being pinged together for ever.
    Heartbeat(Duration interval, Duration timeout, TimePoint now, double spread);

    /// What is to be done at \a now by one who was last heard at \a lastHeard.
    Action check(TimePoint now, TimePoint lastHeard) const;

    /// The peer has not taken yet what waits for it, and so can't have answered. How long that may
    /// last is for others to say.
    void excuse(TimePoint now);

    /// Notes that a ping leaves at \a now; returns its payload.
    std::string ping(TimePoint now);
    /// Notes an answer. False if it measures nothing: it is to an older ping, or nobody asked.
    bool pong(TimePoint now, std::string_view payload);

    /// Zero until the first answer.
    Duration halfRoundTrip() const { return m_halfRoundTrip; }

private:
    Duration m_interval;
    Duration m_timeout;
    Duration m_halfRoundTrip{};
    TimePoint m_nextPing;
    TimePoint m_lastPing;
    std::optional<TimePoint> m_unansweredSince;
    double m_spread;
    std::uint32_t m_sequence = 0;
    std::uint32_t m_answered = 0; // the latest that was
};

} // namespace Dispatch

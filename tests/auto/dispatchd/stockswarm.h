// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

/// Many clients as those of the original, on a thread of their own: they come back a fixed time
/// after a close, without jitter, a limited number of times in a row, and never after 1000, 1001
/// and 1005. Some of them emit "tick" with [own number, 1], [own number, 2]...
class StockSwarm {
public:
    using Clock = std::chrono::steady_clock;

    static constexpr std::chrono::seconds RetryDelay{5};
    static constexpr int MaxAttempts = 10;

    /// What one client went through.
    struct Client {
        int number = 0;
        int room = 0;
        std::vector<Clock::time_point> joined;
        std::vector<Clock::time_point> closed; ///< of connections that had joined
        std::vector<int> closeCodes; ///< of these; 0: there was no close frame
        int farewells = 0; ///< ERROR events that say 'draining'
        int ticks = 0; ///< heard
        int gaps = 0; ///< ticks of one emitter that did not follow each other on one connection
        bool isLost = false; ///< it will never come back
    };

    /// Connects \a clients to \a port of loopback, spread over \a rooms: "room0", "room1"...
    StockSwarm(std::uint16_t port, int clients, int rooms);
    ~StockSwarm();

    // These may be called on any thread.
    int connected() const;
    int lost() const;

    /// Stops all, and says what they went through.
    std::vector<Client> stop();

private:
    class Private;
    const std::unique_ptr<Private> d;
};

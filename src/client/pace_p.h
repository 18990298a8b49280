// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "extendedreader_p.h"
#include "instant_p.h"

#include <algorithm>
#include <cstddef>

namespace Dispatch {

/// Says when a message may be sent, so that the server, which has told its rates, refuses none for
/// coming too soon (docs/protocol.md, "Limits"). Both sides count by token buckets that are full
/// when the connection begins. Ours is smaller, by what flows in in a second, or by half: what was
/// sent evenly arrives in heaps.
class Pace {
public:
    /// A connection begins, to a server that has told \a rates.
    void start(const SendingRates &rates)
    {
        m_messages = Bucket(rates.messagesPerSecond, rates.messageBurst);
        m_bytes = Bucket(rates.bytesPerSecond, rates.byteBurst);
    }

    /// How long to wait before a message of \a bytes is sent; 0: not at all.
    Instant wait(std::size_t bytes, Instant now) const
    {
        return std::max(m_messages.wait(1, now), m_bytes.wait(bytes, now));
    }
    /// A message of \a bytes was sent, whether it should have waited or not.
    void sent(std::size_t bytes, Instant now)
    {
        m_messages.take(1, now);
        m_bytes.take(bytes, now);
    }

private:
    /// A bucket of tokens, as the time when it will be full again.
    class Bucket {
    public:
        /// No limit.
        Bucket() = default;
        /// No limit if \a perSecond is 0.
        Bucket(std::uint64_t perSecond, std::uint64_t burst)
        {
            if (perSecond == 0)
                return;
            constexpr double Second = 1e9;
            m_each = Second / double(perSecond);
            const double all = m_each * double(std::max<std::uint64_t>(burst, 1));
            m_burst = std::min(std::max({all / 2, all - Second, m_each}), Longest);
        }

        Instant wait(std::size_t amount, Instant now) const
        {
            const double cost = costOf(amount);
            // More than a whole bucket is had from a full one.
            const double ns = missing(now) + cost - std::max(m_burst, cost);
            return Instant(std::max<Instant::rep>(Instant::rep(std::min(ns, Longest)), 0));
        }
        void take(std::size_t amount, Instant now)
        {
            m_fullAt = double(now.count()) + std::min(missing(now) + costOf(amount), Longest);
        }

    private:
        /// A server may tell any rate; nobody waits for more than a day.
        static constexpr double Longest = 86'400e9;

        double costOf(std::size_t amount) const { return m_each * double(amount); }
        double missing(Instant now) const { return std::max(m_fullAt - double(now.count()), 0.0); }

        double m_each = 0; ///< ns in which one flows in
        double m_burst = 0; ///< ns in which an empty one fills
        double m_fullAt = 0;
    };

    Bucket m_messages;
    Bucket m_bytes;
};

} // namespace Dispatch

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "greetingmessage_p.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace Dispatch {

/// What became of the numbered messages of a client (docs/protocol-extended.md, "Emits"). As their
/// numbers have no gaps, the last one says which were dealt with.
class EmitLedger {
public:
    /// Refused ones that are remembered.
    static constexpr std::size_t MostRefused = 100;
    /// An acknowledgement is sent after so many, whether somebody waits for it or not.
    static constexpr std::uint64_t MostUnacknowledged = 64;

    enum class Verdict {
        Next, ///< to be dealt with
        Repeated, ///< was dealt with
        Gap, ///< one before it is missing
    };
    struct Ack {
        std::uint64_t emit = 0; ///< it, and all before it
        std::uint64_t seq = 0; ///< its number in the shard; 0: it has none

        bool operator==(const Ack &) const = default;
    };

    Verdict judge(std::uint64_t emit) const;
    /// \a emit is next: it is not taken again.
    void take(std::uint64_t emit);
    /// \a emit and all before it were dealt with; it became the event \a seq of the shard, or none.
    void settle(std::uint64_t emit, std::uint64_t seq) { m_settled = {emit, seq}; }
    void refuse(std::uint64_t emit, Refusal refusal);
    /// Goes on where another server has left off: \a last was the last one that became an event.
    /// The client knows what became of those behind it that it does not repeat. Of all that were \a
    /// refused nobody knows anything before \a since.
    void resumeAt(std::uint64_t last, std::vector<RefusedEmit> refused, std::uint64_t since);
    /// The last one that was taken.
    std::uint64_t last() const { return m_last; }
    /// The last one that was dealt with.
    std::uint64_t settled() const { return m_settled.emit; }

    /// Somebody waits for the acknowledgement of what was taken.
    void wantAck() { m_isAckWanted = true; }
    /// The client asks again for what was dealt with.
    void repeatAck()
    {
        m_isAckWanted = true;
        m_isRepeated = true;
    }
    bool isAckDue() const
    {
        return hasUnacknowledged()
            && (m_isAckWanted || m_settled.emit - m_acknowledged >= MostUnacknowledged);
    }
    bool hasUnacknowledged() const { return m_settled.emit > m_acknowledged || m_isRepeated; }
    /// What is acknowledged now.
    Ack takeAck();

    /// The latest ones.
    const std::vector<RefusedEmit> &refused() const { return m_refused; }
    /// The emit from which on refused() has all; 1 unless some were forgotten.
    std::uint64_t refusedSince() const { return m_refusedSince; }

private:
    std::uint64_t m_last = 0;
    Ack m_settled;
    std::vector<RefusedEmit> m_refused;
    std::uint64_t m_refusedSince = 1;
    std::uint64_t m_acknowledged = 0;
    bool m_isAckWanted = false;
    bool m_isRepeated = false;
    bool m_mayJump = false; // whichever comes next goes on
};

} // namespace Dispatch

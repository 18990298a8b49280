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
    static constexpr int MostUnacknowledged = 64;

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
    /// The next one counts as dealt with.
    void take();
    /// The last one became the event \a seq of the shard.
    void setSeq(std::uint64_t seq) { m_last.seq = seq; }
    void refuse(Refusal refusal);
    std::uint64_t last() const { return m_last.emit; }

    void wantAck() { m_isAckWanted = true; }
    bool isAckDue() const { return m_isAckWanted || m_unacknowledged >= MostUnacknowledged; }
    bool hasUnacknowledged() const { return m_isAckWanted || m_unacknowledged > 0; }
    /// What is acknowledged now.
    Ack takeAck();

    /// The latest ones.
    const std::vector<RefusedEmit> &refused() const { return m_refused; }
    /// The emit from which on refused() has all; 1 unless some were forgotten.
    std::uint64_t refusedSince() const { return m_refusedSince; }

private:
    Ack m_last;
    std::vector<RefusedEmit> m_refused;
    std::uint64_t m_refusedSince = 1;
    int m_unacknowledged = 0;
    bool m_isAckWanted = false;
};

} // namespace Dispatch

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "outbox_p.h"

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

namespace Dispatch {

/// The events that were sent and whose fate is not known yet, by their numbers
/// (docs/protocol-extended.md, "Emits").
class InFlight {
public:
    struct Event {
        std::uint64_t number = 0;
        Outbox::Entry entry;
    };
    /// An event that the server accepted.
    struct Accepted {
        std::uint64_t number = 0;
        Outbox::Entry entry;
        std::uint64_t seq = 0; ///< its number in the shard; 0: it has none, or none was told
    };

    /// The number that the next event gets.
    std::uint64_t nextNumber() const { return m_lastNumber + 1; }
    /// \a entry was sent under nextNumber(), and \a asked the server for an acknowledgement or not.
    void add(Outbox::Entry entry, bool asked = false);
    /// Whether \a entry has to ask for one: half of what \a policy allows was sent since the last
    /// one that did. So the answer is there, mostly, before anything has to wait for it.
    bool hasToAsk(const Outbox::Entry &entry, const DispatchQueuePolicy &policy) const;

    /// The server has dealt with all up to \a number, the last of which is \a seq in the shard, or
    /// 0. What it refused of them was taken out before.
    std::vector<Accepted> acknowledge(std::uint64_t number, std::uint64_t seq);
    /// Takes out \a number; nothing if it is not in flight.
    std::optional<Outbox::Entry> take(std::uint64_t number);
    /// There is nobody any more who could say what became of these. Numbers begin anew.
    std::vector<Outbox::Entry> abandon();

    const std::deque<Event> &events() const { return m_events; }
    bool isEmpty() const { return m_events.empty(); }
    qsizetype size() const { return qsizetype(m_events.size()); }
    qint64 bytes() const { return m_bytes; }

private:
    std::deque<Event> m_events;
    std::uint64_t m_lastNumber = 0;
    qint64 m_bytes = 0;
    qsizetype m_unasked = 0; ///< sent since one asked
    qint64 m_unaskedBytes = 0;
};

} // namespace Dispatch

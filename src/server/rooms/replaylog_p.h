// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "outboundqueue_p.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <optional>
#include <vector>

namespace Dispatch {

/// How much is kept of what somebody may have missed.
struct ReplayBounds {
    std::size_t events = 0;
    std::size_t bytes = 0;
};

/// Events that go out again, in the bytes that others got.
struct Replay {
    std::uint64_t first = 0; ///< the number of the first one ...
    std::uint64_t last = 0; ///< ... and of the last one
    Chunk frames;

    /// Those up to \a seq, which is one of them but not the last; they are not in this one any
    /// more.
    Chunk takeUntil(std::uint64_t seq);
};

/// The latest events of a shard. They are kept in the chunks in which the members got them, each of
/// which has one event or more.
class ReplayLog {
public:
    /// Goes on behind the event \a last, without those before.
    explicit ReplayLog(std::uint64_t last = 0)
        : m_last(last)
    {
    }

    /// The events behind last(), \a count of them, were sent as \a frames.
    void append(Chunk frames, std::size_t count, const ReplayBounds &bounds);

    /// The number of the last event; 0 if there was none.
    std::uint64_t last() const { return m_last; }
    /// How many of the latest events are there.
    std::size_t size() const { return m_events; }
    std::size_t bytes() const { return m_bytes; }
    /// All events behind \a seq; nothing if one of them is not there.
    std::optional<std::vector<Replay>> after(std::uint64_t seq) const;

private:
    struct Entry {
        std::uint64_t first = 0;
        std::size_t count = 0;
        Chunk frames;
    };

    std::deque<Entry> m_entries;
    std::uint64_t m_last;
    std::size_t m_events = 0;
    std::size_t m_bytes = 0;
};

/// The latest events for one client as a recipient.
class DirectLog {
public:
    /// There were \a last ones before, that are not there any more.
    explicit DirectLog(std::uint64_t last = 0)
        : m_last(last)
    {
    }

    struct Entry {
        std::uint64_t afterSeq = 0; ///< it came behind this event of the shard
        Chunk frames;
    };

    void append(std::uint64_t afterSeq, Chunk frames, const ReplayBounds &bounds);

    /// How many there were ever.
    std::uint64_t last() const { return m_last; }
    std::size_t size() const { return m_entries.size(); }
    std::size_t bytes() const { return m_bytes; }
    /// All events behind the first \a direct ones; nothing if one of them is not there.
    std::optional<std::vector<Entry>> after(std::uint64_t direct) const;

private:
    std::list<Entry> m_entries; // takes no memory as long as it is empty, as most are
    std::uint64_t m_last;
    std::size_t m_bytes = 0;
};

} // namespace Dispatch

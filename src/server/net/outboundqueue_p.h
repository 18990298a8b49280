// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "clock_p.h"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace Dispatch {

/// Bytes that wait for one or for many; shared, never changed.
using Chunk = std::shared_ptr<const std::string>;

/// What one client still has to get, in order, and whether it takes it.
class OutboundQueue {
public:
    bool isEmpty() const { return m_bytes == 0; }
    std::size_t bytes() const { return m_bytes; }

    void push(Chunk chunk, TimePoint now);
    /// Fills \a pieces with what comes first; returns how many it filled.
    std::size_t gather(std::span<std::string_view> pieces) const;
    /// Forgets the first \a bytes, which were taken at \a now.
    void consume(std::size_t bytes, TimePoint now);
    void clear();

    /// Tells whether something waits and nothing was taken for \a timeout.
    bool isStalled(TimePoint now, Duration timeout) const;

private:
    std::vector<Chunk> m_chunks;
    std::size_t m_head = 0; // the first chunk that is not done
    std::size_t m_offset = 0; // what is done of it
    std::size_t m_bytes = 0;
    TimePoint m_progress; // when something was taken, or began to wait
};

} // namespace Dispatch

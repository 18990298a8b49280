// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "refusal_p.h"

#include <atomic>
#include <cstdint>
#include <vector>

namespace Dispatch {

/// A number that one thread counts up and others may read.
class Counter {
public:
    void add(std::int64_t n = 1)
    {
        // One writer: no need for the price of an atomic increment.
        m_value.store(m_value.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
    }
    std::int64_t value() const { return m_value.load(std::memory_order_relaxed); }

private:
    std::atomic<std::int64_t> m_value{0};
};

/// What one thread of the server has done.
struct Counters {
    Counter joins;
    Counter refusedJoins;
    Counter failedHandshakes;
    Counter eventsReceived;
    Counter eventsDelivered;
    Counter bytesReceived;
    Counter bytesSent;
    Counter refusedMessages;
    Counter slowClientsDropped;
    Counter deadClientsDropped;
    Counter presenceListsTruncated;

    Counter &refused(Refusal refusal) { return m_refused[static_cast<std::size_t>(refusal)]; }
    const Counter &refused(Refusal refusal) const
    {
        return m_refused[static_cast<std::size_t>(refusal)];
    }

private:
    std::vector<Counter> m_refused = std::vector<Counter>(refusals().size());
};

} // namespace Dispatch

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <atomic>
#include <cstdint>

namespace Dispatch {

/// A number that one thread counts up and others may read.
class Counter {
public:
    Counter() = default;
    /// A copy is what it has counted until now.
    Counter(const Counter &other)
        : m_value(other.value())
    {
    }
    Counter &operator=(const Counter &other)
    {
        m_value.store(other.value(), std::memory_order_relaxed);
        return *this;
    }
    void add(std::int64_t n = 1)
    {
        // One writer: no need for the price of an atomic increment.
        m_value.store(m_value.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
    }
    std::int64_t value() const { return m_value.load(std::memory_order_relaxed); }

private:
    std::atomic<std::int64_t> m_value{0};
};

/// A number that one thread sets and others may read.
class Gauge {
public:
    void set(std::int64_t value) { m_value.store(value, std::memory_order_relaxed); }
    std::int64_t value() const { return m_value.load(std::memory_order_relaxed); }

private:
    std::atomic<std::int64_t> m_value{0};
};

} // namespace Dispatch

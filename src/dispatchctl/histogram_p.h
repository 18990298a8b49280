// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace Dispatch::Ctl {

/// How often which value came, in a fixed amount of memory: a value is known to 1/64 of itself.
class Histogram {
public:
    void add(std::uint64_t value);
    void add(const Histogram &other);

    std::uint64_t count() const { return m_count; }
    std::uint64_t maximum() const { return m_maximum; }
    /// The least value that \a share (0 to 1) of all values do not exceed; 0 if there is none.
    std::uint64_t quantile(double share) const;

private:
    static constexpr int SubBits = 6; // 64 buckets for each power of two
    static constexpr std::size_t Sub = std::size_t(1) << SubBits;
    static constexpr std::size_t Buckets = (64 - SubBits + 1) * Sub;

    static std::size_t bucketOf(std::uint64_t value);
    static std::uint64_t upperBound(std::size_t bucket);

    std::array<std::uint64_t, Buckets> m_counts{};
    std::uint64_t m_count = 0;
    std::uint64_t m_maximum = 0;
};

} // namespace Dispatch::Ctl

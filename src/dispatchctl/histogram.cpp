// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "histogram_p.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace Dispatch::Ctl {

/// Values below 64 have a bucket each; above, the six bits behind the first one choose it.
std::size_t Histogram::bucketOf(std::uint64_t value)
{
    if (value < Sub)
        return std::size_t(value);
    const int shift = std::bit_width(value) - 1 - SubBits;
    return std::size_t(shift) * Sub + std::size_t(value >> shift);
}

std::uint64_t Histogram::upperBound(std::size_t bucket)
{
    if (bucket < Sub)
        return bucket;
    const std::size_t shift = bucket / Sub - 1;
    const std::uint64_t first = std::uint64_t(bucket - shift * Sub) << shift;
    return first + ((std::uint64_t(1) << shift) - 1);
}

void Histogram::add(std::uint64_t value)
{
    ++m_counts[bucketOf(value)];
    ++m_count;
    m_maximum = std::max(m_maximum, value);
}

void Histogram::add(const Histogram &other)
{
    for (std::size_t i = 0; i < Buckets; ++i)
        m_counts[i] += other.m_counts[i];
    m_count += other.m_count;
    m_maximum = std::max(m_maximum, other.m_maximum);
}

std::uint64_t Histogram::quantile(double share) const
{
    if (m_count == 0)
        return 0;
    const double exact = std::ceil(std::clamp(share, 0.0, 1.0) * double(m_count));
    const auto rank = std::max<std::uint64_t>(std::uint64_t(exact), 1);
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < Buckets; ++i) {
        seen += m_counts[i];
        if (seen >= rank)
            return std::min(upperBound(i), m_maximum);
    }
    return m_maximum;
}

} // namespace Dispatch::Ctl

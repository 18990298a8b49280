// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "departures_p.h"

#include "refusal_p.h"

#include <algorithm>

namespace Dispatch {

namespace {

std::vector<std::string_view> makeReasons()
{
    std::vector<std::string_view> reasons{"closed", "lost", info(Refusal::BadMessage).slug,
                                          info(Refusal::BadParameters).slug};
    for (const RefusalInfo &row : refusals()) {
        if (row.closeCode)
            reasons.push_back(row.slug);
    }
    reasons.emplace_back("other");
    return reasons;
}

std::size_t indexOf(std::string_view reason)
{
    const auto reasons = Departures::reasons();
    const auto place = std::ranges::find(reasons, reason);
    return static_cast<std::size_t>(std::min(place, reasons.end() - 1) - reasons.begin());
}

} // namespace

std::span<const std::string_view> Departures::reasons()
{
    static const std::vector<std::string_view> reasons = makeReasons();
    return reasons;
}

void Departures::add(std::string_view reason)
{
    m_counters[indexOf(reason)].add();
}

void Departures::add(const Departures &other)
{
    for (std::size_t i = 0; i < m_counters.size(); ++i)
        m_counters[i].add(other.m_counters[i].value());
}

std::int64_t Departures::of(std::string_view reason) const
{
    return m_counters[indexOf(reason)].value();
}

} // namespace Dispatch

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "counter_p.h"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace Dispatch {

/// Counts connections that ended, by reason.
class Departures {
public:
    /// All that are told apart: "closed", "lost", slugs of refusals, and "other".
    static std::span<const std::string_view> reasons();

    void add(std::string_view reason);
    void add(const Departures &other);
    /// Of a reason that is told apart.
    std::int64_t of(std::string_view reason) const;

private:
    std::vector<Counter> m_counters = std::vector<Counter>(reasons().size());
};

} // namespace Dispatch

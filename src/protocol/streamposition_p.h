// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace Dispatch {

/// Numbers on the wire stay below what a JavaScript number holds exactly.
inline constexpr std::uint64_t HighestNumber = (std::uint64_t(1) << 53) - 1;

/// Up to where a client has dealt with what was sent to it.
struct StreamPosition {
    std::uint64_t epoch = 0; ///< which life of the shard
    std::uint64_t seq = 0; ///< the last event of the shard
    std::uint64_t direct = 0; ///< how many events for the client as a recipient

    bool operator==(const StreamPosition &) const = default;
};

/// An epoch as it is written: 16 hexadecimal digits.
std::string epochText(std::uint64_t epoch);
std::optional<std::uint64_t> parseEpoch(std::string_view text);

/// A whole number from 0 to HighestNumber, in decimal digits without zeros in front.
std::optional<std::uint64_t> parseNumber(std::string_view text);

} // namespace Dispatch

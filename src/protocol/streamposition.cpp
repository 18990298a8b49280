// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "streamposition_p.h"

#include <array>
#include <charconv>

namespace Dispatch {

namespace {

constexpr std::size_t EpochDigits = 16;
constexpr int Hexadecimal = 16;

} // namespace

std::string epochText(std::uint64_t epoch)
{
    std::array<char, EpochDigits> digits;
    const char *end =
        std::to_chars(digits.data(), digits.data() + digits.size(), epoch, Hexadecimal).ptr;
    const auto size = static_cast<std::size_t>(end - digits.data());
    return std::string(EpochDigits - size, '0').append(digits.data(), size);
}

std::optional<std::uint64_t> parseEpoch(std::string_view text)
{
    if (text.size() != EpochDigits
        || text.find_first_not_of("0123456789abcdef") != std::string_view::npos) {
        return std::nullopt;
    }
    std::uint64_t epoch = 0;
    std::from_chars(text.data(), text.data() + text.size(), epoch, Hexadecimal);
    return epoch;
}

std::optional<std::uint64_t> parseNumber(std::string_view text)
{
    if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos
        || (text.front() == '0' && text.size() > 1)) {
        return std::nullopt;
    }
    std::uint64_t number = 0;
    const auto result = std::from_chars(text.data(), text.data() + text.size(), number);
    if (result.ec != std::errc() || number > HighestNumber)
        return std::nullopt;
    return number;
}

} // namespace Dispatch

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "eventnames_p.h"

#include <array>

namespace Dispatch {

namespace {

using namespace std::string_view_literals;

// All that becomes '@' under Unicode's compatibility forms: the sign itself, its full-width
// and its small variant.
constexpr std::array AtSigns = {"@"sv, "\xEF\xBC\xA0"sv, "\xEF\xB9\xAB"sv};

// White space that a sloppy receiver would trim (Unicode White_Space, and the zero-width ones).
constexpr std::array Spaces = {" "sv,
                               "\t"sv,
                               "\n"sv,
                               "\v"sv,
                               "\f"sv,
                               "\r"sv,
                               "\0"sv,
                               "\xC2\x85"sv,
                               "\xC2\xA0"sv,
                               "\xE1\x9A\x80"sv,
                               "\xE2\x80\x80"sv,
                               "\xE2\x80\x81"sv,
                               "\xE2\x80\x82"sv,
                               "\xE2\x80\x83"sv,
                               "\xE2\x80\x84"sv,
                               "\xE2\x80\x85"sv,
                               "\xE2\x80\x86"sv,
                               "\xE2\x80\x87"sv,
                               "\xE2\x80\x88"sv,
                               "\xE2\x80\x89"sv,
                               "\xE2\x80\x8A"sv,
                               "\xE2\x80\x8B"sv,
                               "\xE2\x80\x8C"sv,
                               "\xE2\x80\x8D"sv,
                               "\xE2\x80\xA8"sv,
                               "\xE2\x80\xA9"sv,
                               "\xE2\x80\xAF"sv,
                               "\xE2\x81\x9F"sv,
                               "\xE2\x81\xA0"sv,
                               "\xE3\x80\x80"sv,
                               "\xEF\xBB\xBF"sv};

template<std::size_t N>
bool consumeOneOf(std::string_view &text, const std::array<std::string_view, N> &candidates)
{
    for (std::string_view candidate : candidates) {
        if (text.starts_with(candidate)) {
            text.remove_prefix(candidate.size());
            return true;
        }
    }
    return false;
}

} // namespace

bool EventName::isReserved(std::string_view name)
{
    while (consumeOneOf(name, Spaces)) { }
    return consumeOneOf(name, AtSigns) && consumeOneOf(name, AtSigns);
}

} // namespace Dispatch

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "eventnames_p.h"

#include "text_p.h"

#include <algorithm>
#include <array>

namespace Dispatch {

namespace {

struct Range {
    char32_t first;
    char32_t last;
};

// All that becomes '@' under Unicode's compatibility forms: the sign itself, its full-width
// and its small variant.
constexpr std::array AtSigns = {Range{0x40, 0x40}, Range{0xFE6B, 0xFE6B}, Range{0xFF20, 0xFF20}};

// What a receiver that compares names loosely does not see: Unicode's default ignorable code
// points, and control characters that are no white space.
constexpr std::array Invisible = {
    Range{0x00, 0x08},      Range{0x0E, 0x1F},     Range{0x7F, 0x84},       Range{0x86, 0x9F},
    Range{0xAD, 0xAD},      Range{0x34F, 0x34F},   Range{0x61C, 0x61C},     Range{0x115F, 0x1160},
    Range{0x17B4, 0x17B5},  Range{0x180B, 0x180F}, Range{0x200B, 0x200F},   Range{0x202A, 0x202E},
    Range{0x2060, 0x206F},  Range{0x3164, 0x3164}, Range{0xFE00, 0xFE0F},   Range{0xFEFF, 0xFEFF},
    Range{0xFFA0, 0xFFA0},  Range{0xFFF0, 0xFFF8}, Range{0x1BCA0, 0x1BCA3}, Range{0x1D173, 0x1D17A},
    Range{0xE0000, 0xE0FFF}};

// Unicode's White_Space: what a receiver may trim.
constexpr std::array Spaces = {Range{0x09, 0x0D},     Range{0x20, 0x20},     Range{0x85, 0x85},
                               Range{0xA0, 0xA0},     Range{0x1680, 0x1680}, Range{0x2000, 0x200A},
                               Range{0x2028, 0x2029}, Range{0x202F, 0x202F}, Range{0x205F, 0x205F},
                               Range{0x3000, 0x3000}};

template<std::size_t N>
bool isIn(const std::array<Range, N> &ranges, char32_t c)
{
    return std::ranges::any_of(
        ranges, [c](const Range &range) { return range.first <= c && c <= range.last; });
}

bool isHarmlessLetter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

} // namespace

bool EventName::isReserved(std::string_view name)
{
    // Nearly all names are done here.
    if (!name.empty() && isHarmlessLetter(name.front()))
        return false;
    int signs = 0;
    while (!name.empty() && signs < 2) {
        const char32_t c = Text::takeCodePoint(name);
        if (isIn(AtSigns, c))
            ++signs;
        else if (!isIn(Invisible, c) && !(signs == 0 && isIn(Spaces, c)))
            return false;
    }
    return signs == 2;
}

} // namespace Dispatch

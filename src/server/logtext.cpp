// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "logtext_p.h"

#include "text_p.h"

namespace Dispatch {

namespace {

constexpr std::string_view HexDigits = "0123456789abcdef";
constexpr std::string_view Cut = "...";

bool mustBeEscaped(char32_t c)
{
    const bool isControl = c < 0x20 || (c >= 0x7F && c < 0xA0);
    const bool endsLine = c == 0x2028 || c == 0x2029;
    const bool turnsText = c == 0x61C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E)
        || (c >= 0x2066 && c <= 0x2069);
    return isControl || endsLine || turnsText || c == Text::InvalidCodePoint;
}

std::string escaped(char32_t c, std::string_view bytes)
{
    const auto hex = [](unsigned value, int digits) {
        std::string out;
        for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4)
            out += HexDigits[value >> shift & 0xF];
        return out;
    };
    if (c == '"' || c == '\\')
        return {'\\', static_cast<char>(c)};
    if (!mustBeEscaped(c))
        return std::string(bytes);
    if (c == Text::InvalidCodePoint)
        return "\\x" + hex(static_cast<unsigned char>(bytes.front()), 2);
    return "\\u" + hex(c, 4);
}

} // namespace

std::string escapedForLog(std::string_view untrusted)
{
    std::string out;
    std::size_t fits = 0; // what may stay if it has to be cut
    while (!untrusted.empty()) {
        const std::string_view before = untrusted;
        const char32_t c = Text::takeCodePoint(untrusted);
        out += escaped(c, before.substr(0, before.size() - untrusted.size()));
        if (out.size() > LoggedBytes) {
            out.resize(fits);
            return out.append(Cut);
        }
        if (out.size() + Cut.size() <= LoggedBytes)
            fits = out.size();
    }
    return out;
}

} // namespace Dispatch

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "text_p.h"

#include <simdjson.h>

#include <algorithm>

namespace Dispatch {

namespace {

constexpr std::string_view HexDigits = "0123456789ABCDEF";

bool isContinuation(char c)
{
    return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

int hexValue(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool isUnreserved(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-'
        || c == '.' || c == '_' || c == '~';
}

} // namespace

bool Text::isValidUtf8(std::string_view text)
{
    return simdjson::validate_utf8(text.data(), text.size());
}

std::size_t Text::utf16Length(std::string_view text)
{
    std::size_t units = 0;
    for (char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        // One unit for the first byte of each code point, another where it takes four.
        units += (byte & 0xC0) != 0x80;
        units += byte >= 0xF0;
    }
    return units;
}

char32_t Text::takeCodePoint(std::string_view &text)
{
    constexpr std::size_t Longest = 4;
    const auto first = static_cast<unsigned char>(text.front());
    const std::size_t bytes = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : Longest;
    if (bytes > text.size() || !isValidUtf8(text.substr(0, bytes))) {
        text.remove_prefix(1);
        return InvalidCodePoint;
    }
    char32_t codePoint = bytes == 1 ? first : first & (0x7F >> bytes);
    for (std::size_t i = 1; i < bytes; ++i)
        codePoint = codePoint << 6 | (static_cast<unsigned char>(text[i]) & 0x3F);
    text.remove_prefix(bytes);
    return codePoint;
}

std::size_t Text::cutBefore(std::string_view text, std::size_t limit)
{
    if (text.size() <= limit)
        return text.size();
    while (limit > 0 && isContinuation(text[limit]))
        --limit;
    return limit;
}

bool Text::hasControlCharacter(std::string_view text)
{
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (byte < 0x20 || byte == 0x7F)
            return true;
        // C1, U+0080 to U+009F, is C2 80 to C2 9F.
        if (byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0)
            return true;
    }
    return false;
}

void Text::appendJsonString(std::string &out, std::string_view text)
{
    out += '"';
    for (char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (byte < 0x20) {
            out += "\\u00";
            out += HexDigits[byte >> 4];
            out += HexDigits[byte & 0xF];
        } else {
            out += c;
        }
    }
    out += '"';
}

std::string Text::jsonString(std::string_view text)
{
    std::string out;
    out.reserve(text.size() + 2);
    appendJsonString(out, text);
    return out;
}

bool Text::containsFolded(std::string_view text, std::string_view part)
{
    const auto folded = [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    };
    return part.empty() || !std::ranges::search(text, part, {}, folded, folded).empty();
}

std::string Text::percentEncoded(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (char c : text) {
        if (isUnreserved(c)) {
            out += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            out += '%';
            out += HexDigits[byte >> 4];
            out += HexDigits[byte & 0xF];
        }
    }
    return out;
}

std::string Text::percentDecoded(std::string_view text, bool plusIsSpace)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size() && hexValue(text[i + 1]) >= 0
            && hexValue(text[i + 2]) >= 0) {
            out += static_cast<char>(hexValue(text[i + 1]) * 16 + hexValue(text[i + 2]));
            i += 2;
        } else if (text[i] == '+' && plusIsSpace) {
            out += ' ';
        } else {
            out += text[i];
        }
    }
    return out;
}

bool Text::hasBrokenEscape(std::string_view text)
{
    for (auto at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 1)) {
        if (at + 2 >= text.size() || hexValue(text[at + 1]) < 0 || hexValue(text[at + 2]) < 0)
            return true;
    }
    return false;
}

} // namespace Dispatch

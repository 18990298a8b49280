// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// Small questions about UTF-8 text.
namespace Dispatch::Text {

bool isValidUtf8(std::string_view text);

/// The length of valid UTF-8 \a text in UTF-16 code units.
std::size_t utf16Length(std::string_view text);

/// What takeCodePoint() gives for a byte that is no part of valid UTF-8.
inline constexpr char32_t InvalidCodePoint = 0xFFFFFFFF;
/// Removes the first code point of \a text, which is not empty, and returns it.
char32_t takeCodePoint(std::string_view &text);

/// The greatest position <= \a limit where valid UTF-8 \a text can be cut between code points.
std::size_t cutBefore(std::string_view text, std::size_t limit);

/// Tells whether \a text has a C0 or C1 control character or DEL.
bool hasControlCharacter(std::string_view text);

/// Appends \a text to \a out as a JSON string, quotes included (RFC 8259 section 7).
void appendJsonString(std::string &out, std::string_view text);
std::string jsonString(std::string_view text);

/// Tells whether \a part is somewhere in \a text, whatever the case of ASCII letters.
bool containsFolded(std::string_view text, std::string_view part);

/// Percent-encodes all but the unreserved characters of RFC 3986 section 2.3.
std::string percentEncoded(std::string_view text);

/// Decodes percent escapes and, in a query, '+' as a space. A broken escape is left as it is.
std::string percentDecoded(std::string_view text, bool plusIsSpace);

/// Whether a '%' in \a text is not followed by two hexadecimal digits.
bool hasBrokenEscape(std::string_view text);

} // namespace Dispatch::Text

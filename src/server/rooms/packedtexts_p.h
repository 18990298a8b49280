// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <charconv>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace Dispatch {

/// Texts in one, as servers tell them each other: each as its length in bytes, in decimal digits, a
/// colon, and itself.
std::string packed(std::initializer_list<std::string_view> texts);
std::string packed(const std::vector<std::string> &texts);

/// What was packed, as views of \a text; nothing if that was not made by packed().
std::optional<std::vector<std::string_view>> unpacked(std::string_view text);
/// The same with at least \a least texts: others may send more than is known here.
std::optional<std::vector<std::string_view>> unpacked(std::string_view text, std::size_t least);

/// Whether \a text is a number, all of it, which is put into \a number.
template<class Number>
bool readNumber(std::string_view text, Number &number)
{
    const char *const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    return error == std::errc() && stop == end;
}

} // namespace Dispatch

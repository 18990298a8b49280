// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
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

} // namespace Dispatch

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace Dispatch {

/// What escapedForLog() gives at most, in bytes.
inline constexpr std::size_t LoggedBytes = 256;

/// \a untrusted, fit to stand in one line of a log, between quotes if need be: quotes, backslashes,
/// control characters, line separators and those that change the direction of text are escaped as
/// in JSON, bytes that are no UTF-8 as \xNN. What is longer than LoggedBytes is cut and ends in
/// "...". Not for tokens and payloads: these do not belong into a log at all.
std::string escapedForLog(std::string_view untrusted);

} // namespace Dispatch

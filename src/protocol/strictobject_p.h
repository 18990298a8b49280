// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <string_view>

namespace Dispatch {

/// Tells whether \a text is one JSON object (RFC 8259) and nothing else, that nests at most
/// \a levels deep, itself included, and in which no member comes twice. Readers differ in
/// which of two they believe; what is to be trusted must leave them no choice.
bool isStrictObject(std::string_view text, int levels);

} // namespace Dispatch

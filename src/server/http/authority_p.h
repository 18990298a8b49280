// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace Dispatch {

/// A host, and a port if one was named (RFC 3986 section 3.2).
struct Authority {
    std::string host; ///< in lower case, an IPv6 address in its brackets
    std::optional<std::uint16_t> port;

    bool operator==(const Authority &) const = default;
};

/// Nothing if \a text is none, or names a user.
std::optional<Authority> parseAuthority(std::string_view text);

} // namespace Dispatch

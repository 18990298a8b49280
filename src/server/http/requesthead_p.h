// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <boost/beast/http/message.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace Dispatch {

/// The target of a request, taken apart.
struct RequestTarget {
    std::string_view authority; ///< of one in absolute form; else empty
    std::string_view path; ///< as it came, percent-encoded
    std::string_view query; ///< without '?', percent-encoded
};

/// The four forms of RFC 9112, section 3.2; nothing if \a target is none of these that goes with
/// \a method.
std::optional<RequestTarget> parseTarget(std::string_view method, std::string_view target);

/// Why a header that could be parsed is no request that all on its way understand in the same way
/// (RFC 9112, sections 3.2, 6.1 and 11.2): the name of the field that is wrong, or "target".
/// Nothing if it is one.
std::optional<std::string> faultOf(const boost::beast::http::request_header<> &header);

/// Who the request is for: the authority of the target, which goes first, or that of Host.
std::string_view hostOf(const boost::beast::http::request_header<> &header);

/// The values of all fields that are called \a name, as the one list that they are (RFC 9110,
/// section 5.3).
std::string listOf(const boost::beast::http::request_header<> &header, std::string_view name);

} // namespace Dispatch

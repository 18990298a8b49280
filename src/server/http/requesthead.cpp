// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "requesthead_p.h"

#include "authority_p.h"

#include <boost/beast/core/string.hpp>

#include <algorithm>
#include <array>

namespace Dispatch {

namespace beast = boost::beast;
namespace http = boost::beast::http;

namespace {

constexpr int Http11 = 11;

// Whoever reads the first and whoever reads the last of two would not mean the same.
constexpr std::array SingleFields = {
    http::field::authorization,
    http::field::content_length,
    http::field::host,
    http::field::origin,
    http::field::sec_websocket_key,
    http::field::sec_websocket_version,
    http::field::transfer_encoding,
};

std::string_view view(beast::string_view text)
{
    return {text.data(), text.size()};
}

std::string nameOf(http::field field)
{
    return std::string(view(http::to_string(field)));
}

/// The length of "http://" if \a target begins with it.
std::size_t schemeLength(std::string_view target)
{
    for (const std::string_view scheme : {"http://", "https://", "ws://", "wss://"}) {
        if (beast::iequals({target.data(), std::min(target.size(), scheme.size())},
                           {scheme.data(), scheme.size()}))
            return scheme.size();
    }
    return 0;
}

bool hasGoodHost(const http::request_header<> &header)
{
    const bool isThere = header.count(http::field::host) > 0;
    return isThere ? parseAuthority(view(header[http::field::host])).has_value()
                   : header.version() < Http11;
}

/// The parser takes a list of the same numbers, too.
bool hasGoodLength(const http::request_header<> &header)
{
    return std::ranges::all_of(view(header[http::field::content_length]),
                               [](char c) { return c >= '0' && c <= '9'; });
}

bool hasGoodCoding(const http::request_header<> &header)
{
    return header.count(http::field::transfer_encoding) == 0
        || (header.version() == Http11 && header.count(http::field::content_length) == 0
            && beast::iequals(header[http::field::transfer_encoding], "chunked"));
}

} // namespace

std::optional<RequestTarget> parseTarget(std::string_view method, std::string_view target)
{
    RequestTarget parts;
    if (const std::size_t scheme = schemeLength(target); scheme > 0) {
        target.remove_prefix(scheme);
        const std::size_t end = std::min(target.find_first_of("/?"), target.size());
        parts.authority = target.substr(0, end);
        target.remove_prefix(end);
        if (!parseAuthority(parts.authority))
            return std::nullopt;
    } else if (!target.starts_with('/') && method != "CONNECT"
               && !(target == "*" && method == "OPTIONS")) {
        return std::nullopt;
    }
    const std::size_t mark = std::min(target.find('?'), target.size());
    parts.path = mark == 0 ? "/" : target.substr(0, mark);
    parts.query = target.substr(std::min(mark + 1, target.size()));
    return parts;
}

std::optional<std::string> faultOf(const http::request_header<> &header)
{
    for (const http::field field : SingleFields) {
        if (header.count(field) > 1)
            return nameOf(field);
    }
    if (!parseTarget(view(header.method_string()), view(header.target())))
        return "target";
    if (!hasGoodHost(header))
        return nameOf(http::field::host);
    if (!hasGoodLength(header))
        return nameOf(http::field::content_length);
    if (!hasGoodCoding(header))
        return nameOf(http::field::transfer_encoding);
    return std::nullopt;
}

std::string_view hostOf(const http::request_header<> &header)
{
    const auto target = parseTarget(view(header.method_string()), view(header.target()));
    return target && !target->authority.empty() ? target->authority
                                                : view(header[http::field::host]);
}

std::string listOf(const http::request_header<> &header, std::string_view name)
{
    std::string list;
    const auto [begin, end] = header.equal_range({name.data(), name.size()});
    for (auto field = begin; field != end; ++field) {
        if (!list.empty())
            list += ',';
        list += view(field->value());
    }
    return list;
}

} // namespace Dispatch

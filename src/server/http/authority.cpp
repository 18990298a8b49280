// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "authority_p.h"

#include <algorithm>
#include <charconv>

namespace Dispatch {

namespace {

constexpr std::size_t PortDigits = 5;

bool isOneOf(char c, std::string_view characters)
{
    return characters.find(c) != std::string_view::npos;
}

char toLower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool isLetterOrDigit(char c)
{
    return (toLower(c) >= 'a' && toLower(c) <= 'z') || (c >= '0' && c <= '9');
}

bool isHostName(std::string_view text)
{
    // Escapes are legal, too, and mean other names to others: no host on the Internet needs one.
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return isLetterOrDigit(c) || isOneOf(c, "-._~!$&'()*+;=");
    });
}

bool isIpLiteral(std::string_view text)
{
    return text.size() > 2 && text.front() == '[' && text.back() == ']'
        && std::ranges::all_of(text.substr(1, text.size() - 2),
                               [](char c) { return isOneOf(toLower(c), "0123456789abcdef:."); });
}

/// False if \a text, what follows the host, is no port. An empty one is legal and says nothing.
bool readPort(std::string_view text, std::optional<std::uint16_t> &port)
{
    if (text.empty())
        return true;
    if (text.front() != ':' || text.size() > PortDigits + 1)
        return false;
    text.remove_prefix(1);
    if (text.empty())
        return true;
    const char *end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, port.emplace());
    return stop == end && error == std::errc();
}

} // namespace

std::optional<Authority> parseAuthority(std::string_view text)
{
    const std::size_t bracket = text.find(']');
    const std::size_t afterHost =
        bracket == std::string_view::npos ? std::min(text.find(':'), text.size()) : bracket + 1;
    const std::string_view host = text.substr(0, afterHost);
    Authority authority;
    if (!(isHostName(host) || isIpLiteral(host))
        || !readPort(text.substr(afterHost), authority.port))
        return std::nullopt;
    authority.host.resize(host.size());
    std::ranges::transform(host, authority.host.begin(), toLower);
    return authority;
}

} // namespace Dispatch

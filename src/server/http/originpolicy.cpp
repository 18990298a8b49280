// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "originpolicy_p.h"

#include "authority_p.h"

#include <algorithm>
#include <cctype>

namespace Dispatch {

namespace {

constexpr std::string_view NullOrigin = "null";
constexpr std::string_view AnyOrigin = "*";

struct Origin {
    std::string scheme;
    Authority authority; // without the scheme's own port
};

std::uint16_t defaultPort(std::string_view scheme)
{
    if (scheme == "http")
        return 80;
    return scheme == "https" ? 443 : 0;
}

Authority withoutDefaultPort(Authority authority, std::string_view scheme)
{
    if (authority.port == defaultPort(scheme))
        authority.port.reset();
    return authority;
}

std::optional<std::string> parseScheme(std::string_view text)
{
    const auto isLetter = [](unsigned char c) { return std::isalpha(c); };
    const bool isScheme =
        !text.empty() && isLetter(text.front()) && std::ranges::all_of(text, [](unsigned char c) {
            return std::isalnum(c) || c == '+' || c == '-' || c == '.';
        });
    if (!isScheme)
        return std::nullopt;
    std::string scheme(text);
    std::ranges::transform(scheme, scheme.begin(), [](unsigned char c) { return std::tolower(c); });
    return scheme;
}

std::optional<Origin> parseOrigin(std::string_view text)
{
    constexpr std::string_view Separator = "://";
    const std::size_t separator = text.find(Separator);
    if (separator == std::string_view::npos)
        return std::nullopt;
    const auto scheme = parseScheme(text.substr(0, separator));
    const auto authority = parseAuthority(text.substr(separator + Separator.size()));
    if (!scheme || !authority)
        return std::nullopt;
    return Origin{*scheme, withoutDefaultPort(*authority, *scheme)};
}

} // namespace

std::optional<std::string> normalizedOrigin(std::string_view text)
{
    const auto origin = parseOrigin(text);
    if (!origin)
        return std::nullopt;
    std::string normalized = origin->scheme + "://" + origin->authority.host;
    if (origin->authority.port)
        normalized += ':' + std::to_string(*origin->authority.port);
    return normalized;
}

OriginPolicy::OriginPolicy(const QStringList &allowed, bool isRequired)
    : m_allowsOnlyListed(!allowed.isEmpty())
    , m_isRequired(isRequired)
{
    for (const QString &entry : allowed) {
        const std::string text = entry.toStdString();
        if (text == AnyOrigin)
            m_allowsAll = true;
        else if (text == NullOrigin)
            m_allowed.insert(text);
        else if (auto origin = normalizedOrigin(text))
            m_allowed.insert(std::move(*origin));
    }
}

bool OriginPolicy::isEntry(const QString &text)
{
    const std::string entry = text.toStdString();
    return entry == AnyOrigin || entry == NullOrigin || normalizedOrigin(entry);
}

bool OriginPolicy::allows(std::optional<std::string_view> origin, std::string_view host) const
{
    if (!origin)
        return !m_isRequired;
    if (m_allowsAll)
        return true;
    if (m_allowsOnlyListed) {
        return m_allowed.contains(*origin == NullOrigin ? std::string(NullOrigin)
                                                        : normalizedOrigin(*origin).value_or(""));
    }
    // By which scheme a client came to a proxy is not known; the host is.
    const auto page = parseOrigin(*origin);
    const auto own = parseAuthority(host);
    return page && own && page->authority == withoutDefaultPort(*own, page->scheme);
}

} // namespace Dispatch

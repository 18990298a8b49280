// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "gate_p.h"

#include "requesthead_p.h"

#include <string>

namespace Dispatch {

namespace http = boost::beast::http;

namespace {

constexpr std::string_view ForwardedFor = "X-Forwarded-For";
constexpr std::string_view ForwardedHost = "X-Forwarded-Host";

std::string_view lastOf(std::string_view list)
{
    const std::size_t comma = list.rfind(',');
    if (comma != std::string_view::npos)
        list.remove_prefix(comma + 1);
    while (list.starts_with(' '))
        list.remove_prefix(1);
    return list;
}

} // namespace

Gate::Gate(const DispatchServerSettings &settings)
    : m_origins(settings.allowedOrigins, settings.requireOrigin)
    , m_proxies(settings.trustedProxies)
    , m_unlimited(settings.unlimitedAddresses)
{
}

QHostAddress Gate::clientOf(const QHostAddress &peer, const Header &header) const
{
    return isProxy(peer) ? clientAddress(peer, listOf(header, ForwardedFor), m_proxies) : peer;
}

bool Gate::allowsOrigin(const QHostAddress &peer, const Header &header) const
{
    const auto field = header.find(http::field::origin);
    std::optional<std::string_view> origin;
    if (field != header.end())
        origin = std::string_view(field->value().data(), field->value().size());
    const std::string forwardedHost = isProxy(peer) ? listOf(header, ForwardedHost) : std::string();
    return m_origins.allows(origin, forwardedHost.empty() ? hostOf(header) : lastOf(forwardedHost));
}

} // namespace Dispatch

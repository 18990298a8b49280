// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "redisurl_p.h"

#include "streamposition_p.h"
#include "text_p.h"

#include <algorithm>
#include <limits>
#include <optional>

#include <sys/un.h>

namespace Dispatch::Engine {

namespace {

constexpr std::uint64_t HighestPort = std::numeric_limits<std::uint16_t>::max();
// With the zero behind it.
constexpr std::size_t LongestPath = sizeof(sockaddr_un::sun_path) - 1;

bool isHostName(std::string_view host)
{
    return !host.empty() && std::ranges::all_of(host, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
            || c == '-' || c == '.' || c == '_';
    });
}

bool isIpv6(std::string_view host)
{
    return host.find(':') != std::string_view::npos
        && host.find_first_not_of("0123456789abcdefABCDEF:.") == std::string_view::npos;
}

std::optional<RedisUrlError> readUser(std::string_view text, RedisSettings &settings)
{
    if (Text::hasBrokenEscape(text))
        return RedisUrlError::Escape;
    const std::size_t colon = text.find(':');
    settings.user = Text::percentDecoded(text.substr(0, colon), false);
    if (colon != std::string_view::npos)
        settings.password = Text::percentDecoded(text.substr(colon + 1), false);
    return {};
}

std::optional<RedisUrlError> readHost(std::string_view text, RedisSettings &settings)
{
    const bool isBracketed = text.starts_with('[') && text.find(']') != std::string_view::npos;
    const std::size_t hostEnd =
        isBracketed ? text.find(']') + 1 : std::min(text.find(':'), text.size());
    const std::string_view host =
        isBracketed ? text.substr(1, hostEnd - 2) : text.substr(0, hostEnd);
    if (isBracketed ? !isIpv6(host) : !isHostName(host))
        return RedisUrlError::Host;
    settings.host = host;
    if (hostEnd == text.size())
        return {};
    const auto port = text[hostEnd] == ':' ? parseNumber(text.substr(hostEnd + 1)) : std::nullopt;
    if (!port || *port == 0 || *port > HighestPort)
        return RedisUrlError::Port;
    settings.port = static_cast<std::uint16_t>(*port);
    return {};
}

std::optional<RedisUrlError> readPath(std::string_view text, RedisSettings &settings)
{
    if (Text::hasBrokenEscape(text))
        return RedisUrlError::Escape;
    settings.socketPath = Text::percentDecoded(text, false);
    const bool isPath = settings.socketPath.size() > 1 && settings.socketPath.size() <= LongestPath
        && settings.socketPath.find('\0') == std::string::npos;
    return isPath ? std::nullopt : std::optional(RedisUrlError::Path);
}

} // namespace

std::variant<RedisSettings, RedisUrlError> parseRedisUrl(std::string_view url)
{
    constexpr std::string_view Tcp = "redis://";
    constexpr std::string_view Tls = "rediss://";
    constexpr std::string_view Local = "redis+unix://";
    const bool isLocal = url.starts_with(Local);
    const bool isEncrypted = url.starts_with(Tls);
    if (!isLocal && !isEncrypted && !url.starts_with(Tcp))
        return RedisUrlError::Scheme;
    url.remove_prefix(url.find("//") + 2);
    if (url.find_first_of("?#") != std::string_view::npos)
        return RedisUrlError::Rest;

    const std::size_t slash = std::min(url.find('/'), url.size());
    std::string_view authority = url.substr(0, slash);
    const std::string_view path = url.substr(slash);
    RedisSettings settings;
    settings.isEncrypted = isEncrypted;
    std::optional<RedisUrlError> error;
    if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
        error = readUser(authority.substr(0, at), settings);
        authority.remove_prefix(at + 1);
    }
    if (error)
        return *error;
    if (isLocal)
        error = authority.empty() ? readPath(path, settings) : RedisUrlError::Path;
    else if (!path.empty() && path != "/" && path != "/0")
        error = RedisUrlError::Database;
    else
        error = readHost(authority, settings);
    if (error)
        return *error;
    return settings;
}

std::string_view textOf(RedisUrlError error)
{
    switch (error) {
    case RedisUrlError::Scheme:
        return "must begin with redis://, rediss:// (with TLS), or redis+unix:// (a socket of this "
               "machine).";
    case RedisUrlError::Escape:
        return "has a '%' that two hexadecimal digits have to follow: '%' itself is %25.";
    case RedisUrlError::Host:
        return "names no host: redis://host:port. In a user or a password '@' is %40, ':' is %3A, "
               "'/' is %2F.";
    case RedisUrlError::Port:
        return "has a port that is no number from 1 to 65535.";
    case RedisUrlError::Database:
        return "must not name another database than 0: several clusters of servers share it by "
               "their key prefix.";
    case RedisUrlError::Path:
        return "names no socket: redis+unix:///path, of 107 bytes at most.";
    case RedisUrlError::Rest:
        return "must not have a '?' or a '#': in a user, a password or a path they are %3F and "
               "%23.";
    }
    return {};
}

} // namespace Dispatch::Engine

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "router_p.h"

#include "text_p.h"

#include <algorithm>
#include <cctype>
#include <optional>

namespace Dispatch {

namespace {

bool equalsFolded(std::string_view a, std::string_view b)
{
    return std::ranges::equal(
        a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

/// Cuts the first segment, with the slash before it, off \a path.
std::string_view takeSegment(std::string_view &path)
{
    const std::size_t end = std::min(path.find('/', 1), path.size());
    const std::string_view segment = path.substr(0, end);
    path.remove_prefix(end);
    return segment;
}

bool isPlaceholder(std::string_view segment)
{
    return segment.starts_with("/{") && segment.ends_with('}');
}

/// What stands for the placeholders of \a pattern in \a path; nothing if it does not fit.
std::optional<std::vector<std::string>> matched(std::string_view pattern, std::string_view path)
{
    std::vector<std::string> parameters;
    while (!pattern.empty() && !path.empty()) {
        const std::string_view expected = takeSegment(pattern);
        const std::string_view found = takeSegment(path);
        if (isPlaceholder(expected) && found.size() > 1)
            parameters.push_back(Text::percentDecoded(found.substr(1), false));
        else if (expected != found)
            return std::nullopt;
    }
    if (!pattern.empty() || !path.empty())
        return std::nullopt;
    return parameters;
}

bool takes(const Route &route, std::string_view method)
{
    return route.method == method || (route.method == "GET" && method == "HEAD");
}

} // namespace

std::string_view HttpRequest::field(std::string_view name) const
{
    const auto found = std::ranges::find_if(
        fields, [name](const auto &field) { return equalsFolded(field.first, name); });
    return found == fields.end() ? std::string_view() : std::string_view(found->second);
}

HttpResponse HttpResponse::refused(Refusal refusal, std::string_view detail,
                                   std::optional<std::chrono::milliseconds> retryAfter)
{
    const RefusalInfo &row = info(refusal);
    HttpResponse response;
    response.status = row.httpStatus;
    // For clients who are shown the status line of a refused handshake, and nothing else of it.
    response.reason = row.slug;
    response.refusal = refusal;
    response.body = refusalPayload(refusal, detail, retryAfter);
    if (refusal == Refusal::UpgradeRequired) {
        response.fields = {{"Upgrade", "websocket"}, {"Sec-WebSocket-Version", "13"}};
    } else if (row.httpStatus == 401) {
        response.fields = {{"WWW-Authenticate", "Bearer"}};
    }
    if (retryAfter) {
        const auto seconds = std::chrono::ceil<std::chrono::seconds>(*retryAfter);
        response.fields.emplace_back("Retry-After", std::to_string(seconds.count()));
    }
    return response;
}

std::variant<Router::Match, Router::Miss> Router::find(std::string_view method,
                                                       std::string_view path) const
{
    Miss miss;
    const std::string_view whole = path;
    const std::string_view family = takeSegment(path);
    bool knowsFamily = false;
    for (const Route &route : m_routes) {
        std::string_view pattern = route.pattern;
        knowsFamily = knowsFamily || takeSegment(pattern) == family;
        auto parameters = matched(route.pattern, whole);
        if (!parameters)
            continue;
        if (takes(route, method))
            return Match{&route, std::move(*parameters)};
        miss.refusal = Refusal::MethodNotAllowed;
        miss.anyOrigin = miss.anyOrigin || route.anyOrigin;
        miss.allow += (miss.allow.empty() ? "" : ", ") + route.method;
        if (route.method == "GET")
            miss.allow += ", HEAD";
    }
    if (!miss.allow.empty())
        return miss;
    miss.anyOrigin = m_isJoinable;
    if (m_isJoinable && method != "GET" && method != "HEAD") {
        miss.refusal = Refusal::MethodNotAllowed;
        miss.allow = "GET, HEAD";
    } else if (m_isJoinable && !knowsFamily) {
        miss.refusal = Refusal::UpgradeRequired;
    }
    if (miss.refusal == Refusal::NotFound)
        miss.hint = m_hint;
    return miss;
}

} // namespace Dispatch

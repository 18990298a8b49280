// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "admission_p.h"

#include "connectparameters_p.h"
#include "hub_p.h"

#include <boost/beast/core/string.hpp>

#include <optional>

namespace Dispatch {

namespace beast = boost::beast;
namespace http = boost::beast::http;

namespace {

constexpr std::size_t WebSocketKeyBytes = 24;
constexpr std::string_view Bearer = "bearer ";

std::string_view view(beast::string_view text)
{
    return {text.data(), text.size()};
}

/// The token of an Authorization header of the scheme Bearer, or nothing.
std::optional<std::string> bearerToken(std::string_view header)
{
    if (header.size() <= Bearer.size()
        || !beast::iequals(beast::string_view(header.data(), Bearer.size()),
                           beast::string_view(Bearer.data(), Bearer.size()))) {
        return std::nullopt;
    }
    return std::string(header.substr(Bearer.size()));
}

bool namesProject(std::string_view target)
{
    return target.find("?projectId=") != std::string_view::npos
        || target.find("&projectId=") != std::string_view::npos;
}

} // namespace

std::variant<std::shared_ptr<UpgradeRequest>, RefusedJoin>
admit(Hub &hub, const DispatchServerSettings &settings, UpgradeRequest::Request request,
      std::string address)
{
    const std::string_view key = view(request[http::field::sec_websocket_key]);
    if (key.size() != WebSocketKeyBytes || request.count(http::field::host) == 0)
        return RefusedJoin{Refusal::BadParameters, "Sec-WebSocket-Key and Host must be there"};
    if (request[http::field::sec_websocket_version] != "13")
        return RefusedJoin{Refusal::UpgradeRequired, {}};

    const std::string_view target = view(request.target());
    auto parsed = parseConnectParameters(target);
    if (const auto *error = std::get_if<ParameterError>(&parsed))
        return RefusedJoin{Refusal::BadParameters, error->field + ": " + error->reason};
    const auto &parameters = std::get<ConnectParameters>(parsed);
    if (settings.requireProjectId && !namesProject(target))
        return RefusedJoin{Refusal::BadParameters, "projectId: this server demands one"};

    std::string userId;
    bool isBackend = !parameters.projectToken.empty();
    if (isBackend && !hub.verifyBackend(parameters.projectToken, parameters.projectId))
        return RefusedJoin{Refusal::Unauthorized, {}};
    std::optional<std::string> token = bearerToken(view(request[http::field::authorization]));
    if (!token && hub.hasVerifier() && !parameters.authorization.empty())
        token = parameters.authorization;
    if (token && !isBackend) {
        const DispatchTokenVerdict verdict = hub.verify(*token, parameters.projectId);
        isBackend = !verdict && hub.verifyBackend(*token, parameters.projectId);
        if (!verdict && !isBackend)
            return RefusedJoin{Refusal::Unauthorized, {}};
        userId = verdict.userId.toStdString();
    }

    if (const auto ban = hub.banOf(parameters.projectId, userId, address); ban && !isBackend)
        return RefusedJoin{Refusal::Banned, *ban};

    auto seat = isBackend ? hub.reserveBackend(parameters) : hub.reserve(parameters);
    if (const auto *refusal = std::get_if<Refusal>(&seat))
        return RefusedJoin{*refusal, {}};
    auto handover = std::make_shared<UpgradeRequest>();
    handover->request = std::move(request);
    handover->seat = std::get<Placement::Seat>(std::move(seat));
    handover->address = std::move(address);
    handover->userId = std::move(userId);
    return handover;
}

} // namespace Dispatch

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "admission_p.h"

#include "allowedshards_p.h"
#include "apirequest_p.h"
#include "connectparameters_p.h"
#include "hub_p.h"
#include "logtext_p.h"
#include "requesthead_p.h"
#include "subprotocol_p.h"
#include "tokenrefusal_p.h"

#include <boost/beast/core/string.hpp>

#include <algorithm>
#include <cctype>
#include <optional>

namespace Dispatch {

namespace beast = boost::beast;
namespace http = boost::beast::http;

namespace {

std::string_view view(beast::string_view text)
{
    return {text.data(), text.size()};
}

/// Whether \a key is 16 bytes in base64 (RFC 6455 section 4.1).
bool isWebSocketKey(std::string_view key)
{
    constexpr std::size_t Digits = 22;
    return key.size() == Digits + 2 && key.ends_with("==")
        && std::ranges::all_of(key.substr(0, Digits), [](unsigned char c) {
               return std::isalnum(c) || c == '+' || c == '/';
           });
}

/// What a client that is refused for it is told of its origin.
std::string originOf(const UpgradeRequest::Request &request)
{
    const auto origin = request.find(http::field::origin);
    return origin == request.end() ? "there is none" : escapedForLog(view(origin->value()));
}

bool namesProject(std::string_view target)
{
    return target.find("?projectId=") != std::string_view::npos
        || target.find("&projectId=") != std::string_view::npos;
}

RefusedJoin refusedParameter(const ParameterError &error)
{
    return {Refusal::BadParameters, error.field + ": " + error.reason};
}

TokenBearer bearerOf(const Hub &hub, std::string_view header, const ConnectParameters &parameters)
{
    const std::string &projectId = parameters.projectId;
    if (!parameters.projectToken.empty())
        return {hub.verifyBackend(parameters.projectToken, projectId), true, true};
    std::optional<std::string_view> token = bearerToken(header);
    if (!token && hub.hasVerifier() && !parameters.authorization.empty())
        token = parameters.authorization;
    if (!token)
        return {};
    const DispatchTokenVerdict user = hub.verify(*token, projectId);
    if (user)
        return {user, true, false};
    // A back end may show its token in the same places.
    const DispatchTokenVerdict backend = hub.verifyBackend(*token, projectId);
    return backend ? TokenBearer{backend, true, true} : TokenBearer{user, true, false};
}

/// A seat in a shard that the token allows.
std::variant<Placement::Seat, Refusal> reserve(Hub &hub, ConnectParameters wish,
                                               const std::string &userId,
                                               const std::optional<QStringList> &claim,
                                               bool isRequired)
{
    std::variant<Placement::Seat, Refusal> seat = Refusal::ShardNotAllowed;
    for (std::string &name : allowedShards(wish.shardName, claim, isRequired)) {
        wish.shardName = std::move(name);
        seat = hub.reserve(wish, userId);
        const auto *refusal = std::get_if<Refusal>(&seat);
        if (!refusal || *refusal != Refusal::ShardFull)
            break;
    }
    return seat;
}

} // namespace

std::variant<JoinWish, RefusedJoin> readJoin(const Hub &hub, const DispatchServerSettings &settings,
                                             const Gate &gate, const Visitor &visitor,
                                             UpgradeRequest::Request request)
{
    if (hub.isDraining())
        return RefusedJoin{Refusal::Draining, {}};
    if (!isWebSocketKey(view(request[http::field::sec_websocket_key])))
        return RefusedJoin{Refusal::BadRequest, "Sec-WebSocket-Key"};
    if (request[http::field::sec_websocket_version] != "13")
        return RefusedJoin{Refusal::UpgradeRequired, {}};
    if (!gate.allowsOrigin(visitor.peer, request))
        return RefusedJoin{Refusal::OriginNotAllowed, originOf(request)};

    const std::string_view target = view(request.target());
    auto parsed = parseConnectParameters(target);
    if (const auto *error = std::get_if<ParameterError>(&parsed))
        return refusedParameter(*error);
    auto &parameters = std::get<ConnectParameters>(parsed);
    if (settings.requireProjectId && !namesProject(target))
        return RefusedJoin{Refusal::ProjectRequired, {}};

    auto offered = parseSubprotocols(listOf(request, "Sec-WebSocket-Protocol"));
    if (const auto *error = std::get_if<ParameterError>(&offered))
        return refusedParameter(*error);
    auto &offer = std::get<SubprotocolOffer>(offered);

    const TokenBearer bearer = bearerOf(hub, view(request[http::field::authorization]), parameters);
    if (bearer.hasToken && !bearer.verdict)
        return RefusedJoin{refusalOf(bearer.verdict.fault, Refusal::Unauthorized), {}};
    if (!bearer.hasToken && settings.requireShardClaim)
        return RefusedJoin{Refusal::Unauthorized, {}};
    auto handover = std::make_shared<UpgradeRequest>();
    handover->address = AddressKey(visitor.client).toString();
    handover->history = parameters.history;
    handover->request = std::move(request);
    handover->isExtended = offer.isExtended && !bearer.isBackend;
    handover->lease = visitor.lease;
    handover->tokenExpiresAt = bearer.verdict.expiresAt;
    if (!bearer.isBackend)
        handover->userId = bearer.verdict.userId.toStdString();
    return JoinWish{std::move(parameters), bearer, std::move(offer.resume),
                    settings.requireShardClaim, std::move(handover)};
}

bool mayResume(const JoinWish &wish, const std::string &projectId, const std::string &shardName,
               const std::string &userId)
{
    const TokenBearer &bearer = wish.bearer;
    return projectId == wish.parameters.projectId
        && (!bearer.hasToken
            || (bearer.verdict.userId.toStdString() == userId
                && !allowedShards(shardName, bearer.verdict.shards, wish.requiresClaim).empty()));
}

std::optional<SessionRegistry::Claim> resumable(Hub &hub, const JoinWish &wish)
{
    auto claim = hub.sessions.claim(wish.resume->secret);
    if (!claim)
        return std::nullopt;
    const auto &session = claim->session();
    return mayResume(wish, session.projectId, session.shardName, session.userId) ? std::move(claim)
                                                                                 : std::nullopt;
}

Admission placeHere(Hub &hub, JoinWish wish)
{
    UpgradeRequest &handover = *wish.handover;
    if (wish.bearer.isBackend) {
        auto seat = hub.reserveBackend(wish.parameters);
        if (const auto *refusal = std::get_if<Refusal>(&seat))
            return RefusedJoin{*refusal, {}};
        handover.seat = std::get<Placement::Seat>(std::move(seat));
        return wish.handover;
    }
    auto claim = wish.resume ? resumable(hub, wish) : std::nullopt;
    if (wish.resume && !claim)
        hub.listenerCounters.resumesUnknown.add();
    const std::string &known = claim ? claim->session().userId : handover.userId;
    if (const auto ban = hub.banOf(wish.parameters.projectId, known, handover.address))
        return RefusedJoin{Refusal::Banned, *ban};
    if (claim) {
        handover.claim.emplace(*std::move(claim));
        handover.position = wish.resume->position;
        return wish.handover;
    }
    auto seat = reserve(hub, wish.parameters, handover.userId, wish.bearer.verdict.shards,
                        wish.requiresClaim);
    if (const auto *refusal = std::get_if<Refusal>(&seat))
        return RefusedJoin{*refusal, {}};
    handover.seat = std::get<Placement::Seat>(std::move(seat));
    return wish.handover;
}

} // namespace Dispatch

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "apirequest_p.h"

#include "addresslimits_p.h"
#include "asioaddress_p.h"
#include "connectparameters_p.h"
#include "limits_p.h"
#include "router_p.h"
#include "text_p.h"

#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>

#include <boost/asio/ip/address.hpp>
#include <boost/beast/core/string.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace Dispatch {

namespace beast = boost::beast;

namespace {

#define PROJECT "/api/v1/projects/{projectId}"
constexpr std::array Table = {
    ApiRoute{ApiCall::PublishEvent, "POST", PROJECT "/events"},
    ApiRoute{ApiCall::ListShards, "GET", PROJECT "/shards"},
    ApiRoute{ApiCall::ListClients, "GET", PROJECT "/shards/{shardName}/clients"},
    ApiRoute{ApiCall::DisconnectClient, "DELETE", PROJECT "/clients/{clientId}"},
    ApiRoute{ApiCall::DisconnectUser, "DELETE", PROJECT "/users/{userId}"},
    ApiRoute{ApiCall::ListBans, "GET", PROJECT "/bans"},
    ApiRoute{ApiCall::GetBan, "GET", PROJECT "/bans/{kind}/{name}"},
    ApiRoute{ApiCall::PutBan, "PUT", PROJECT "/bans/{kind}/{name}"},
    ApiRoute{ApiCall::DeleteBan, "DELETE", PROJECT "/bans/{kind}/{name}"},
};
#undef PROJECT

constexpr std::size_t DefaultLimit = 100;
constexpr std::size_t HighestLimit = 1'000;
constexpr std::size_t IdempotencyKeyBytes = 255;
constexpr double LongestBan = 366.0 * 24 * 60 * 60;

bool equalsIgnoringCase(std::string_view a, std::string_view b)
{
    return beast::iequals({a.data(), a.size()}, {b.data(), b.size()});
}

bool isName(const std::string &name)
{
    return name.size() <= Limits::RecipientBytes && Text::isValidUtf8(name)
        && !Text::hasControlCharacter(name);
}

std::optional<ApiRefusal> readParameter(std::string_view key, const std::string &value,
                                        ApiTarget &target)
{
    if (key == "limit") {
        const char *end = value.data() + value.size();
        const auto [stop, error] = std::from_chars(value.data(), end, target.limit);
        if (stop != end || error != std::errc() || target.limit < 1
            || target.limit > HighestLimit) {
            return ApiRefusal{Refusal::BadParameters,
                              "limit: is a whole number from 1 to " + std::to_string(HighestLimit)};
        }
    } else if (key == "after") {
        // What a list gave as next: a kind and a name at most.
        if (value.size() > 2 * Limits::RecipientBytes || !Text::isValidUtf8(value))
            return ApiRefusal{Refusal::BadParameters, "after: is what a list gave as next"};
        target.after = value;
    }
    return std::nullopt;
}

} // namespace

std::span<const ApiRoute> apiRoutes()
{
    return Table;
}

std::variant<ApiTarget, ApiRefusal> readApiTarget(const HttpRequest &request)
{
    ApiTarget target{request.parameters.front(),
                     {request.parameters.begin() + 1, request.parameters.end()},
                     DefaultLimit,
                     {}};
    if (!isValidProjectId(target.projectId))
        return ApiRefusal{Refusal::BadParameters, "what follows /projects/ is no project's id"};
    if (!std::ranges::all_of(target.names, isName)) {
        return ApiRefusal{Refusal::BadParameters,
                          "a name of the path is no UTF-8, too long, or has control characters"};
    }
    std::string_view query = request.query;
    while (!query.empty()) {
        const std::string_view pair = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(query.size(), pair.size() + 1));
        const std::size_t equals = std::min(pair.find('='), pair.size());
        const std::string value =
            Text::percentDecoded(pair.substr(std::min(equals + 1, pair.size())), true);
        if (auto refusal = readParameter(pair.substr(0, equals), value, target))
            return *refusal;
    }
    return target;
}

std::optional<std::string_view> bearerToken(std::string_view field)
{
    constexpr std::string_view Scheme = "bearer ";
    if (field.size() <= Scheme.size()
        || !equalsIgnoringCase(field.substr(0, Scheme.size()), Scheme))
        return std::nullopt;
    return field.substr(Scheme.size());
}

bool isJson(std::string_view field)
{
    field = field.substr(0, field.find(';'));
    while (field.ends_with(' ') || field.ends_with('\t'))
        field.remove_suffix(1);
    return equalsIgnoringCase(field, "application/json");
}

bool isIdempotencyKey(std::string_view key)
{
    return !key.empty() && key.size() <= IdempotencyKeyBytes
        && std::ranges::all_of(key, [](char c) { return c > ' ' && c < '\x7F'; });
}

std::variant<BanRequest, ApiRefusal> readBan(std::string_view body)
{
    const QJsonDocument document = QJsonDocument::fromJson(
        QByteArray::fromRawData(body.data(), static_cast<qsizetype>(body.size())));
    const double seconds = document.object().value(QLatin1String("seconds")).toDouble();
    const QJsonValue reason = document.object().value(QLatin1String("reason"));
    if (seconds < 1 || seconds > LongestBan || seconds != std::floor(seconds))
        return ApiRefusal{Refusal::BadBan, "seconds: 1 to 31622400"};
    if (!reason.isUndefined() && !reason.isString())
        return ApiRefusal{Refusal::BadBan, "reason"};
    BanRequest ban{std::chrono::seconds(static_cast<qint64>(seconds)),
                   reason.toString().toStdString()};
    if (!isName(ban.reason))
        return ApiRefusal{Refusal::BadBan, "reason"};
    return ban;
}

std::optional<std::string> normalizedAddress(const std::string &text)
{
    namespace ip = boost::asio::ip;
    boost::system::error_code ec;
    const ip::address address = ip::make_address(text, ec);
    if (ec)
        return std::nullopt;
    return AddressKey(toQt(address)).toString();
}

} // namespace Dispatch

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "refusal_p.h"

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace Dispatch {

struct HttpRequest;

/// What a back end can ask for by HTTP.
enum class ApiCall {
    PublishEvent,
    ListShards,
    ListClients,
    DisconnectClient,
    DisconnectUser,
    ListBans,
    GetBan,
    PutBan,
    DeleteBan,
};

/// One row of the table of what is served, which docs/openapi.yaml describes.
struct ApiRoute {
    ApiCall call;
    std::string_view method;
    std::string_view pattern; ///< as of a Route
};

std::span<const ApiRoute> apiRoutes();

/// Why a request is not done.
struct ApiRefusal {
    Refusal refusal = Refusal::BadParameters;
    std::string detail;
};

/// What a request is about.
struct ApiTarget {
    std::string projectId;
    std::vector<std::string> names; ///< what the further braces of the pattern stand for
    std::size_t limit = 0; ///< how long a list may get
    std::string after; ///< a list goes on behind this
};

/// Reads the path and the query of \a request, which a pattern of the table has matched.
std::variant<ApiTarget, ApiRefusal> readApiTarget(const HttpRequest &request);

/// The token of \a field, the value of Authorization, if its scheme is Bearer.
std::optional<std::string_view> bearerToken(std::string_view field);

/// Tells whether \a field, the value of Content-Type, is that of JSON.
bool isJson(std::string_view field);

/// Tells whether \a key is fit to be an Idempotency-Key: 1 to 255 visible characters.
bool isIdempotencyKey(std::string_view key);

/// The body of a ban.
struct BanRequest {
    std::chrono::seconds seconds{};
    std::string reason;
};
std::variant<BanRequest, ApiRefusal> readBan(std::string_view body);

/// Whom a ban of the IP address \a text is of, as the server writes it: the address, or the network
/// of one of IPv6 (AddressKey). Nothing if it is none.
std::optional<std::string> normalizedAddress(const std::string &text);

} // namespace Dispatch

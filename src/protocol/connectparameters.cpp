// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "connectparameters_p.h"

#include "text_p.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace Dispatch {

using namespace std::string_view_literals;

namespace {

std::optional<int> numberFrom(int least, std::string_view text)
{
    int number = 0;
    const char *end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (stop != end || error != std::errc() || number < least)
        return std::nullopt;
    return number;
}

bool isKnown(std::string_view key)
{
    constexpr std::array Keys{"projectId"sv, "shardName"sv, "maxConnectionsPerShard"sv,
                              "projectToken"sv, "authorization"sv};
    return std::ranges::find(Keys, key) != Keys.end();
}

/// Takes one decoded pair over; the reason if it can't be.
std::optional<ParameterError> assign(ConnectParameters &parameters, std::string_view key,
                                     std::string value)
{
    if (!Text::isValidUtf8(value)) {
        // What nobody knows may be a token that slipped into the wrong place: it is not repeated.
        return ParameterError{isKnown(key) ? std::string(key) : "a parameter", "is no UTF-8"};
    }
    if (key == "projectId") {
        if (!isValidProjectId(value))
            return ParameterError{"projectId", "is 1 to 128 of the characters A-Z a-z 0-9 . _ ~ -"};
        parameters.projectId = std::move(value);
    } else if (key == "shardName") {
        if (!isValidShardName(value))
            return ParameterError{"shardName", "has at most 128 bytes and no control characters"};
        parameters.shardName = std::move(value);
    } else if (key == "maxConnectionsPerShard") {
        const std::optional<int> number = numberFrom(1, value);
        if (!number)
            return ParameterError{"maxConnectionsPerShard", "is a whole number from 1 on"};
        parameters.maxConnectionsPerShard = *number;
    } else if (key == "history") {
        const std::optional<int> number = numberFrom(0, value);
        if (!number)
            return ParameterError{"history", "is a whole number from 0 on"};
        parameters.history = *number;
    } else if (key == "projectToken") {
        parameters.projectToken = std::move(value);
    } else if (key == "authorization") {
        parameters.authorization = std::move(value);
    }
    return std::nullopt;
}

void appendPair(std::string &query, std::string_view key, std::string_view value)
{
    if (value.empty())
        return;
    if (!query.empty())
        query += '&';
    query.append(key).append("=").append(Text::percentEncoded(value));
}

} // namespace

std::variant<ConnectParameters, ParameterError> parseConnectParameters(std::string_view target)
{
    ConnectParameters parameters;
    const auto mark = target.find('?');
    std::string_view rest =
        mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1);
    rest = rest.substr(0, rest.find('#'));
    while (!rest.empty()) {
        const std::string_view pair = rest.substr(0, rest.find('&'));
        rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
        const auto equals = pair.find('=');
        if (equals == std::string_view::npos || equals + 1 == pair.size())
            continue;
        if (Text::hasBrokenEscape(pair))
            return ParameterError{"the query", "has a '%' that is not followed by two digits"};
        const std::string key = Text::percentDecoded(pair.substr(0, equals), true);
        std::string value = Text::percentDecoded(pair.substr(equals + 1), true);
        if (auto error = assign(parameters, key, std::move(value)))
            return *error;
    }
    return parameters;
}

std::string toQuery(const ConnectParameters &parameters)
{
    std::string query;
    appendPair(query, "projectId", parameters.projectId);
    appendPair(query, "shardName", parameters.shardName);
    appendPair(query, "maxConnectionsPerShard", std::to_string(parameters.maxConnectionsPerShard));
    appendPair(query, "projectToken", parameters.projectToken);
    appendPair(query, "authorization", parameters.authorization);
    if (parameters.history > 0)
        appendPair(query, "history", std::to_string(parameters.history));
    return query;
}

bool isValidProjectId(std::string_view projectId)
{
    // The unreserved characters of RFC 3986: what needs no escape in a URL.
    return !projectId.empty() && projectId.size() <= Limits::ProjectIdBytes
        && Text::percentEncoded(projectId) == projectId;
}

bool isValidShardName(std::string_view shardName)
{
    return shardName.size() <= Limits::ShardNameBytes && Text::isValidUtf8(shardName)
        && !Text::hasControlCharacter(shardName);
}

} // namespace Dispatch

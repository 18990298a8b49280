// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "limits_p.h"

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace Dispatch {

/// The project of a client that names none (docs/protocol.md, "Joining").
inline constexpr std::string_view DefaultProjectId = "default";

/// What a client asks for in the query of the URL that it connects to.
struct ConnectParameters {
    std::string projectId = std::string(DefaultProjectId);
    std::string shardName; ///< empty: the server chooses
    int maxConnectionsPerShard = Limits::DefaultConnectionsPerShard;
    std::string projectToken; ///< of a back end
    std::string authorization; ///< a user's token; only original clients put it here
    int history = 0; ///< events from before the join that are wished for; extended profile alone

    bool operator==(const ConnectParameters &) const = default;
};

/// Why a query was refused; \a field is the parameter's name, \a reason a sentence.
struct ParameterError {
    std::string field;
    std::string reason;
};

/// Reads the query of \a target (a request target as in "/any/path?projectId=x"). The limits are
/// those of docs/protocol.md; a number may be written as text; absent values get their defaults.
std::variant<ConnectParameters, ParameterError> parseConnectParameters(std::string_view target);

/// The query, without '?', that asks for \a parameters. Absent values are left out,
/// maxConnectionsPerShard is always there.
std::string toQuery(const ConnectParameters &parameters);

bool isValidProjectId(std::string_view projectId);
bool isValidShardName(std::string_view shardName);

} // namespace Dispatch

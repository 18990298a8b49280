// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace Dispatch {

/// What a back end is told of a client. Times are in ms since the epoch.
struct ClientInfo {
    std::string clientId;
    std::string userId; ///< empty: not identified
    std::string userInfoFields; ///< JSON members without braces
    std::string address; ///< the IP address that it comes from
    std::int64_t connectedSince = 0;
    std::int64_t lastPing = 0;
    bool isAway = false; ///< it lost its connection, and may come back
};

/// A part of the list of a shard's clients, by client id.
struct ClientPage {
    bool isThere = false; ///< whether there is such a shard
    std::vector<ClientInfo> clients;
    bool hasMore = false;
};

/// Connections that belong to one client, user or address.
struct ClientSelection {
    enum class Kind { Client, User, Address };

    std::string projectId;
    Kind kind = Kind::Client;
    std::string name;
};

} // namespace Dispatch

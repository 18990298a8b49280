// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "clientmessage_p.h"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace Dispatch {

/// An event that a back end publishes: {"eventName", "payload"?} with "shardName" or "shards", or
/// with "users" and "clients", or with none of these. The views point into the text that was
/// parsed.
struct Publication {
    std::string_view rawName; ///< as it came, with its quotes
    std::string_view payload; ///< as it came, validated; "{}" if there was none
    /// Nothing: all shards of the project. Empty: none.
    std::optional<std::vector<std::string>> shards;
    /// It goes to users and clients, and to no shard.
    bool isForPeople = false;
    std::vector<std::string> users;
    std::vector<std::string> clients;
};

/// Reads a publication, whose \a text is held to all that holds for a message of a client, and must
/// be followed by ClientMessageParser::padding() readable bytes. At most \a maxRecipients different
/// shards, or users and clients, can be named.
std::variant<Publication, ClientMessageError>
parsePublication(ClientMessageParser &parser, std::string_view text, std::size_t maxRecipients);

} // namespace Dispatch

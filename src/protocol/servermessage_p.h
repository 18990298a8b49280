// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace Dispatch {

/// What an event says of itself beside its payload where the extended profile is spoken.
struct EventDetails {
    std::uint64_t seq = 0; ///< its number in the shard; 0: it has none
    std::string_view from; ///< the emitter's client id; empty: it was published by HTTP
    std::string_view fromUser; ///< empty: not identified
    std::int64_t time = 0; ///< when the server took it, ms since the epoch
    /// The id of a request; empty: it is none. Unescaped in what was read, JSON text in what is to
    /// be written: the server passes it on as it came.
    std::string_view request = {};
    std::string_view reply = {}; ///< that of the request that it answers, likewise
};

/// A message from the server to a client: {"eventName", "payload", "latencyMs"}.
/// The views point into the text that was parsed, or into the parser.
struct ServerMessage {
    std::string_view eventName; ///< unescaped
    std::string_view payload; ///< as it came; not looked into, so it may still be invalid
    double latencyMs = 0;
    EventDetails details; ///< of the extended profile; 0 or empty where the server did not say
};

/// Reads messages of the server. Keeps its buffers from message to message; one per thread.
class ServerMessageParser {
public:
    ServerMessageParser();
    ~ServerMessageParser();

    /// Reads the envelope; nothing if it is none. \a text must be followed by \ref padding()
    /// readable bytes.
    std::optional<ServerMessage> parse(std::string_view text);

    static std::size_t padding();

private:
    struct Private;
    const std::unique_ptr<Private> d;
};

/// Appends the text of an event to \a out. \a rawName is JSON text with quotes, \a payload valid
/// JSON; both go out as they are.
void appendServerMessage(std::string &out, std::string_view rawName, std::string_view payload,
                         double latencyMs);

/// The same with \a details behind what a client of the base profile knows.
void appendServerMessage(std::string &out, std::string_view rawName, std::string_view payload,
                         double latencyMs, const EventDetails &details);

/// The payload of ACK: all up to \a emit were dealt with, and it became event \a seq of the shard;
/// 0: of none.
std::string ackPayload(std::uint64_t emit, std::uint64_t seq);

/// The payload of the first event of a connection. \a limits is a JSON object.
std::string connectedPayload(std::string_view clientId, std::string_view shardName,
                             std::string_view limits);

} // namespace Dispatch

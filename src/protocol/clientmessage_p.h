// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "limits_p.h"
#include "refusal_p.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace Dispatch {

/// Which of the two profiles of the protocol is spoken.
enum class Profile { Base, Extended };

/// A message from a client to the server: {"eventName", "payload"?, "recipients"?}, and in the
/// extended profile {"emit"?, "ack"?, "request"?, "reply"?}. The views point into the text that was
/// parsed.
struct ClientMessage {
    std::string eventName; ///< unescaped
    std::string_view rawName; ///< as it came, with its quotes
    std::string_view payload; ///< as it came, validated; "{}" if there was none
    /// Nothing: the whole shard. Empty: nobody. Sorted, each once.
    std::optional<std::vector<std::string>> recipients;
    std::uint64_t emit = 0; ///< the number that the client gave it; 0: none
    bool wantsAck = false;
    std::string_view request = {}; ///< as it came, with its quotes; empty: none
    std::string_view reply = {}; ///< the same
};

struct ClientMessageError {
    Refusal refusal;
    std::string detail;
    std::uint64_t emit = 0; ///< of the message, as far as it could be read; 0: none, or not known
};

/// Reads messages of clients. Keeps its buffers from message to message; one per thread.
class ClientMessageParser {
public:
    /// What a message may have at most.
    struct Bounds {
        int tokens = Limits::JsonTokens; ///< keys and values
        std::size_t recipients = Limits::Recipients; ///< different ones
    };

    ClientMessageParser();
    ~ClientMessageParser();

    void setBounds(const Bounds &bounds);

    /// Parses \a text, which is validated whole: what is returned can be spliced into another
    /// message. \a text must be followed by \ref padding() readable bytes. Fields of a profile that
    /// is not spoken are passed over.
    std::variant<ClientMessage, ClientMessageError> parse(std::string_view text,
                                                          Profile profile = Profile::Base);

    /// The token of an IDENTIFY payload, or nothing.
    std::optional<std::string> parseToken(std::string_view payload);

    /// The fields of a SET_USER_INFO payload, as text without the braces ("\"a\":1,\"b\":2"), less
    /// those that only the server may set (lastPing, clientId, userId).
    std::variant<std::string, ClientMessageError> parseUserInfo(std::string_view payload);

    static std::size_t padding();

private:
    struct Private;
    const std::unique_ptr<Private> d;
};

/// What a message says of itself in the extended profile.
struct EmitDetails {
    std::uint64_t emit = 0; ///< its number; 0: none
    bool wantsAck = false;
    std::string_view request = {}; ///< the id of a request; empty: it is none
    std::string_view reply = {}; ///< the id of the request that it answers; empty: none
};

/// Appends the fields that say that a message is \a emit of a session, each with its comma: they
/// stand in front of what can be wrong, so that the server can say which one it refuses.
void appendEmit(std::string &out, std::uint64_t emit, bool wantsAck);

/// The text of a message from a client. \a payload is JSON text, or empty for none.
std::string encodeClientMessage(std::string_view eventName, std::string_view payload,
                                const std::optional<std::vector<std::string>> &recipients,
                                const EmitDetails &details = {});

} // namespace Dispatch

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace Load {

/// How a server wants to be spoken to.
class Dialect {
public:
    enum Kind {
        Dispatch,
        Extended, ///< Dispatch's extended profile
        Relay, ///< a room server on ws: Dispatch's messages, but no greeting
        SocketIo,
    };

    /// Throws if there is no such dialect.
    static Dialect named(std::string_view name);

    explicit Dialect(Kind kind)
        : m_kind(kind)
    {
    }
    Kind kind() const { return m_kind; }

    /// Whether the server speaks first after the upgrade.
    bool greets() const { return m_kind != Relay; }
    /// What has to be offered in the handshake; empty: nothing.
    std::string_view subprotocol() const;
    /// The request target that joins \a room.
    std::string target(std::string_view room) const;
    /// Event \a number of a connection, from 1 on, as the client sends it.
    std::string event(std::string_view name, std::string_view payload, std::int64_t number) const;
    /// Event \a number of a shard, from 1 on, as the server sends it.
    std::string serverEvent(std::string_view name, std::string_view payload,
                            std::int64_t number) const;
    /// What the server says first to whom it takes in.
    std::string greeting() const;
    /// How each event that is called \a name begins.
    std::string prefix(std::string_view name) const;

private:
    Kind m_kind;
};

/// A JSON object of \a bytes bytes, number \a n, as an app would send.
std::string samplePayload(int n, std::size_t bytes);
/// Makes \a payload, such a one, number \a n.
void renumberSamplePayload(std::string &payload, std::int64_t n);

/// Makes an event of 200 bytes when the server has wrapped it.
inline constexpr std::size_t SamplePayloadBytes = 151;

} // namespace Load

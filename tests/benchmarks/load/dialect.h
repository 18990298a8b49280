// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <string>
#include <string_view>

namespace Load {

/// How a server wants to be spoken to.
class Dialect {
public:
    enum Kind {
        Dispatch,
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
    /// The request target that joins \a room.
    std::string target(std::string_view room) const;
    /// An event as the client sends it.
    std::string event(std::string_view name, std::string_view payload) const;
    /// An event as the server sends it.
    std::string serverEvent(std::string_view name, std::string_view payload) const;
    /// How each event that is called \a name begins.
    std::string prefix(std::string_view name) const;

private:
    Kind m_kind;
};

/// A JSON object of \a bytes bytes, number \a n, as an app would send.
std::string samplePayload(int n, std::size_t bytes);

/// Makes an event of 200 bytes when the server has wrapped it.
inline constexpr std::size_t SamplePayloadBytes = 151;

} // namespace Load

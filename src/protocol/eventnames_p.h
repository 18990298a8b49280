// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <string_view>

/// The event names that the platform keeps for itself (docs/protocol.md, "Platform events").
namespace Dispatch::EventName {

inline constexpr std::string_view Connected = "@@KOJI_DISPATCH/CONNECTED";
inline constexpr std::string_view ConnectedClientsChanged =
    "@@KOJI_DISPATCH/CONNECTED_CLIENTS_CHANGED";
inline constexpr std::string_view Ack = "@@KOJI_DISPATCH/ACK";
inline constexpr std::string_view Presence = "@@KOJI_DISPATCH/PRESENCE";
inline constexpr std::string_view State = "@@KOJI_DISPATCH/STATE";
inline constexpr std::string_view SetState = "@@KOJI_DISPATCH/SET_STATE";
inline constexpr std::string_view SetUserInfo = "@@KOJI_DISPATCH/SET_USER_INFO";
inline constexpr std::string_view Identify = "@@KOJI_DISPATCH/IDENTIFY";
inline constexpr std::string_view Error = "@@KOJI_DISPATCH/ERROR";

/// Tells whether no client may emit \a name: it begins with "@@", whatever white space stands
/// before it, whichever Unicode form of the at sign it uses, and whatever invisible characters
/// stand before or between these. A relayed platform event would let one client speak to the
/// others as if it were the server.
bool isReserved(std::string_view name);

} // namespace Dispatch::EventName

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <cstddef>

/// The sizes that both sides agree on (docs/protocol.md, "Limits").
namespace Dispatch::Limits {

/// UTF-16 code units of a whole message: what JavaScript calls the length of a string.
inline constexpr std::size_t MessageUtf16Units = 128'000;
/// Bytes of a whole message: what that many code units can be in UTF-8.
inline constexpr std::size_t MessageBytes = 3 * MessageUtf16Units;
/// Bytes of one WebSocket frame from the server; a longer message is cut into such fragments.
inline constexpr std::size_t FragmentBytes = 64 * 1024;
inline constexpr std::size_t EventNameBytes = 255;
inline constexpr std::size_t RecipientBytes = 255;
inline constexpr std::size_t Recipients = 100;
inline constexpr std::size_t ProjectIdBytes = 128;
inline constexpr std::size_t ShardNameBytes = 128;
inline constexpr std::size_t UserInfoBytes = 4096;
inline constexpr std::size_t RequestIdBytes = 64;
/// Levels of user info, its object included.
inline constexpr int UserInfoDepth = 16;
inline constexpr std::size_t TokenBytes = 8192;
/// Characters of what a client resumes its session with: 256 bits as base64url.
inline constexpr std::size_t SessionSecretLength = 43;
/// Levels of objects and arrays in one another, the message itself included.
inline constexpr int JsonDepth = 64;
/// Keys and values of a whole message, the message itself included.
inline constexpr int JsonTokens = 20'000;
/// The limit of a shard whose opener names none.
inline constexpr int DefaultConnectionsPerShard = 100;
inline constexpr int MaximumConnectionsPerShard = 1000;

} // namespace Dispatch::Limits

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace Dispatch::Engine {

/// What Redis does in one step; each has its file in scripts/.
enum class RedisScript {
    Place,
    Release,
    KeepSeats,
    Occupancy,
    Nodes,
    Locate,
    Publish,
    Read,
    SetPin,
    ListPins,
    ChangeState,
    ListState,
    SetMember,
    RemoveMember,
    ListMembers,
    KeepMembers,
    CreateSession,
    ClaimSession,
    UpdateSession,
    RestoreSession,
    EndSession,
};
inline constexpr std::size_t RedisScriptCount = 21;

/// The whole text of a script, as Redis takes it.
const std::string &textOf(RedisScript script);

} // namespace Dispatch::Engine

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "emitledger_p.h"
#include "enginetypes_p.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace Dispatch {

/// What servers tell each other of a session beside what the engine has to know.
struct SessionState {
    std::string userInfoFields;
    std::vector<RefusedEmit> refused;
    std::uint64_t refusedSince = 1;

    bool operator==(const SessionState &) const = default;
};

std::string packedState(const SessionState &state);
/// Nothing if \a text was not made by packedState().
std::optional<SessionState> unpackedState(std::string_view text);

/// A session that was another server's, and goes on here.
struct AdoptedSession {
    Engine::Session session;
    SessionState state;
    std::uint64_t lastEmit =
        0; ///< the last one that became an event of the shard, or for recipients
    Engine::Mark lastMark; ///< the end of the shard's stream, when that was asked for
    std::vector<Engine::Entry> directs; ///< events for recipients behind session.directMark
    bool hasAllDirects = false;
};

} // namespace Dispatch

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "event_p.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace Dispatch {

struct Mailing;

/// \a event as servers tell it each other, without its number.
std::string packedEvent(const Event &event);
/// The event in \a text, as views of it; nothing if there is none.
std::optional<Event> unpackedEvent(std::string_view text);

/// An event for recipients, on its way through the stream of a project.
struct DirectEvent {
    Event event; ///< as views
    std::vector<std::string> recipients; ///< ids of clients or users
    std::vector<std::string> users;
    std::vector<std::string> clients;
    std::string_view shardName = {}; ///< of the emitter; empty: it is in none
    std::uint64_t afterSeq = 0; ///< the latest event of the emitter there
};

std::string packedDirect(const Event &event, const std::vector<std::string> &recipients);
std::string packedDirect(const Mailing &mailing);
/// To be put behind an event for recipients: where the emitter was.
std::string packedPlace(std::string_view shardName, std::uint64_t afterSeq);
/// As unpackedEvent().
std::optional<DirectEvent> unpackedDirect(std::string_view text);

} // namespace Dispatch

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "banlist_p.h"
#include "clientinfo_p.h"
#include "enginetypes_p.h"
#include "event_p.h"
#include "refusal_p.h"

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

// What goes through the stream of a project begins with its kind. Each function that reads one
// knows only its own, and finds nothing in the others: servers live with those that say more than
// they do.

/// An event for recipients.
struct DirectEvent {
    Event event; ///< as views
    std::vector<std::string> recipients; ///< ids of clients or users
    std::vector<std::string> users;
    std::vector<std::string> clients;
    std::string_view shardName = {}; ///< of the emitter; empty: it is in none
    Engine::Mark after = {}; ///< the emitter's events there are not behind that

    /// Whether it has a place among the events of the shard \a name in its life \a epoch.
    bool isIn(std::string_view name, std::uint64_t epoch) const
    {
        return shardName == name && after.epoch == epoch;
    }
};

std::string packedDirect(const Event &event, const std::vector<std::string> &recipients);
std::string packedDirect(const Mailing &mailing);
/// To be put behind an event for recipients: where the emitter was.
std::string packedPlace(std::string_view shardName, const Engine::Mark &after);
/// As unpackedEvent().
std::optional<DirectEvent> unpackedDirect(std::string_view text);

/// That clients have to go, wherever they are.
struct Dismissal {
    ClientSelection whom; ///< of the project whose stream it is in
    Refusal refusal = Refusal::Disconnected;
    std::string detail;
    std::string asker; ///< the node that wants to know how many they were ...
    std::uint64_t question = 0; ///< ... and its number for that
};

std::string packedDismissal(const Dismissal &dismissal);
std::optional<Dismissal> unpackedDismissal(const std::string &projectId, std::string_view text);

/// That somebody is banned, or not any more. How long is said as time that is left.
struct BanNews {
    BanList::Ban ban; ///< of one that was taken back its kind and name
    bool isTakenBack = false;
};

std::string packedBanNews(const BanNews &news, TimePoint now);
std::optional<BanNews> unpackedBanNews(std::string_view text, TimePoint now);

/// What one server says to another.
struct Headcount {
    std::uint64_t question = 0; ///< of the other one
    std::string node; ///< whose answer it is
    int count = 0;
};

std::string packedHeadcount(const Headcount &headcount);
std::optional<Headcount> unpackedHeadcount(std::string_view text);

} // namespace Dispatch

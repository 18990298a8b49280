// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "history.h"

#include <string>
#include <vector>

namespace Dispatch::Faults {

/// Which events of one emitter have to come in the order in which they were emitted.
enum class Order {
    OfAll,
    /// What goes to the shard, and what goes to recipients, each for itself: several servers have
    /// two streams for it (docs/engine.md).
    OfEachStream,
};

/// What the guarantees of the protocol forbid and a run shows all the same; empty if all is well.
/// The run must have come to rest: all faults over, all clients connected again, all said.
///
/// - No event comes twice to a client.
/// - The events of one emitter come in the order in which they were emitted, as \a order says.
/// - All of a shard see one order; in an epoch a number stands for one event.
/// - From a join to the next one that is not recovered an extended client misses nothing; a client
///   of the base profile misses nothing from a join to the end of its connection.
/// - Nobody gets what was not for him, and nothing comes in two shards.
/// - What was acknowledged reached every extended client it was for who was there, or came back in
///   time.
/// - Each emit has a fate, and one only; what was dropped reached nobody. Where it is told of
///   failures alone, and of none, it arrived.
/// - A lost connection is told, with a reason, and before anything comes of the next one. Who tells
///   people of losses tells of each that lasts once, and of each return, once it has joined again,
///   with whether it was recovered.
/// - At the end all of a shard see the same people: those who are there.
/// - No event reaches more clients than its shard has seats, nobody sees more.
std::vector<std::string> check(const std::vector<History> &histories, Order order = Order::OfAll);

/// What is wrong with how the clients were told that the server was started anew \a restarts
/// times, without a session that it could go on with, after all had joined: each extended client is
/// told once each time that something may be missing, and a client of the base profile joins again.
std::vector<std::string> checkRestarts(const std::vector<History> &histories, int restarts);

} // namespace Dispatch::Faults

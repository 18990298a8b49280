// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "history.h"

#include <string>
#include <vector>

namespace Dispatch::Faults {

/// What the guarantees of the protocol forbid and a run shows all the same; empty if all is well.
/// The run must have come to rest: all faults over, all clients connected again, all said.
///
/// - No event comes twice to a client.
/// - The events of one emitter come in the order in which they were emitted.
/// - All of a shard see one order; in an epoch a number stands for one event.
/// - From a join to the next one that is not recovered an extended client misses nothing.
/// - Nobody gets what was not for him.
/// - What was acknowledged reached every extended client it was for who was there, or came back in
///   time.
/// - Each emit of an extended client has a fate, and one only; what was dropped reached nobody.
/// - Who tells people of losses tells of each that lasts once, and of each return, once it has
/// joined
///   again, with whether it was recovered.
/// - At the end all of a shard see the same people: those who are there.
std::vector<std::string> check(const std::vector<History> &histories);

} // namespace Dispatch::Faults

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <cstdint>
#include <string>

namespace Dispatch::Engine {

/// 64 bits from the system, never 0: names what nobody else may ever name so. On any thread.
std::uint64_t randomNumber();

/// A name for a shard that nobody named: short, for people read it out and type it.
std::string newShardName();

} // namespace Dispatch::Engine

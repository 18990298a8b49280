// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "redisserver.h"

namespace Dispatch::Engine {

/// Prints what an event costs Redis and the nodes that emit and hear it, by how many they are.
void measureFanOut(RedisServer &server);

} // namespace Dispatch::Engine

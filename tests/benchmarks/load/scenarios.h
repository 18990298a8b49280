// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "arguments.h"

/// What the load generator can do. Each prints one line of JSON at its end, and throws
/// std::runtime_error if it cannot.
namespace Load {

/// Rooms in each of which one client keeps so many events in flight: how many are delivered, and
/// what each costs the server.
void saturate(const Arguments &arguments);

/// Connections that do nothing: what each costs the server's memory. Prints {"held":n} when they
/// stand, and goes on when stdin is closed.
void idle(const Arguments &arguments);

/// A room with a steady sender: how long events take and what they cost; with or without a client
/// that stops reading, and with or without others who are there and do nothing.
void steady(const Arguments &arguments);

/// Is a server itself: sends one client a stream of events as fast as it
/// takes them.
void replay(const Arguments &arguments);

} // namespace Load

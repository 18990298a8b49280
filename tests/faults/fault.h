// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace Dispatch::Faults {

using Milliseconds = std::chrono::milliseconds;

/// The way that bytes go.
enum class Way { ToServer, ToClient };

/// Something that goes wrong between a client and the server.
struct Fault {
    enum class Kind {
        Delay, ///< bytes arrive later, by `amount` ms; ends
        Throttle, ///< `amount` bytes/s; ends
        BlackHole, ///< nothing passes, the connection stays open; ends
        Refuse, ///< whoever connects is reset; ends
        Reset, ///< both sides see a reset
        HalfClose, ///< the receiver sees the end of the stream, the other way goes on
        Cut, ///< after `amount` more bytes both sides see a reset
    };

    Milliseconds at{};
    Kind kind = Kind::Reset;
    Way way = Way::ToServer;
    std::size_t amount = 0;
    Milliseconds lasts{}; ///< for those that end

    bool operator==(const Fault &) const = default;
};

/// What happens to one client, in the order of time.
using Schedule = std::vector<Fault>;

/// The schedule of \a seed: the same one for the same arguments, on every machine. All faults are
/// over at the end of \a length.
Schedule makeSchedule(std::uint64_t seed, Milliseconds length, std::size_t faults);

/// For people who want to know what a seed stands for.
std::string describe(const Schedule &schedule);

} // namespace Dispatch::Faults

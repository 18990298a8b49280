// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "fault.h"

#include <algorithm>
#include <random>
#include <string_view>

namespace Dispatch::Faults {

namespace {

constexpr std::size_t Kinds = 7;

/// The distributions of the standard library differ from one to the next; this does not.
class Dice {
public:
    explicit Dice(std::uint64_t seed)
        : m_engine(seed)
    {
    }
    std::size_t below(std::size_t end)
    {
        return std::size_t(m_engine() % std::max<std::uint64_t>(end, 1));
    }
    std::size_t between(std::size_t first, std::size_t last)
    {
        return first + below(last - first + 1);
    }

private:
    std::mt19937_64 m_engine;
};

std::size_t amountOf(Fault::Kind kind, Dice &dice)
{
    switch (kind) {
    case Fault::Kind::Delay:
        return dice.between(1, 60);
    case Fault::Kind::Throttle:
        return dice.between(4'000, 64'000);
    case Fault::Kind::Cut:
        // A frame's header, the middle of one, or somewhere in a burst.
        return dice.below(2) ? dice.below(8) : dice.below(4'000);
    default:
        return 0;
    }
}

bool ends(Fault::Kind kind)
{
    return kind == Fault::Kind::Delay || kind == Fault::Kind::Throttle
        || kind == Fault::Kind::BlackHole || kind == Fault::Kind::Refuse;
}

std::string_view nameOf(Fault::Kind kind)
{
    constexpr std::string_view names[] = {"delay", "throttle",   "black hole", "refuse",
                                          "reset", "half-close", "cut"};
    return names[std::size_t(kind)];
}

} // namespace

Schedule makeSchedule(std::uint64_t seed, Milliseconds length, std::size_t faults)
{
    Dice dice(seed);
    Schedule schedule;
    for (std::size_t i = 0; i < faults; ++i) {
        Fault fault;
        fault.kind = Fault::Kind(dice.below(Kinds));
        fault.way = dice.below(2) ? Way::ToClient : Way::ToServer;
        fault.at = Milliseconds(dice.below(std::size_t(length.count())));
        fault.amount = amountOf(fault.kind, dice);
        if (ends(fault.kind)) {
            const Milliseconds most = std::min(length - fault.at, length / 3);
            fault.lasts = Milliseconds(dice.below(std::size_t(most.count())));
        }
        schedule.push_back(fault);
    }
    std::ranges::stable_sort(schedule, {}, &Fault::at);
    return schedule;
}

std::string describe(const Schedule &schedule)
{
    std::string out;
    for (const Fault &fault : schedule) {
        out += std::to_string(fault.at.count()) + " ms: " + std::string(nameOf(fault.kind));
        out += fault.way == Way::ToServer ? " to the server" : " to the client";
        if (fault.amount > 0)
            out += ", " + std::to_string(fault.amount);
        if (fault.lasts > Milliseconds::zero())
            out += ", for " + std::to_string(fault.lasts.count()) + " ms";
        out += '\n';
    }
    return out;
}

} // namespace Dispatch::Faults

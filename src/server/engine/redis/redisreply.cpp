// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "redisreply_p.h"

#include "streamposition_p.h"

#include <algorithm>
#include <array>
#include <utility>

namespace Dispatch::Engine {

namespace {

/// The first word of an error is its code.
std::string_view codeOf(const redisReply &error)
{
    const std::string_view text = textOf(error);
    return text.substr(0, text.find(' '));
}

} // namespace

std::uint64_t numberOf(const redisReply &reply)
{
    if (reply.type == REDIS_REPLY_INTEGER)
        return reply.integer > 0 ? static_cast<std::uint64_t>(reply.integer) : 0;
    return parseNumber(textOf(reply)).value_or(0);
}

std::uint64_t epochOf(const redisReply &reply)
{
    return parseEpoch(textOf(reply)).value_or(0);
}

const redisReply &at(const redisReply &reply, std::size_t i)
{
    static const redisReply nothing{};
    return i < reply.elements ? *reply.element[i] : nothing;
}

Failure failureOf(const redisReply &error)
{
    using Row = std::pair<std::string_view, Failure>;
    constexpr std::array Table = {
        Row{"FULL", Failure::ShardFull},        Row{"GAP", Failure::EmitGap},
        Row{"GONE", Failure::NoSession},        Row{"LATE", Failure::Unavailable},
        Row{"SUPERSEDED", Failure::Superseded}, Row{"TAKEN", Failure::Unavailable},
        Row{"UNLEASED", Failure::Fenced},       Row{"MANY", Failure::TooManyPins},
        Row{"CROWDED", Failure::StateFull},     Row{"OWNED", Failure::StateOwned},
        Row{"CHANGED", Failure::StateChanged},
    };
    const auto row = std::ranges::find(Table, codeOf(error), &Row::first);
    return row == Table.end() ? Failure::Rejected : row->second;
}

bool isPassing(const redisReply &error)
{
    constexpr std::array<std::string_view, 5> Codes = {"CLUSTERDOWN", "LOADING", "MASTERDOWN",
                                                       "READONLY", "TRYAGAIN"};
    return std::ranges::find(Codes, codeOf(error)) != Codes.end();
}

} // namespace Dispatch::Engine

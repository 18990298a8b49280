// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "enginetypes_p.h"

#include <hiredis/hiredis.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace Dispatch::Engine {

struct FreeRedisReply {
    void operator()(redisReply *reply) const { freeReplyObject(reply); }
};
using RedisReply = std::unique_ptr<redisReply, FreeRedisReply>;

inline bool isError(const redisReply &reply)
{
    return reply.type == REDIS_REPLY_ERROR;
}

/// Empty unless it is a text, a status or an error.
inline std::string_view textOf(const redisReply &reply)
{
    return reply.str ? std::string_view(reply.str, reply.len) : std::string_view();
}

/// An integer, or one that is written in decimal digits; else 0.
std::uint64_t numberOf(const redisReply &reply);

/// An epoch, written as everywhere; else 0.
std::uint64_t epochOf(const redisReply &reply);

/// Element \a i of an array; what is not there is an empty text.
const redisReply &at(const redisReply &reply, std::size_t i);

/// What an error means to the one who called.
Failure failureOf(const redisReply &error);

/// Whether an error says that this server can't be worked with now, but perhaps another one, or
/// later.
bool isPassing(const redisReply &error);

} // namespace Dispatch::Engine

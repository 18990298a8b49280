// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "rediscalls_p.h"
#include "redisreply_p.h"

#include <string>
#include <utility>

/// What calls of Redis are given, and how their answers are taken.
namespace Dispatch::Engine {

inline std::string text(milliseconds time)
{
    return std::to_string(time.count());
}

inline std::string flag(bool isSet)
{
    return isSet ? "1" : "0";
}

/// Decodes what comes with \a decode, unless it is a failure.
template<class T, class Decode>
RedisCalls::Answer decoded(Done<T> done, Decode decode)
{
    return [done = std::move(done), decode](const redisReply *reply, Failure failure) {
        if (reply)
            done(decode(*reply));
        else
            done(failure);
    };
}

inline RedisCalls::Answer confirmed(Done<Nothing> done)
{
    return decoded(std::move(done), [](const redisReply &) { return Nothing(); });
}

} // namespace Dispatch::Engine

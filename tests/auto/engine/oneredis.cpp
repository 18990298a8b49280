// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

// The suite on one Redis.

#include "redistestcluster.h"

RedisServer *sharedRedisServer()
{
    return startedOnce(RedisServer::Kind::Alone);
}

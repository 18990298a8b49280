// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

// The suite on a Redis Cluster.

#include "redistestcluster.h"

RedisServer *sharedRedisServer()
{
    return startedOnce(RedisServer::Kind::Cluster);
}

-- SPDX-FileCopyrightText: 2026 The Dispatch authors
-- SPDX-License-Identifier: MIT

-- The seats of one project.
-- limits: hash, shard -> most clients; fill: sorted set, shard -> clients; room: the same of those that
-- are not full; seats: hash, client -> node and shard; by_node: sorted set of node and client;
-- leases: sorted set, node -> until when; dead: set of nodes whose seats are still to be given back;
-- since: hash, node -> when it took its lease; emits: that of the project's stream, where a client's
-- numbers end with its seat.
local limits, fill, room, seats, by_node, leases, dead, since, emits = unpack(KEYS)

local function free(client)
    local seat = redis.call('HGET', seats, client)
    if not seat then
        return
    end
    local shard = held(seat)
    redis.call('HDEL', seats, client)
    redis.call('ZREM', by_node, holder(seat) .. client)
    forget(emits, client)
    local count = tonumber(redis.call('ZINCRBY', fill, -1, shard))
    if count > 0 then
        redis.call('ZADD', room, count, shard)
    else
        redis.call('ZREM', fill, shard)
        redis.call('ZREM', room, shard)
        redis.call('HDEL', limits, shard)
    end
end

-- So many at once that others need not wait for long.
local most = 200
for _, gone in ipairs(redis.call('ZRANGEBYSCORE', leases, '-inf', now)) do
    redis.call('ZREM', leases, gone)
    redis.call('HDEL', since, gone)
    redis.call('SADD', dead, gone)
end
for _, gone in ipairs(redis.call('SMEMBERS', dead)) do
    local first, last = of(gone)
    local entries = redis.call('ZRANGEBYLEX', by_node, first, last, 'LIMIT', 0, most)
    for _, entry in ipairs(entries) do
        free(held(entry))
    end
    most = most - #entries
    if most <= 0 then
        break
    end
    redis.call('SREM', dead, gone)
end

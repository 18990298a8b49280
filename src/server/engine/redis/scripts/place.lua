-- SPDX-FileCopyrightText: 2026 The Dispatch authors
-- SPDX-License-Identifier: MIT

-- ARGV[4]: client; ARGV[5]: shard, or empty; ARGV[6]: the client's own limit; ARGV[7]: how long to keep
-- what nobody renews; ARGV[8]: whether to take the seat over; then names for a new shard.
-- Answers shard, its limit, and whether the client had the seat already.
local client, shard, own = ARGV[4], ARGV[5], tonumber(ARGV[6])
if not redis.call('ZSCORE', leases, node) then
    return redis.error_reply('UNLEASED the node has no lease')
end

local seat = redis.call('HGET', seats, client)
if seat then
    if holder(seat) ~= node then
        if ARGV[8] ~= '1' then
            return redis.error_reply('SUPERSEDED another node has the client')
        end
        redis.call('HSET', seats, client, node .. held(seat))
        redis.call('ZREM', by_node, holder(seat) .. client)
        redis.call('ZADD', by_node, 0, node .. client)
    end
    return {held(seat), tonumber(redis.call('HGET', limits, held(seat))), 1}
end

if shard == '' then
    shard = redis.call('ZREVRANGEBYSCORE', room, '(' .. ARGV[6], '-inf', 'LIMIT', 0, 1)[1]
    for i = 9, #ARGV do
        if not shard and redis.call('HEXISTS', limits, ARGV[i]) == 0 then
            shard = ARGV[i]
        end
    end
    if not shard then
        return redis.error_reply('TAKEN all names are in use')
    end
end
local limit = tonumber(redis.call('HGET', limits, shard) or own)
local count = tonumber(redis.call('ZSCORE', fill, shard) or 0)
if count >= math.min(limit, own) then
    return redis.error_reply('FULL the shard has no seat')
end

count = count + 1
redis.call('ZADD', fill, count, shard)
if count < limit then
    redis.call('ZADD', room, count, shard)
else
    redis.call('ZREM', room, shard)
end
redis.call('HSET', seats, client, node .. shard)
redis.call('ZADD', by_node, 0, node .. client)
if count == 1 then
    redis.call('HSET', limits, shard, limit)
    keep(ARGV[7])
end
return {shard, limit, 0}

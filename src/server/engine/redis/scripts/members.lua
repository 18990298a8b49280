-- SPDX-FileCopyrightText: 2026 The Dispatch authors
-- SPDX-License-Identifier: MIT

-- Who is in one shard. meta: that of its stream, with the number of changes; members: hash, client ->
-- node and data; by_node: sorted set of node and client; leases: sorted set, node -> until when;
-- emits, log: those of the
-- stream; since: hash, node -> when it took its lease. ARGV[4]: the channel.
local meta, members, by_node, leases, emits, log, since = unpack(KEYS)

local function tell(what, client, data)
    local revision = redis.call('HINCRBY', meta, 'revision', 1)
    redis.call('SPUBLISH', ARGV[4], what .. digits(revision) .. ' ' .. client .. ' ' .. data)
end

local function remove(client)
    local entry = redis.call('HGET', members, client)
    redis.call('HDEL', members, client)
    forget(emits, client)
    redis.call('ZREM', by_node, holder(entry) .. client)
    tell('-', client, '')
end

for _, gone in ipairs(redis.call('ZRANGEBYSCORE', leases, '-inf', now)) do
    redis.call('ZREM', leases, gone)
    redis.call('HDEL', since, gone)
    local first, last = of(gone)
    for _, entry in ipairs(redis.call('ZRANGEBYLEX', by_node, first, last)) do
        remove(held(entry))
    end
end

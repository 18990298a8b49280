-- SPDX-FileCopyrightText: 2026 The Dispatch authors
-- SPDX-License-Identifier: MIT

-- ARGV[5]: client; ARGV[6]: data; ARGV[7]: whether to take the member over;
-- ARGV[8]: how long to keep what nobody renews.
local client, data = ARGV[5], ARGV[6]
if not redis.call('ZSCORE', leases, node) then
    return redis.error_reply('UNLEASED the node has no lease')
end
local old = redis.call('HGET', members, client)
if old and holder(old) ~= node and ARGV[7] ~= '1' then
    return redis.error_reply('SUPERSEDED another node has the client')
end
if old ~= node .. data then
    redis.call('HSET', members, client, node .. data)
    if old and holder(old) ~= node then
        redis.call('ZREM', by_node, holder(old) .. client)
    end
    redis.call('ZADD', by_node, 0, node .. client)
    if redis.call('HLEN', members) == 1 then
        keep(ARGV[8])
    end
    if not old or held(old) ~= data then
        tell('+', client, data)
    end
end
return 1

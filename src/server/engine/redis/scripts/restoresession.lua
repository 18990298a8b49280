-- SPDX-FileCopyrightText: 2026 The Dispatch authors
-- SPDX-License-Identifier: MIT

-- KEYS[1]: the session. ARGV[4]: how long to keep it; ARGV[5]: the generation of the caller; then
-- fields and values.
local known = redis.call('HMGET', KEYS[1], 'generation', 'node')
local generation = tonumber(known[1] or 0)
local own = tonumber(ARGV[5])
-- Of two nodes with one generation, the caller knew this Redis before it lost its latest.
if generation > own or (generation == own and known[2] ~= node) then
    return redis.error_reply('SUPERSEDED another node has it')
end
redis.call('HSET', KEYS[1], 'node', node, 'generation', ARGV[5], unpack(ARGV, 6))
keep(ARGV[4])
return 1

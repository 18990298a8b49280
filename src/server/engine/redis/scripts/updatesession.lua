-- SPDX-FileCopyrightText: 2026 The Dispatch authors
-- SPDX-License-Identifier: MIT

-- KEYS[1]: the session. ARGV[4]: how long to keep it; ARGV[5]: the generation of the caller; then
-- fields and values.
local generation = redis.call('HGET', KEYS[1], 'generation')
if not generation then
    return redis.error_reply('GONE there is no such session')
end
if generation ~= ARGV[5] then
    return redis.error_reply('SUPERSEDED another node has it')
end
redis.call('HSET', KEYS[1], unpack(ARGV, 6))
keep(ARGV[4])
return 1

-- SPDX-FileCopyrightText: 2026 The Dispatch authors
-- SPDX-License-Identifier: MIT

-- KEYS[1]: the session. ARGV[4]: the generation of the caller.
local generation = redis.call('HGET', KEYS[1], 'generation')
if generation and generation ~= ARGV[4] then
    return redis.error_reply('SUPERSEDED another node has it')
end
redis.call('DEL', KEYS[1])
return 1

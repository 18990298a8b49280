-- SPDX-FileCopyrightText: 2026 The Dispatch authors
-- SPDX-License-Identifier: MIT

-- KEYS[1]: the session. ARGV[4]: how long to keep it; ARGV[5]: the hash of a secret that was shown;
-- ARGV[6]: that of the next one. Answers the session, as it is now, with the owner before.
local names = {'node', 'secret', 'previous', 'project', 'shard', 'user', 'data', 'direct',
    'direct_epoch', 'direct_seq'}
local session = redis.call('HMGET', KEYS[1], unpack(names))
if not session[1] or (ARGV[5] ~= session[2] and ARGV[5] ~= session[3]) then
    return redis.error_reply('GONE there is no such session')
end
local generation = redis.call('HINCRBY', KEYS[1], 'generation', 1)
redis.call('HSET', KEYS[1], 'node', node, 'secret', ARGV[6], 'previous', ARGV[5])
keep(ARGV[4])
return {digits(generation), session[1], unpack(session, 4)}

-- SPDX-FileCopyrightText: 2026 The Dispatch authors
-- SPDX-License-Identifier: MIT

-- KEYS[4]: hash, name -> data; KEYS[5]: sorted set, name -> until when.
-- ARGV[10]: name; ARGV[11]: data; ARGV[12]: how long to keep it, or 0; ARGV[13]: most pins;
-- ARGV[14], ARGV[15]: most events and bytes of the log; ARGV[16]: the event that says so.
-- Answers epoch and seq, and whether there was one of that name.
local pins, ends, name, life = KEYS[4], KEYS[5], ARGV[10], tonumber(ARGV[12])
-- So many at once that others need not wait for long.
for _, over in ipairs(redis.call('ZRANGEBYSCORE', ends, '-inf', now, 'LIMIT', 0, 1000)) do
    redis.call('HDEL', pins, over)
    redis.call('ZREM', ends, over)
end
local its_end = tonumber(redis.call('ZSCORE', ends, name) or 0)
local was_there = its_end > now
if life == 0 then
    redis.call('HDEL', pins, name)
    redis.call('ZREM', ends, name)
else
    if not was_there and redis.call('ZCOUNT', ends, '(' .. digits(now), '+inf') >= tonumber(ARGV[13]) then
        return redis.error_reply('MANY the project has as many pins as it may have')
    end
    redis.call('HSET', pins, name, ARGV[11])
    redis.call('ZADD', ends, now + life, name)
end
append(ARGV[16], true, tonumber(ARGV[14]), tonumber(ARGV[15]))
keep(ARGV[8], {meta, log, emits})
local last = redis.call('ZREVRANGE', ends, 0, 0, 'WITHSCORES')[2]
if last then
    keep(digits(last - now), {pins, ends})
end
return {epoch, seq, was_there and 1 or 0}

-- SPDX-FileCopyrightText: 2026 The Dispatch authors
-- SPDX-License-Identifier: MIT

-- KEYS as in setpin.lua. Answers epoch and seq, then names, data, and how long each is still kept.
local answer = {epoch, digits(seq)}
local living = redis.call('ZRANGEBYSCORE', KEYS[5], '(' .. digits(now), '+inf', 'WITHSCORES')
for i = 1, #living, 2 do
    table.insert(answer, living[i])
    table.insert(answer, redis.call('HGET', KEYS[4], living[i]))
    table.insert(answer, digits(living[i + 1] - now))
end
return answer

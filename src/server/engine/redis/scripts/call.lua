-- SPDX-FileCopyrightText: 2026 The Dispatch authors
-- SPDX-License-Identifier: MIT

-- Begins each script. ARGV[1]: until when the caller waits, in this server's milliseconds since the
-- epoch; ARGV[2]: the caller's node, 16 hexadecimal digits; ARGV[3]: the server as the
-- caller knows it.

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local node = ARGV[2]
if now > tonumber(ARGV[1]) then
    return redis.error_reply('LATE the caller does not wait any more')
end

-- What a node said a client has, and the node itself, are one string: the node comes first.
local function holder(entry) return string.sub(entry, 1, 16) end
local function held(entry) return string.sub(entry, 17) end

-- The range of a sorted set in which all begins with a node.
local function of(somebody) return '[' .. somebody, '(' .. somebody .. '\255' end

-- Numbers up to 2^53, which tostring() would round.
local function digits(number) return string.format('%.0f', number) end

-- Forgets the last numbers of a client's emissions: its own, and those that its node gave to what had
-- none.
local function forget(emits, client)
    redis.call('HDEL', emits, client, client .. '~')
end

local function keep(milliseconds, keys)
    for _, key in ipairs(keys or KEYS) do
        redis.call('PEXPIRE', key, milliseconds)
    end
end

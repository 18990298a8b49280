-- SPDX-FileCopyrightText: 2026 The Dispatch authors
-- SPDX-License-Identifier: MIT

-- One stream. meta: hash of epoch, seq, the server that it is of, and what the log needs; log: stream,
-- its ids are 0-<seq>; emits: hash, client -> its last number, the event's seq and epoch.
-- ARGV[4]: an epoch for a new life; ARGV[5], ARGV[6]: the epoch and seq that the
-- node has seen; ARGV[7]: the channel; ARGV[8]: how long to keep what nobody renews; ARGV[9]: client.
local meta, log, emits = unpack(KEYS)
local channel, client = ARGV[7], ARGV[9]
local state = redis.call('HMGET', meta, 'epoch', 'seq', 'server')
local epoch, seq = state[1], tonumber(state[2] or 0)

-- A server that was replaced or started again may have lost the latest events.
if not epoch or state[3] ~= ARGV[3] or (epoch == ARGV[5] and seq < tonumber(ARGV[6])) then
    epoch, seq = ARGV[4], 0
    redis.call('DEL', log)
    redis.call('HSET', meta, 'epoch', epoch, 'seq', 0, 'server', ARGV[3], 'bytes', 0, 'large', 0)
    redis.call('SPUBLISH', channel, 'r' .. epoch)
    keep(ARGV[8], {meta, log, emits})
end

-- Gives data the next number, and sends it to all who listen.
local function append(data, is_kept, most, most_bytes)
    seq = digits(seq + 1)
    redis.call('HSET', meta, 'seq', seq)
    if is_kept then
        local bytes = redis.call('HINCRBY', meta, 'bytes', #data)
        redis.call('XADD', log, 'MAXLEN', most, '0-' .. seq, 'from', digits(bytes - #data), 'data', data)
        -- The log can only have too many bytes if one of its events is larger than its share.
        if #data * most > most_bytes then
            redis.call('HSET', meta, 'large', seq)
        end
        local large = tonumber(redis.call('HGET', meta, 'large'))
        if large > 0 and large > seq - most then
            local oldest = redis.call('XRANGE', log, '-', '+', 'COUNT', 1)[1]
            while oldest and bytes - oldest[2][2] > most_bytes do
                redis.call('XDEL', log, oldest[1])
                oldest = redis.call('XRANGE', log, '-', '+', 'COUNT', 1)[1]
            end
        end
    end
    redis.call('SPUBLISH', channel, 'e' .. epoch .. seq .. ' ' .. data)
end

-- SPDX-FileCopyrightText: 2026 The Dispatch authors
-- SPDX-License-Identifier: MIT

-- The state of a shard, behind its stream. KEYS[4]: hash, key -> data; KEYS[5]: hash, key -> the event
-- that set it, until when, what it counts for, whether it is owned, by which client, and its user;
-- KEYS[6]: the members of the shard.
-- ARGV[16]: key; ARGV[17]: whether it is set; ARGV[18], ARGV[19]: who wants that, and the user, or empty;
-- ARGV[20]: whether it is owned; ARGV[21]: for how long, or 0; ARGV[22]: what it counts for; ARGV[23]:
-- the event that must have set it, 0, or empty; ARGV[24]: whether its owner must be gone;
-- ARGV[25], ARGV[26]: most keys, and most that all may count for.
local values, marks, members = KEYS[4], KEYS[5], KEYS[6]

-- The state is of one life of the stream.
if redis.call('HGET', meta, 'state_epoch') ~= epoch then
    redis.call('DEL', values, marks)
    redis.call('HSET', meta, 'state_epoch', epoch, 'state_bytes', 0)
end

local function mark_of(key)
    local mark = redis.call('HGET', marks, key)
    if not mark then
        return {seq = '0', bytes = 0, is_there = 0}
    end
    local its_seq, its_end, bytes, owned, owner, user =
        string.match(mark, '^(%d+) (%d+) (%d+) ([01]) (%S*) (.*)$')
    return {seq = its_seq, ends = tonumber(its_end), bytes = tonumber(bytes), is_owned = owned == '1',
        owner = owner, user = user, is_there = 1}
end

-- Why the change can't be made, or nothing.
local function refusal()
    local item, client, user = mark_of(ARGV[16]), ARGV[18], ARGV[19]
    if ARGV[23] ~= '' and ARGV[23] ~= item.seq then
        return 'CHANGED another event has set the key'
    end
    if ARGV[24] == '1' and not (item.is_owned and redis.call('HEXISTS', members, item.owner) == 0) then
        return 'CHANGED the owner of the key is there'
    end
    if client ~= '' and item.is_owned and item.owner ~= client
        and (item.user == '' or item.user ~= user) then
        return 'OWNED the key is of another client'
    end
    if ARGV[17] == '1' then
        local keys = redis.call('HLEN', marks) + 1 - item.is_there
        local bytes = redis.call('HGET', meta, 'state_bytes') + ARGV[22] - item.bytes
        if keys > tonumber(ARGV[25]) or bytes > tonumber(ARGV[26]) then
            return 'CROWDED the state has no room'
        end
    end
end

-- Makes it, as the event seq; data is what tells of it.
local function change(data)
    local key, bytes = ARGV[16], 0
    local before = mark_of(key).bytes
    if ARGV[17] == '1' then
        bytes = tonumber(ARGV[22])
        local ends = ARGV[21] == '0' and '0' or digits(now + ARGV[21])
        redis.call('HSET', values, key, data)
        redis.call('HSET', marks, key, table.concat(
            {seq, ends, ARGV[22], ARGV[20], ARGV[18], ARGV[19]}, ' '))
    else
        redis.call('HDEL', values, key)
        redis.call('HDEL', marks, key)
    end
    redis.call('HINCRBY', meta, 'state_bytes', bytes - before)
end

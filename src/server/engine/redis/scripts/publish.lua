-- SPDX-FileCopyrightText: 2026 The Dispatch authors
-- SPDX-License-Identifier: MIT

-- ARGV[10]: the client's number; ARGV[11]: the one before it in this stream, or 0; ARGV[12]: whether to
-- keep it; ARGV[13], ARGV[14]: most events and bytes of the log; ARGV[15]: data. With the keys of a
-- state (state.lua) it changes that, too, or is refused.
-- Answers epoch and seq, and whether it was there already.
local emit, after = tonumber(ARGV[10]), tonumber(ARGV[11])
if client ~= '' then
    local last = redis.call('HGET', emits, client)
    if last then
        local number, its_seq, its_epoch = string.match(last, '^(%d+) (%d+) (%x+)$')
        number = tonumber(number)
        if emit <= number then
            return {its_epoch, emit == number and its_seq or '0', 1}
        end
        if after > 0 and after ~= number and its_epoch == epoch then
            return redis.error_reply('GAP an emission before this one is missing')
        end
    end
end

local is_change = #KEYS > 3
local why = is_change and refusal()
if why then
    return redis.error_reply(why)
end
append(ARGV[15], ARGV[12] == '1', tonumber(ARGV[13]), tonumber(ARGV[14]))
if client ~= '' then
    redis.call('HSET', emits, client, ARGV[10] .. ' ' .. seq .. ' ' .. epoch)
end
if is_change then
    change(ARGV[15])
end
keep(ARGV[8])
return {epoch, seq, 0}

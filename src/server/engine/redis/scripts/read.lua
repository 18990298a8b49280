-- SPDX-FileCopyrightText: 2026 The Dispatch authors
-- SPDX-License-Identifier: MIT

-- ARGV[10]: how many of the latest events are wished for, if they are asked for from nowhere;
-- ARGV[11], ARGV[12]: epoch and seq of the place from which on.
-- Answers epoch, seq, whether all is there, the client's last number, and the events.
local from = tonumber(ARGV[12])
local entries, is_complete = {}, 1
if ARGV[11] == epoch then
    entries = redis.call('XRANGE', log, '(0-' .. ARGV[12], '+')
    is_complete = #entries == seq - from and 1 or 0
elseif ARGV[11] ~= '0000000000000000' then
    entries = redis.call('XRANGE', log, '-', '+')
    is_complete = 0
elseif ARGV[10] ~= '0' then
    local latest = redis.call('XREVRANGE', log, '+', '-', 'COUNT', ARGV[10])
    for i = #latest, 1, -1 do
        table.insert(entries, latest[i])
    end
end

local last = client ~= '' and redis.call('HGET', emits, client)
local answer = {epoch, digits(seq), is_complete, last and string.match(last, '^%d+') or '0'}
for _, entry in ipairs(entries) do
    table.insert(answer, string.sub(entry[1], 3))
    table.insert(answer, entry[2][4])
end
return answer

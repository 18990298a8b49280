-- SPDX-FileCopyrightText: 2026 The Dispatch authors
-- SPDX-License-Identifier: MIT

-- Answers epoch and seq, then keys, the events that set them, how long each is still kept, or 0, and
-- data.
local answer = {epoch, digits(seq)}
local all = redis.call('HGETALL', values)
for i = 1, #all, 2 do
    local item = mark_of(all[i])
    table.insert(answer, all[i])
    table.insert(answer, item.seq)
    table.insert(answer, item.ends == 0 and '0' or digits(math.max(item.ends - now, 1)))
    table.insert(answer, all[i + 1])
end
return answer

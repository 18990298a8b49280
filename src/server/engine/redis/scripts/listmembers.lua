-- SPDX-FileCopyrightText: 2026 The Dispatch authors
-- SPDX-License-Identifier: MIT

-- Answers the number of changes so far, and clients with their data.
local answer = {redis.call('HGET', meta, 'revision') or '0'}
local all = redis.call('HGETALL', members)
for i = 1, #all, 2 do
    table.insert(answer, all[i])
    table.insert(answer, held(all[i + 1]))
end
return answer

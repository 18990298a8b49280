-- SPDX-FileCopyrightText: 2026 The Dispatch authors
-- SPDX-License-Identifier: MIT

-- Answers the nodes that have a lease, and a seat.
local answer = {}
for _, one in ipairs(redis.call('ZRANGE', leases, 0, -1)) do
    local first, last = of(one)
    if #redis.call('ZRANGEBYLEX', by_node, first, last, 'LIMIT', 0, 1) > 0 then
        table.insert(answer, one)
    end
end
return answer

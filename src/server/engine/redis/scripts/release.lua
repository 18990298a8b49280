-- SPDX-FileCopyrightText: 2026 The Dispatch authors
-- SPDX-License-Identifier: MIT

-- ARGV[4]: client.
local seat = redis.call('HGET', seats, ARGV[4])
if seat and holder(seat) == node then
    free(ARGV[4])
end
return 1

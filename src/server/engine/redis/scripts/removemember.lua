-- SPDX-FileCopyrightText: 2026 The Dispatch authors
-- SPDX-License-Identifier: MIT

-- ARGV[5]: client.
local entry = redis.call('HGET', members, ARGV[5])
if entry and holder(entry) == node then
    remove(ARGV[5])
end
return 1

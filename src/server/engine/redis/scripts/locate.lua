-- SPDX-FileCopyrightText: 2026 The Dispatch authors
-- SPDX-License-Identifier: MIT

-- ARGV[4]: client. Answers the shard in which it has a seat, or an empty name.
local seat = redis.call('HGET', seats, ARGV[4])
return seat and held(seat) or ''

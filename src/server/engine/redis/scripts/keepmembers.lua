-- SPDX-FileCopyrightText: 2026 The Dispatch authors
-- SPDX-License-Identifier: MIT

-- ARGV[5]: length of a lease; ARGV[6]: how long to keep what nobody renews.
-- Answers since when the node has had this lease without a break.
redis.call('HSETNX', since, node, digits(now))
redis.call('ZADD', leases, now + ARGV[5], node)
keep(ARGV[6])
return redis.call('HGET', since, node)

-- SPDX-FileCopyrightText: 2026 The Dispatch authors
-- SPDX-License-Identifier: MIT

-- ARGV[4]: length of a lease; ARGV[5]: how long to keep what nobody renews.
-- Answers since when the node has had this lease without a break. Seats that were not given back yet
-- are the node's again.
redis.call('HSETNX', since, node, digits(now))
redis.call('SREM', dead, node)
redis.call('ZADD', leases, now + ARGV[4], node)
keep(ARGV[5])
return redis.call('HGET', since, node)

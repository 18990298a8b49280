-- SPDX-FileCopyrightText: 2026 The Dispatch authors
-- SPDX-License-Identifier: MIT

-- KEYS[1]: the session, a hash. ARGV[4]: how long to keep it if nobody renews it; ARGV[5]: the hash of
-- its secret; then fields and values.
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'node', node, 'generation', 1, 'secret', ARGV[5], 'previous', '',
    unpack(ARGV, 6))
keep(ARGV[4])
return 1

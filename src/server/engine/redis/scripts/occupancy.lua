-- SPDX-FileCopyrightText: 2026 The Dispatch authors
-- SPDX-License-Identifier: MIT

-- Answers shards and their clients.
return redis.call('ZRANGE', fill, 0, -1, 'WITHSCORES')

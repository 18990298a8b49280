// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "shard_p.h"
#include "streamlistener_p.h"
#include "worker_p.h"

namespace Dispatch {

/// Hears of the shard on its worker's thread, also when that does not have it any more.
class Shard::Ear final : public Engine::StreamListener {
public:
    Ear(Worker &worker, std::uint64_t shardId)
        : m_worker(worker)
        , m_shardId(shardId)
    {
    }

    void began(const Engine::Mark &top) override
    {
        tell([&](Shard &shard) { shard.began(top); });
    }
    void received(const Engine::Mark &, const std::vector<Engine::Entry> &entries) override
    {
        tell([&](Shard &shard) { shard.received(entries); });
    }
    void wasReset(const Engine::Mark &mark) override
    {
        tell([&](Shard &shard) { shard.wasReset(mark); });
    }
    void membersListed(const Engine::PresenceList &list) override
    {
        tell([&](Shard &shard) { shard.listed(list); });
    }
    void memberChanged(const Engine::PresenceChange &change) override
    {
        tell([&](Shard &shard) { shard.changed(change); });
    }

    template<class F>
    void tell(F f)
    {
        m_worker.turn().tick();
        // The shard may be another one by now, which has been opened under the same id.
        Shard *shard = m_worker.shard(m_shardId);
        if (shard && shard->m_link && shard->m_link->ear.get() == this)
            f(*shard);
    }

private:
    Worker &m_worker;
    const std::uint64_t m_shardId;
};

} // namespace Dispatch

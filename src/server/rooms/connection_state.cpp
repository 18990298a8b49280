// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

// What clients of the extended profile change of the shared state of their shard.

#include "connection_p.h"

#include "cluster_p.h"
#include "clusterevent_p.h"
#include "shard_p.h"
#include "statechange_p.h"
#include "worker_p.h"

#include <utility>

namespace Dispatch {

namespace {

StateBounds stateBounds(const DispatchServerSettings &settings)
{
    StateBounds bounds;
    bounds.keys = static_cast<std::size_t>(settings.maxStateKeys);
    bounds.keyBytes = static_cast<std::size_t>(settings.maxStateKeyBytes);
    bounds.valueBytes = static_cast<std::size_t>(settings.maxStateValueBytes);
    bounds.bytes = static_cast<std::size_t>(settings.maxStateBytes);
    bounds.ttlMs = static_cast<std::uint64_t>(settings.maxStateTtl);
    return bounds;
}

} // namespace

void Connection::changeState(std::string_view payload)
{
    const StateBounds bounds = stateBounds(m_worker.settings());
    const auto read = readStateWish(payload, bounds);
    if (const auto *fault = std::get_if<StateFault>(&read))
        return refuse(fault->refusal, fault->detail);
    if (!mayReach(m_shard->size()))
        return;
    const auto &wish = std::get<StateWish>(read);
    EventDetails details;
    details.from = m_person.clientId;
    details.fromUser = m_person.userId;
    details.time = msSinceEpoch();
    const StateItem item = stateItem(wish, details.time);
    const StateChange change = stateChange(wish, m_person.clientId, m_person.userId, bounds);
    const std::string told = statePayload(item);
    const Event event{StateEventName, told, latencyMs(), details};
    if (m_membership)
        return publishEmission({m_seat.projectId, m_seat.shardName}, packedEvent(event), change);
    if (const auto why = m_shard->changeState(change, item, event))
        return refuseEmission(std::exchange(m_session->emit, 0), *why);
    m_session->seq = m_shard->position().seq;
}

} // namespace Dispatch

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

// What clients of the extended profile change of the shared state of their shard.

#include "connection_p.h"

#include "cluster_p.h"
#include "clusterevent_p.h"
#include "shard_p.h"
#include "stateevent_p.h"
#include "worker_p.h"

#include <utility>

namespace Dispatch {

namespace {

std::string atMost(std::string_view what, int most, std::string_view unit)
{
    return std::string(what) + " at most " + std::to_string(most) + std::string(unit);
}

} // namespace

bool Connection::isWithinBounds(const StateWish &wish)
{
    const DispatchServerSettings &settings = m_worker.settings();
    const auto isOver = [](std::size_t size, int most) {
        return size > static_cast<std::size_t>(most);
    };
    if (isOver(wish.key.size(), settings.maxStateKeyBytes))
        refuse(Refusal::StateTooBig, atMost("a key has", settings.maxStateKeyBytes, " bytes"));
    else if (isOver(wish.value.size(), settings.maxStateValueBytes))
        refuse(Refusal::StateTooBig, atMost("a value has", settings.maxStateValueBytes, " bytes"));
    else if (isOver(wish.ttlMs, settings.maxStateTtl))
        refuse(Refusal::BadState, atMost("ttlMs is", settings.maxStateTtl, ""));
    else
        return true;
    return false;
}

void Connection::changeState(std::string_view payload)
{
    const DispatchServerSettings &settings = m_worker.settings();
    if (settings.maxStateKeys == 0)
        return refuse(Refusal::StateNotKept);
    const auto read = readStateWish(payload);
    if (const auto *wrong = std::get_if<std::string>(&read))
        return refuse(Refusal::BadState, *wrong);
    const auto &wish = std::get<StateWish>(read);
    if (!isWithinBounds(wish) || !mayReach(m_shard->size()))
        return;

    StateItem item{wish.key, wish.value};
    EventDetails details;
    details.from = m_person.clientId;
    details.fromUser = m_person.userId;
    details.time = msSinceEpoch();
    Engine::StateChange change;
    change.key = wish.key;
    change.clientId = m_person.clientId;
    change.userId = m_person.userId;
    change.ifSeq = wish.ifSeq;
    change.isSet = !wish.value.empty();
    if (change.isSet) {
        item.isOwned = change.isOwned = wish.isOwned;
        item.expiresAt = wish.ttlMs > 0 ? details.time + static_cast<std::int64_t>(wish.ttlMs) : 0;
        change.life = milliseconds(wish.ttlMs);
        change.bytes = bytesOf(item);
        change.mostKeys = static_cast<std::size_t>(settings.maxStateKeys);
        change.mostBytes = static_cast<std::size_t>(settings.maxStateBytes);
    }
    const std::string told = statePayload(item);
    const Event event{StateEventName, told, latencyMs(), details};
    if (m_membership)
        return publishEmission({m_seat.projectId, m_seat.shardName}, packedEvent(event), change);
    if (const auto why = m_shard->changeState(change, item, event))
        return refuseEmission(std::exchange(m_session->emit, 0), refusalOf(*why));
    m_session->seq = m_shard->position().seq;
}

} // namespace Dispatch

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

// The shared state of a shard: it changes with events of the shard, so it is the same for all who
// have heard these. Where several servers share it, the engine decides about changes, and this is a
// copy.

#include "shard_p.h"

#include "cluster_p.h"
#include "clusterevent_p.h"
#include "connection_p.h"
#include "eventnames_p.h"
#include "shardear_p.h"
#include "worker_p.h"

#include <algorithm>
#include <utility>

namespace Dispatch {

namespace {

/// After which the engine is asked again.
constexpr milliseconds RetryInterval{1'000};

/// How long what \a event says of \a item is kept; 0: until it is removed.
milliseconds lifeOf(const StateItem &item, const Event &event)
{
    return milliseconds(item.expiresAt > 0 ? item.expiresAt - event.details.time : 0);
}

} // namespace

std::optional<Refusal> Shard::changeState(const StateChange &change, const StateItem &item,
                                          Event event)
{
    if (const auto why = m_state.refusalOf(change))
        return why;
    event.details.seq = ++m_numbering->seq;
    takeChange(item, event);
    return std::nullopt;
}

void Shard::takeChange(const StateItem &item, const Event &event)
{
    keepChange(item, event, lifeOf(item, event));
    openTurn(m_extendedMembers < m_members.size());
    append(event);
}

void Shard::keepChange(const StateItem &item, const Event &event, milliseconds life)
{
    const auto end = life.count() > 0 ? std::optional(m_worker.turn().now + life) : std::nullopt;
    m_state.keep(item, event.payload, event.details, end);
}

std::string Shard::wholeState() const
{
    if (m_link && !m_link->isStateKnown)
        return {};
    // What was read may be further than what was delivered here.
    const std::uint64_t seq =
        std::max(m_numbering->seq, m_link ? m_link->stateSeq : std::uint64_t(0));
    return m_state.whole(seq);
}

void Shard::expireState(TimePoint now)
{
    for (const std::string &key : m_state.takeEnded(now))
        removeState(key, false);
    if (const auto next = m_state.nextEnd())
        wakeAt(*next);
}

void Shard::removeState(const std::string &key, bool ifOwnerIsGone)
{
    if (m_link) {
        m_link->removals[key] = {m_state.find(key)->seq, ifOwnerIsGone};
        return askForRemoval(key);
    }
    const StateItem item{key, {}};
    const std::string payload = statePayload(item);
    Event event{StateEventName, payload, 0, {}};
    event.details.time = msSinceEpoch();
    event.details.seq = ++m_numbering->seq;
    takeChange(item, event);
}

/// \a clientId is gone, and with it what it owns.
void Shard::removeStateOf(const std::string &clientId)
{
    for (const std::string &key : m_state.ownedBy(clientId))
        removeState(key, true);
}

// Where servers share it.

void Shard::deliverChange(const Engine::Entry &entry, const Event &event)
{
    const auto item = readStateItem(event.payload);
    if (item && !m_link->isStateKnown) {
        // More are not kept: what is read next has them.
        if (m_link->changes.size() >= m_worker.replayBounds().events) {
            m_link->changes.clear();
            m_link->hasMissedChanges = true;
        }
        m_link->changes.push_back(entry);
    } else if (item && entry.seq > m_link->stateSeq) {
        m_link->removals.erase(item->key);
        keepChange(*item, event, lifeOf(*item, event));
        // It may have left while this was on its way.
        if (item->isOwned && !m_link->people.isThere(std::string(event.details.from)))
            removeState(item->key, true);
    }
    openTurn(m_extendedMembers < m_members.size());
    append(event);
}

void Shard::readState()
{
    m_link->cluster.node().state(m_link->stream,
                                 {m_worker.executor(), [ear = m_link->ear](const auto &outcome) {
                                      ear->tell([&](Shard &shard) { shard.takeState(outcome); });
                                  }});
}

void Shard::takeState(const Engine::Outcome<Engine::StateList> &outcome)
{
    if (m_link->isStateKnown)
        return;
    const auto *list = std::get_if<Engine::StateList>(&outcome);
    if (!list) {
        m_link->isStateReadFailed = true;
        return retryStateLater();
    }
    // Of another life: that is told of, and the state read then.
    if (list->top.epoch != m_numbering->epoch)
        return;
    // Too much came meanwhile.
    if (std::exchange(m_link->hasMissedChanges, false))
        return readState();
    m_state.clear();
    m_link->stateSeq = list->top.seq;
    m_link->isStateKnown = true;
    const auto keep = [this](const std::string &data, std::uint64_t seq, const auto &lifeIn) {
        auto event = unpackedEvent(data);
        const auto item = event ? readStateItem(event->payload) : std::nullopt;
        if (!item)
            return;
        event->details.seq = seq;
        keepChange(*item, *event, lifeIn(*item, *event));
    };
    for (const Engine::StateEntry &entry : list->entries)
        keep(entry.data, entry.seq, [&](const auto &, const auto &) { return entry.life; });
    for (const Engine::Entry &entry : std::exchange(m_link->changes, {})) {
        if (entry.seq > m_link->stateSeq)
            keep(entry.data, entry.seq, lifeOf);
    }
    removeOrphans();
    markDirty();
    if (m_extendedMembers > 0) {
        seal();
        tell(true, EventName::State, wholeState());
    }
    checkReady();
}

/// The stream goes on behind \a mark.
void Shard::loseState(const Engine::Mark &mark)
{
    m_state.clear();
    m_link->changes.clear();
    m_link->removals.clear();
    m_link->stateSeq = 0;
    m_link->isStateKnown = mark.seq == 0; // a new life begins without
    if (!m_link->isStateKnown)
        readState();
}

/// Has the engine remove what those own who are not here any more.
void Shard::removeOrphans()
{
    if (!m_link->isListed || !m_link->isStateKnown)
        return;
    std::vector<std::string> orphans;
    for (const auto &[key, item] : m_state.items()) {
        if (item.isOwned && !m_link->people.isThere(item.clientId))
            orphans.push_back(key);
    }
    for (const std::string &key : orphans)
        removeState(key, true);
}

void Shard::askForRemoval(const std::string &key)
{
    Removal &removal = m_link->removals.at(key);
    if (std::exchange(removal.isAsked, true))
        return;
    const std::string payload = statePayload({key, {}});
    Event event{StateEventName, payload, 0, {}};
    event.details.time = msSinceEpoch();
    StateChange change;
    change.key = key;
    change.ifSeq = removal.seq;
    change.ifOwnerIsGone = removal.ifOwnerIsGone;
    Engine::Emission emission;
    emission.stream = m_link->stream;
    emission.data = packedEvent(event);
    emission.change = change;
    const auto answered = [ear = m_link->ear, key, seq = removal.seq](const auto &outcome) {
        ear->tell([&](Shard &shard) { shard.removalAnswered(key, seq, outcome); });
    };
    m_link->cluster.node().publish(std::move(emission), {m_worker.executor(), answered});
}

void Shard::removalAnswered(const std::string &key, std::uint64_t seq,
                            const Engine::Outcome<Engine::Published> &outcome)
{
    const auto removal = m_link->removals.find(key);
    if (removal == m_link->removals.end() || removal->second.seq != seq)
        return;
    const auto *why = std::get_if<Engine::Failure>(&outcome);
    // Another server was faster, or the owner is there; or it is on its way here.
    if (!why || *why == Engine::Failure::StateChanged) {
        m_link->removals.erase(removal);
        return;
    }
    removal->second.isAsked = false;
    retryStateLater();
}

void Shard::retryStateLater()
{
    if (!m_link->retryAt)
        m_link->retryAt = m_worker.turn().now + RetryInterval;
    wakeAt(*m_link->retryAt);
}

void Shard::retryState()
{
    if (std::exchange(m_link->isStateReadFailed, false))
        readState();
    for (const auto &[key, removal] : m_link->removals) {
        if (!removal.isAsked)
            askForRemoval(key);
    }
}

} // namespace Dispatch

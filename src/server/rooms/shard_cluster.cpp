// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

// What a shard has to do with other servers that have members of it.

#include "shard_p.h"

#include "cluster_p.h"
#include "clusterevent_p.h"
#include "connection_p.h"
#include "logging_p.h"
#include "shardear_p.h"
#include "worker_p.h"

#include <utility>

namespace Dispatch {

Shard::~Shard()
{
    if (m_wake)
        m_worker.forgetWake(*this, *m_wake);
    if (!m_link)
        return;
    m_link->cluster.node().unsubscribe(m_link->stream);
    m_link->cluster.leaveProject(m_link->stream.projectId);
}

void Shard::link(Cluster &cluster, const Engine::StreamId &id)
{
    m_link = std::make_unique<Link>(cluster, id, m_presence);
    m_presence.keepChanges();
    const auto ear = std::make_shared<Ear>(m_worker, m_id);
    m_link->ear = ear;
    cluster.enterProject(id.projectId, m_worker.executor(), [ear] {
        ear->tell([](Shard &shard) {
            shard.m_link->hearsDirects = true;
            shard.checkReady();
        });
    });
    cluster.node().subscribe(id, m_worker.executor(), ear);
}

void Shard::began(const Engine::Mark &top)
{
    m_numbering = std::make_unique<Numbering>();
    m_numbering->epoch = top.epoch;
    readLog();
    readState();
}

void Shard::readLog()
{
    // As if it had been here all the time: who comes from another server finds what he missed.
    Engine::ReadWish wish;
    wish.stream = m_link->stream;
    wish.most = m_worker.replayBounds().events;
    m_link->cluster.node().read(std::move(wish),
                                {m_worker.executor(), [ear = m_link->ear](const auto &outcome) {
                                     ear->tell([&](Shard &shard) { shard.takeLog(outcome); });
                                 }});
}

void Shard::takeLog(const Engine::Outcome<Engine::Page> &outcome)
{
    const auto *page = std::get_if<Engine::Page>(&outcome);
    if (!page) {
        m_link->isReadFailed = true;
        return;
    }
    // A new life begins, and is told of; or too much came meanwhile.
    if (page->top.epoch != m_numbering->epoch || std::exchange(m_link->hasMissed, false))
        return readLog();
    const std::uint64_t before = page->top.seq - page->entries.size();
    m_numbering->seq = before;
    m_numbering->log = ReplayLog(before);
    for (const Engine::Entry &entry : page->entries) {
        deliver(entry);
        seal();
    }
    m_link->hasLog = true;
    for (const Engine::Entry &entry : std::exchange(m_link->held, {})) {
        if (entry.seq > page->top.seq)
            deliver(entry);
    }
    checkReady();
}

void Shard::retry()
{
    if (!m_link)
        return;
    if (std::exchange(m_link->isReadFailed, false))
        readLog();
    retryState();
}

void Shard::received(const std::vector<Engine::Entry> &entries)
{
    const bool mayDeliver =
        m_link->hasLog && m_link->held.empty() && m_link->cluster.node().holdsLease();
    for (const Engine::Entry &entry : entries) {
        if (!mayDeliver)
            hold(entry);
        else if (entry.seq > m_numbering->seq) // else it was in the log already
            deliver(entry);
    }
    goOn();
}

bool Shard::isPast(const Engine::Mark &mark) const
{
    return mark.epoch != m_numbering->epoch || mark.seq <= m_numbering->seq;
}

void Shard::whenAt(const Engine::Mark &mark, AwaitedMarks::Step step)
{
    m_link->awaited.add(mark, here(), std::move(step));
}

void Shard::goOn()
{
    m_link->awaited.reach(here());
}

void Shard::hold(const Engine::Entry &entry)
{
    // What is too much was missed: then only how far it went is kept.
    if (m_link->held.size() >= m_worker.replayBounds().events) {
        m_link->held.clear();
        m_link->hasMissed = true;
    }
    m_link->held.push_back(entry);
}

void Shard::deliverHeld()
{
    if (!m_link || !m_link->hasLog || m_link->held.empty())
        return;
    const std::vector<Engine::Entry> held = std::exchange(m_link->held, {});
    if (std::exchange(m_link->hasMissed, false))
        return wasReset({m_numbering->epoch, held.back().seq});
    for (const Engine::Entry &entry : held) {
        if (entry.seq > m_numbering->seq)
            deliver(entry);
    }
    goOn();
}

void Shard::deliver(const Engine::Entry &entry)
{
    auto event = unpackedEvent(entry.data);
    if (!event) {
        // A gap would be worse: what nobody here understands is told as an event without a name.
        qCWarning(lcServer, "Another server speaks another language: update this one");
        event = Event{"\"\"", "null", 0, {}};
    }
    m_numbering->seq = entry.seq;
    event->details.seq = entry.seq;
    if (event->rawName == StateEventName)
        return deliverChange(entry, *event);
    openTurn(false);
    append(*event);
}

void Shard::wasReset(const Engine::Mark &mark)
{
    seal();
    const Engine::Mark before = here();
    const bool isKnownLoss = before.epoch == mark.epoch;
    m_link->held.clear();
    m_link->hasMissed = false;
    m_numbering->epoch = mark.epoch;
    m_numbering->seq = mark.seq;
    m_numbering->log = ReplayLog(mark.seq);
    loseState(mark);
    m_link->awaited.reset(before, mark);
    for (Connection *member : m_members)
        member->loseStream(isKnownLoss);
}

void Shard::listed(const Engine::PresenceList &list)
{
    m_link->people.list(list.members);
    m_link->isListed = true;
    removeOrphans();
    markDirty();
    checkReady();
}

void Shard::changed(const Engine::PresenceChange &change)
{
    if (change.isThere) {
        m_link->people.change(change.member);
    } else {
        m_link->people.remove(change.member.clientId);
        removeStateOf(change.member.clientId);
    }
    markDirty();
}

void Shard::checkReady()
{
    if (m_link->isReady || !m_link->isListed || !m_link->hasLog || !m_link->hearsDirects
        || !m_link->isStateKnown)
        return;
    m_link->isReady = true;
    m_worker.shardReady(*this);
}

} // namespace Dispatch

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "streamkeeper_p.h"

#include <boost/asio/dispatch.hpp>

#include <utility>

namespace Dispatch::Engine {

template<class F>
void StreamKeeper::tell(const Stream &stream, F f)
{
    // At once where that is on this thread: else what comes behind it, for another thread, would be
    // there first.
    boost::asio::dispatch(
        stream.audience.executor,
        [listener = stream.audience.listener, f = std::move(f)] { f(*listener); });
}

void StreamKeeper::subscribe(const StreamId &id, Audience audience)
{
    m_streams.insert_or_assign(
        id, std::make_shared<Stream>(m_store.limits().heldBack, std::move(audience)));
    m_store.subscribe(id);
}

void StreamKeeper::unsubscribe(const StreamId &id)
{
    m_streams.erase(id);
    m_seen.erase(id);
    m_store.unsubscribe(id);
}

void StreamKeeper::publish(Emission emission, Done<Published> done)
{
    emission.seen = seen(emission.stream);
    m_store.publish(
        emission, [this, id = emission.stream, done = std::move(done)](Outcome<Published> outcome) {
            const auto *published = std::get_if<Published>(&outcome);
            if (published && !published->isRepeated)
                note(id, published->mark);
            done(std::move(outcome));
        });
}

void StreamKeeper::pin(Emission emission, const Pin &pin, std::size_t most, Done<Pinned> done)
{
    emission.seen = seen(emission.stream);
    m_store.pin(
        emission, pin, most,
        [this, id = emission.stream, done = std::move(done)](const Outcome<Pinned> &outcome) {
            if (const auto *pinned = std::get_if<Pinned>(&outcome))
                note(id, pinned->mark);
            done(outcome);
        });
}

void StreamKeeper::pins(const std::string &projectId, Done<PinList> done)
{
    m_store.pins(projectId, seen({projectId}), std::move(done));
}

void StreamKeeper::state(const StreamId &shard, Done<StateList> done)
{
    m_store.state(shard, seen(shard), std::move(done));
}

void StreamKeeper::read(ReadWish wish, Done<Page> done)
{
    wish.seen = seen(wish.stream);
    m_store.read(wish, std::move(done));
}

void StreamKeeper::subscribed(const StreamId &id)
{
    const auto stream = m_streams.find(id);
    if (stream == m_streams.end())
        return;
    take(id, *stream->second, stream->second->cursor.begin());
    if (id.isShard())
        take(id, *stream->second, stream->second->list.begin());
}

void StreamKeeper::arrived(const StreamId &id, const Mark &mark, std::string data)
{
    if (const auto stream = m_streams.find(id); stream != m_streams.end()) {
        note(id, mark);
        take(id, *stream->second, stream->second->cursor.arrive(mark, std::move(data)));
    }
}

void StreamKeeper::reborn(const StreamId &id, std::uint64_t epoch)
{
    if (const auto stream = m_streams.find(id); stream != m_streams.end())
        take(id, *stream->second, stream->second->cursor.rebirth(epoch));
}

void StreamKeeper::take(const StreamId &id, Stream &stream, StreamCursor::Step step)
{
    if (step.reset) {
        m_counters.streamsReset.add();
        tell(stream, [mark = *step.reset](StreamListener &listener) { listener.wasReset(mark); });
    }
    if (!step.entries.empty()) {
        const Mark last{stream.cursor.mark().epoch, step.entries.back().seq};
        tell(stream, [last, entries = std::move(step.entries)](StreamListener &listener) {
            listener.received(last, entries);
        });
    }
    if (step.isReadWanted)
        readOn(id);
}

void StreamKeeper::readOn(const StreamId &id)
{
    const std::shared_ptr<Stream> stream = m_streams.at(id);
    const Mark from = stream->cursor.mark();
    m_store.read({id, from, seen(id)}, [this, id, stream](Outcome<Page> outcome) {
        const auto now = m_streams.find(id);
        if (now == m_streams.end() || now->second != stream)
            return;
        Page *page = std::get_if<Page>(&outcome);
        if (!page) {
            m_unread.insert(id);
            return;
        }
        note(id, page->top);
        if (!std::exchange(stream->hasBegun, true))
            tell(*stream, [top = page->top](StreamListener &listener) { listener.began(top); });
        else if (page->isComplete && !page->entries.empty())
            m_counters.gapsRefilled.add();
        take(id, *stream, stream->cursor.read(std::move(*page)));
    });
}

void StreamKeeper::membersChanged(const StreamId &id, PresenceChange change)
{
    if (const auto stream = m_streams.find(id); stream != m_streams.end())
        take(id, *stream->second, stream->second->list.change(std::move(change)));
}

void StreamKeeper::take(const StreamId &id, const Stream &stream, MemberList::Step step)
{
    if (step.list)
        tell(stream, [list = std::move(*step.list)](StreamListener &listener) {
            listener.membersListed(list);
        });
    for (PresenceChange &change : step.changes)
        tell(stream, [change = std::move(change)](StreamListener &listener) {
            listener.memberChanged(change);
        });
    if (step.isListWanted)
        listOn(id);
}

void StreamKeeper::listOn(const StreamId &id)
{
    m_store.members(id, [this, id, stream = m_streams.at(id)](Outcome<PresenceList> outcome) {
        const auto now = m_streams.find(id);
        if (now == m_streams.end() || now->second != stream)
            return;
        if (PresenceList *list = std::get_if<PresenceList>(&outcome))
            take(id, *stream, stream->list.list(std::move(*list)));
        else
            m_unlisted.insert(id);
    });
}

void StreamKeeper::retry()
{
    for (const StreamId &id : std::exchange(m_unread, {})) {
        if (const auto stream = m_streams.find(id); stream != m_streams.end())
            take(id, *stream->second, stream->second->cursor.readFailed());
    }
    for (const StreamId &id : std::exchange(m_unlisted, {})) {
        if (const auto stream = m_streams.find(id); stream != m_streams.end())
            take(id, *stream->second, stream->second->list.listFailed());
    }
}

void StreamKeeper::note(const StreamId &id, const Mark &mark)
{
    if (!m_streams.contains(id))
        return;
    Mark &seen = m_seen[id];
    if (seen.epoch != mark.epoch || seen.seq < mark.seq)
        seen = mark;
}

Mark StreamKeeper::seen(const StreamId &id) const
{
    const auto found = m_seen.find(id);
    return found == m_seen.end() ? Mark() : found->second;
}

void StreamKeeper::setMember(const StreamId &shard, const Member &member, bool takesOver,
                             Done<Nothing> done)
{
    Members &members = m_members[shard];
    Own &own = members.own[member.clientId];
    own.data = member.data;
    own.takesOver |= takesOver;
    members.leaving.erase(member.clientId);
    if (members.gate.isHeld())
        return sendMember(shard, member.clientId, done);
    const auto goOn = [this, shard, clientId = member.clientId, done](bool isHeld) {
        if (!findOwn(shard, clientId))
            done(Nothing()); // it has been removed since, and must not come back
        else if (isHeld)
            sendMember(shard, clientId, done);
        else
            done(Failure::Unavailable);
    };
    if (members.gate.wait(goOn))
        enter(shard);
}

void StreamKeeper::sendMember(const StreamId &shard, const std::string &clientId,
                              const Done<Nothing> &done)
{
    const Own &sent = *findOwn(shard, clientId);
    m_store.setMember(shard, {clientId, sent.data}, sent.takesOver,
                      [this, shard, clientId, done](const Outcome<Nothing> &outcome) {
                          if (const Failure *why = std::get_if<Failure>(&outcome))
                              noteFailure(shard, clientId, *why);
                          else if (Own *kept = findOwn(shard, clientId))
                              kept->takesOver = false;
                          else
                              m_members[shard].leaving.try_emplace(
                                  clientId); // it was forgotten meanwhile
                          done(outcome);
                      });
}

StreamKeeper::Own *StreamKeeper::findOwn(const StreamId &shard, const std::string &clientId)
{
    const auto members = m_members.find(shard);
    if (members == m_members.end())
        return nullptr;
    const auto found = members->second.own.find(clientId);
    return found == members->second.own.end() ? nullptr : &found->second;
}

void StreamKeeper::noteFailure(const StreamId &shard, const std::string &clientId, Failure failure)
{
    const auto members = m_members.find(shard);
    if (members == m_members.end())
        return;
    if (failure == Failure::Superseded) {
        members->second.own.erase(clientId);
        return forgetIfIdle(shard);
    }
    // All own members are set again with the next renewal; without a lease, that is now.
    members->second.gate.forget();
    if (failure != Failure::Fenced)
        return;
    members->second.gate.lose();
    if (members->second.gate.wait([](bool) {}))
        enter(shard);
}

void StreamKeeper::removeMember(const StreamId &shard, const std::string &clientId,
                                Done<Nothing> done)
{
    Members &members = m_members[shard];
    members.own.erase(clientId);
    members.leaving.insert_or_assign(clientId, TimePoint());
    sendRemoval(shard, clientId, done);
}

void StreamKeeper::sendRemoval(const StreamId &shard, const std::string &clientId,
                               const Done<Nothing> &done)
{
    m_store.removeMember(shard, clientId,
                         [this, shard, clientId, done](const Outcome<Nothing> &outcome) {
                             if (std::holds_alternative<Nothing>(outcome))
                                 m_members[shard].leaving.erase(clientId);
                             forgetIfIdle(shard);
                             if (done)
                                 done(outcome);
                         });
}

void StreamKeeper::forget(const StreamId &shard, const std::string &clientId, TimePoint end)
{
    if (const auto members = m_members.find(shard); members != m_members.end()) {
        if (members->second.own.erase(clientId) > 0)
            members->second.leaving.insert_or_assign(clientId, end);
    }
}

void StreamKeeper::forgetIfIdle(const StreamId &shard)
{
    const auto members = m_members.find(shard);
    if (members != m_members.end() && members->second.own.empty() && members->second.leaving.empty()
        && members->second.gate.isIdle())
        m_members.erase(members);
}

void StreamKeeper::enter(const StreamId &shard)
{
    m_store.keepMembers(shard, [this, shard](const Outcome<Renewal> &outcome) {
        if (const Renewal *renewal = std::get_if<Renewal>(&outcome))
            takeRenewal(shard, *renewal);
        else if (const auto members = m_members.find(shard); members != m_members.end())
            members->second.gate.refuse();
    });
}

void StreamKeeper::takeRenewal(const StreamId &shard, const Renewal &renewal)
{
    const auto found = m_members.find(shard);
    if (found == m_members.end())
        return;
    Members &members = found->second;
    const bool isOther = members.gate.isOther(renewal.lease);
    members.gate.admit(renewal.lease);
    if (isOther)
        m_toRestore.insert(shard);
    restore();
}

void StreamKeeper::restore()
{
    if (m_toRestore.empty() || !m_mayRestore())
        return;
    for (const StreamId &shard : std::exchange(m_toRestore, {})) {
        const auto members = m_members.find(shard);
        if (members == m_members.end())
            continue;
        for (const auto &[clientId, own] : members->second.own)
            sendMember(shard, clientId, [](const Outcome<Nothing> &) {});
    }
}

std::size_t StreamKeeper::renew(const std::function<void(bool)> &renewed)
{
    const TimePoint now = m_store.now();
    for (const auto &[id, members] : m_members) {
        for (const auto &[clientId, end] : members.leaving) {
            if (end <= now)
                sendRemoval(id, clientId, {});
        }
        m_store.keepMembers(id, [this, shard = id, renewed](const Outcome<Renewal> &outcome) {
            const Renewal *renewal = std::get_if<Renewal>(&outcome);
            if (renewal)
                takeRenewal(shard, *renewal);
            renewed(renewal != nullptr);
        });
    }
    return m_members.size();
}

std::size_t StreamKeeper::memberCount() const
{
    std::size_t count = 0;
    for (const auto &[id, members] : m_members)
        count += members.own.size();
    return count;
}

} // namespace Dispatch::Engine

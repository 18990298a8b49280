// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "dispatchclient_p.h"

#include "../threadcheck/threadcheck_p.h"

using namespace Dispatch;
using Model = DispatchPendingEventsModel;

DispatchPendingEventsModel *DispatchClient::pendingEvents() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return d->pendingEvents();
}

DispatchPendingEventsModel *DispatchClient::Private::pendingEvents()
{
    if (m_pending)
        return m_pending;
    m_pending = new Model(q);
    m_pending->attach(m_guard, [weak = weak_from_this()](OutgoingEvent event) {
        if (const auto self = weak.lock())
            self->emitAgain(std::move(event));
    });
    for (const auto &[event, status] : onTheirWay())
        m_pending->add(event, status);
    return m_pending;
}

/// The events that a model which comes now has to show.
std::vector<std::pair<OutgoingEvent, Model::Status>> DispatchClient::Private::onTheirWay() const
{
    std::vector<std::pair<OutgoingEvent, Model::Status>> events;
    const auto note = [&events](const OutgoingEvent &event, Model::Status status) {
        if (event.isShown())
            events.emplace_back(event, status);
    };
    for (const InFlight::Event &sent : m_inFlight.events())
        note(sent.entry, Model::Sending);
    for (const auto &[place, queued] : outbox.entries())
        note(queued, Model::Queued);
    return events;
}

void DispatchClient::Private::tellWatchers(auto tell) const
{
    const auto watchers = m_watchers; // which these may add to
    for (const auto &weak : watchers) {
        if (const auto watcher = weak.lock())
            tell(*watcher);
    }
}

void DispatchClient::Private::watch(const std::shared_ptr<OwnEventWatcher> &watcher)
{
    m_watchers.push_back(watcher);
    for (const auto &[event, status] : onTheirWay())
        watcher->began(event, status, {});
}

void DispatchClient::Private::unwatch(const std::shared_ptr<OwnEventWatcher> &watcher)
{
    std::erase_if(m_watchers, [&](const auto &weak) {
        const auto other = weak.lock();
        return !other || other == watcher;
    });
}

/// Whether a model shows \a event, and has to hear that it arrived.
bool DispatchClient::Private::isFollowed(const OutgoingEvent &event) const
{
    const auto watches = [&event](const auto &weak) {
        const auto watcher = weak.lock();
        return watcher && watcher->watches(event.eventName);
    };
    return event.isShown() && (m_pending || std::ranges::any_of(m_watchers, watches));
}

void DispatchClient::Private::show(const OutgoingEvent &event, Model::Status status,
                                   const DispatchError &reason)
{
    if (!isShowing() || !event.isShown())
        return;
    const OutgoingEvent shown = event; // which a handler may have leave the queue
    if (m_pending)
        m_pending->add(shown, status, reason);
    tellWatchers([&](OwnEventWatcher &watcher) { watcher.began(shown, status, reason); });
}

/// The event \a id was sent, and is \a event unless it is in flight by now. In the base profile
/// nothing more is heard of it, but that it may come back.
void DispatchClient::Private::showSent(std::uint64_t id, const OutgoingEvent &event)
{
    if (!isShowing())
        return;
    if (!m_inFlight.isEmpty() && m_inFlight.events().back().entry.id == id)
        return show(m_inFlight.events().back().entry, Model::Sending);
    if (event.isShown()) {
        tellWatchers(
            [&event](OwnEventWatcher &watcher) { watcher.began(event, Model::Sending, {}); });
    }
}

/// Events left the queue for the connection.
void DispatchClient::Private::showHandedOver(const std::vector<std::uint64_t> &ids)
{
    if (m_pending)
        m_pending->update(ids, m_greeting.extended ? Model::Sending : Model::Sent);
    tellWatchers([&ids](OwnEventWatcher &watcher) { watcher.moved(ids, Model::Sending); });
}

void DispatchClient::Private::showArrived(const std::vector<std::uint64_t> &ids)
{
    if (m_pending)
        m_pending->update(ids, Model::Sent);
    tellWatchers([&ids](OwnEventWatcher &watcher) { watcher.moved(ids, Model::Sent); });
}

void DispatchClient::Private::showFailed(std::uint64_t id, Model::Status status,
                                         const DispatchError &reason)
{
    if (m_pending)
        m_pending->fail(id, status, reason);
    tellWatchers([&](OwnEventWatcher &watcher) { watcher.failed(id, status, reason); });
}

void DispatchClient::Private::showGone(std::uint64_t id)
{
    if (m_pending)
        m_pending->remove(id);
    tellWatchers([id](OwnEventWatcher &watcher) { watcher.replaced(id); });
}

void DispatchClient::Private::emitAgain(OutgoingEvent event)
{
    const Hold hold(this);
    if (!q)
        return;
    showGone(event.id);
    if (!q)
        return;
    event.id = ++m_lastEventId;
    event.isAwaited = false;
    submit(std::move(event));
}

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "dispatchclient_p.h"

#include "threadcheck_p.h"

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
    for (const InFlight::Event &sent : m_inFlight.events())
        show(sent.entry, Model::Sending);
    for (const auto &[place, queued] : outbox.entries())
        show(queued, Model::Queued);
    return m_pending;
}

void DispatchClient::Private::show(const OutgoingEvent &event, Model::Status status,
                                   const DispatchError &reason)
{
    if (m_pending && event.isShown())
        m_pending->add(event, status, reason);
}

/// The event \a id was sent; its row comes if it has to be acknowledged.
void DispatchClient::Private::showInFlight(std::uint64_t id)
{
    if (m_inFlight.isEmpty())
        return;
    const OutgoingEvent &last = m_inFlight.events().back().entry;
    if (last.id == id)
        show(last, Model::Sending);
}

/// Events left the queue for the connection. In the base profile nothing more is heard of them.
void DispatchClient::Private::showHandedOver(const std::vector<std::uint64_t> &ids)
{
    if (m_pending)
        m_pending->update(ids, m_greeting.extended ? Model::Sending : Model::Sent);
}

/// What retry() of the model does.
void DispatchClient::Private::emitAgain(OutgoingEvent event)
{
    const Hold hold(this);
    if (!q)
        return;
    event.id = ++m_lastEventId;
    event.isAwaited = false;
    submit(std::move(event));
}

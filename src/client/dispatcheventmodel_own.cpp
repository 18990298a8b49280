// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "dispatchclient_p.h"
#include "dispatcheventmodel_p.h"
#include "outgoing_p.h"
#include "payload_p.h"

#include <QtCore/qdatetime.h>
#include <QtCore/qjsonobject.h>

#include <limits>

using namespace Dispatch;
using Model = DispatchEventModel;

namespace {

Model::Status toStatus(OwnEventWatcher::Status status)
{
    switch (status) {
    case OwnEventWatcher::Status::Queued:
        return Model::Queued;
    case OwnEventWatcher::Status::Sending:
        return Model::Sending;
    case OwnEventWatcher::Status::Sent:
        return Model::Sent;
    case OwnEventWatcher::Status::Failed:
        return Model::Failed;
    case OwnEventWatcher::Status::Uncertain:
        break;
    }
    return Model::Uncertain;
}

/// \a event as it comes back. Without a payload it comes back with an empty one.
DispatchEvent toEvent(const OutgoingEvent &event)
{
    QJsonValue payload = payloadOf(event.message);
    if (payload.isUndefined())
        payload = QJsonObject();
    const QByteArray text =
        Payload::fromJson(payload, std::numeric_limits<int>::max()).value_or(QByteArray());
    DispatchEventMetadata metadata;
    metadata.eventName = event.eventName;
    metadata.own = true;
    return {Payload::padded({text.constData(), std::size_t(text.size())}), metadata};
}

} // namespace

void Model::Private::began(const OutgoingEvent &event, OwnEventWatcher::Status status,
                           const DispatchError &reason)
{
    if (!q || event.eventName != eventName)
        return;
    EventRow row{.event = toEvent(event),
                 .time = QDateTime::currentMSecsSinceEpoch(),
                 .shardName = m_place.shardName};
    row.status = known(toStatus(status), event);
    row.isOwn = true;
    row.isHeard = false;
    row.awaitsEcho = !event.isDirect && status != OwnEventWatcher::Status::Failed;
    row.emitted = std::make_unique<EventRow::Emitted>(EventRow::Emitted{event, reason});
    m_isChangingRows = true;
    q->beginInsertRows({}, rows.size(), rows.size());
    rows.addWaiting(std::move(row));
    rows.settleFront();
    m_isChangingRows = false;
    q->endInsertRows();
    countChanged();
    trim();
}

/// \a status, or what is the end of it: where nothing is acknowledged, \a event comes back, or, if
/// it goes to others, nothing more is heard of it.
Model::Status Model::Private::known(Model::Status status, const OutgoingEvent &event) const
{
    return status == Sending && event.isDirect && !m_isExtended ? Sent : status;
}

void Model::Private::moved(const std::vector<std::uint64_t> &ids, OwnEventWatcher::Status status)
{
    const auto take = [&](int row, std::uint64_t id) {
        if (row < 0 || row >= rows.size() || rows.at(row).id() != id)
            return false;
        EventRow &own = rows.at(row);
        const Model::Status now = known(toStatus(status), own.emitted->event);
        return std::exchange(own.status, now) != now;
    };
    for (std::size_t i = 0; q && i < ids.size();) {
        const int first = rows.waitingRowOf(ids[i]);
        if (!take(first, ids[i++]))
            continue;
        int last = first;
        while (i < ids.size() && take(last + 1, ids[i])) {
            ++last;
            ++i;
        }
        rows.settleFront();
        changed(first, last, {StatusRole, PendingRole});
    }
    trim();
}

void Model::Private::failed(std::uint64_t id, OwnEventWatcher::Status status,
                            const DispatchError &reason)
{
    if (const int row = rows.waitingRowOf(id); row >= 0)
        fail(row, toStatus(status), reason);
}

void Model::Private::fail(int row, DispatchEventModel::Status status, const DispatchError &reason)
{
    EventRow &own = rows.at(row);
    if (own.isHeard || own.hasFailed())
        return;
    own.status = status;
    own.awaitsEcho = false;
    own.emitted->error = reason;
    rows.settleFront();
    changed(row, row, {StatusRole, PendingRole, ErrorRole, ErrorStringRole});
    trim();
}

void Model::Private::replaced(std::uint64_t id)
{
    if (const int row = rows.rowOf(id); row >= 0)
        remove(row, row);
}

bool Model::Private::retry(std::uint64_t id)
{
    const int row = id > 0 ? rows.rowOf(id) : -1;
    if (row < 0 || !rows.at(row).hasFailed() || !client)
        return false;
    const OutgoingEvent event = rows.at(row).emitted->event;
    client->d->emitAgain(event);
    return true;
}

bool Model::Private::removeFailed(std::uint64_t id)
{
    const int row = id > 0 ? rows.rowOf(id) : -1;
    if (row < 0 || !rows.at(row).hasFailed())
        return false;
    const auto self = shared_from_this();
    remove(row, row);
    return true;
}

void Model::Private::clear()
{
    const auto self = shared_from_this();
    for (int row = rows.size() - 1; q && row >= rows.settled();
         row = std::min(row, rows.size()) - 1) {
        if (rows.at(row).hasFailed())
            remove(row, row);
    }
    remove(0, rows.settled() - 1);
}

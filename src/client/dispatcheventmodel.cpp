// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "dispatcheventmodel.h"

#include "../threadcheck/threadcheck_p.h"
#include "dispatcheventmodel_p.h"

#include <QtCore/qdatetime.h>

using namespace Qt::StringLiterals;
using Dispatch::EventRow;

DispatchEventModel::DispatchEventModel(QObject *parent)
    : QAbstractListModel(parent)
    , d(std::make_shared<Private>(this))
{
}

DispatchEventModel::~DispatchEventModel()
{
    Dispatch::requireThreadOfDying(this, Q_FUNC_INFO);
    d->end();
}

DispatchClient *DispatchEventModel::client() const
{
    Dispatch::requireThreadOf(this, Q_FUNC_INFO);
    return d->client;
}

void DispatchEventModel::setClient(DispatchClient *client)
{
    Dispatch::requireThreadOf(this, Q_FUNC_INFO);
    d->attach(client);
}

QString DispatchEventModel::eventName() const
{
    Dispatch::requireThreadOf(this, Q_FUNC_INFO);
    return d->eventName;
}

void DispatchEventModel::setEventName(const QString &eventName)
{
    Dispatch::requireThreadOf(this, Q_FUNC_INFO);
    d->setEventName(eventName);
}

int DispatchEventModel::limit() const
{
    Dispatch::requireThreadOf(this, Q_FUNC_INFO);
    return d->limit;
}

void DispatchEventModel::setLimit(int most)
{
    Dispatch::requireThreadOf(this, Q_FUNC_INFO);
    most = std::max(most, 1);
    if (std::exchange(d->limit, most) == most)
        return;
    const auto keep = d;
    keep->trim();
    if (keep->q)
        Q_EMIT limitChanged();
}

bool DispatchEventModel::clearsOnMove() const
{
    Dispatch::requireThreadOf(this, Q_FUNC_INFO);
    return d->clearOnMove;
}

void DispatchEventModel::setClearOnMove(bool clear)
{
    Dispatch::requireThreadOf(this, Q_FUNC_INFO);
    if (std::exchange(d->clearOnMove, clear) != clear)
        Q_EMIT clearOnMoveChanged();
}

int DispatchEventModel::count() const
{
    Dispatch::requireThreadOf(this, Q_FUNC_INFO);
    return d->rows.size();
}

int DispatchEventModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : count();
}

QVariant DispatchEventModel::data(const QModelIndex &index, int role) const
{
    Dispatch::requireThreadOf(this, Q_FUNC_INFO);
    if (!index.isValid() || index.row() >= count())
        return {};
    const EventRow &row = d->rows.at(index.row());
    const DispatchEventMetadata &metadata = row.event.metadata();
    switch (role) {
    case Qt::DisplayRole: {
        const QJsonValue payload = row.event.payload();
        return payload.isString() ? payload.toString() : QString::fromUtf8(row.event.rawPayload());
    }
    case EventIdRole:
        return qint64(row.id());
    case PayloadRole:
        return row.event.toVariant();
    case StatusRole:
        return row.status;
    case PendingRole:
        return row.isPending();
    case OwnRole:
        return row.isOwn;
    case ErrorRole:
        return QVariant::fromValue(row.emitted ? row.emitted->error : DispatchError());
    case ErrorStringRole:
        return row.emitted ? row.emitted->error.message() : QString();
    case TagRole:
        return row.emitted ? row.emitted->event.tag : QString();
    case TimeRole:
        return QDateTime::fromMSecsSinceEpoch(row.time);
    case ShardNameRole:
        return row.shardName;
    case SenderIdRole:
        return metadata.senderId;
    case SenderUserIdRole:
        return metadata.senderUserId;
    case ServerTimeRole:
        return metadata.serverTime;
    case SequenceRole:
        return metadata.sequence;
    case ReplayedRole:
        return metadata.replayed;
    default:
        return {};
    }
}

QHash<int, QByteArray> DispatchEventModel::roleNames() const
{
    return {
        {Qt::DisplayRole, "display"_ba},
        {EventIdRole, "eventId"_ba},
        {PayloadRole, "payload"_ba},
        {StatusRole, "status"_ba},
        {PendingRole, "pending"_ba},
        {OwnRole, "own"_ba},
        {ErrorRole, "error"_ba},
        {ErrorStringRole, "errorString"_ba},
        {TagRole, "tag"_ba},
        {TimeRole, "time"_ba},
        {ShardNameRole, "shardName"_ba},
        {SenderIdRole, "senderId"_ba},
        {SenderUserIdRole, "senderUserId"_ba},
        {ServerTimeRole, "serverTime"_ba},
        {SequenceRole, "sequence"_ba},
        {ReplayedRole, "replayed"_ba},
    };
}

bool DispatchEventModel::retry(qint64 eventId)
{
    Dispatch::requireThreadOf(this, Q_FUNC_INFO);
    return d->retry(std::uint64_t(eventId));
}

bool DispatchEventModel::remove(qint64 eventId)
{
    Dispatch::requireThreadOf(this, Q_FUNC_INFO);
    return d->removeFailed(std::uint64_t(eventId));
}

void DispatchEventModel::clear()
{
    Dispatch::requireThreadOf(this, Q_FUNC_INFO);
    d->clear();
}

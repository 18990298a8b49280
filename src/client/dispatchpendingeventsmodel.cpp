// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "dispatchpendingeventsmodel.h"

#include "../threadcheck/threadcheck_p.h"
#include "deletionguard_p.h"
#include "outgoing_p.h"
#include "outgoingevent_p.h"

#include <QtCore/qdatetime.h>
#include <QtCore/qpointer.h>

#include <algorithm>
#include <deque>
#include <set>
#include <utility>

using namespace Qt::StringLiterals;
using Dispatch::DeletionGuard;
using Dispatch::OutgoingEvent;

class Q_DECL_HIDDEN DispatchPendingEventsModel::Private {
public:
    struct Row {
        OutgoingEvent event;
        Status status;
        DispatchError error;
        qint64 time; ///< ms since the epoch

        std::uint64_t id() const { return event.id; }
    };

    /// -1 if there is none.
    int rowOf(std::uint64_t id) const
    {
        const auto at = std::ranges::lower_bound(rows, id, {}, &Row::id);
        return at != rows.end() && at->id() == id ? int(at - rows.begin()) : -1;
    }

    /// Calls \a function with the first and the last row of each run of rows that are those of
    /// \a ids; it may remove them, and says false if this is gone.
    template<typename Function>
    void forEachRun(const std::vector<std::uint64_t> &ids, Function function)
    {
        for (std::size_t i = 0; i < ids.size();) {
            const int first = rowOf(ids[i++]);
            if (first < 0)
                continue;
            int last = first;
            for (auto next = std::size_t(last) + 1;
                 i < ids.size() && next < rows.size() && rows[next].id() == ids[i]; ++next, ++i)
                ++last;
            if (!function(first, last))
                return;
        }
    }

    /// Ids ascend. What leaves is mostly near an end, where a deque is quick.
    std::deque<Row> rows;
    std::set<std::uint64_t> failed;
    int maxFailed = 100;
    std::shared_ptr<DeletionGuard> guard = std::make_shared<DeletionGuard>();
    std::function<void(OutgoingEvent)> emitAgain;
};

DispatchPendingEventsModel::DispatchPendingEventsModel(QObject *parent)
    : QAbstractListModel(parent)
    , d(std::make_unique<Private>())
{
}

DispatchPendingEventsModel::~DispatchPendingEventsModel() = default;

void DispatchPendingEventsModel::attach(std::shared_ptr<DeletionGuard> guard,
                                        std::function<void(OutgoingEvent)> emitAgain)
{
    d->guard = std::move(guard);
    d->emitAgain = std::move(emitAgain);
}

int DispatchPendingEventsModel::count() const
{
    Dispatch::requireThreadOf(this, Q_FUNC_INFO);
    return int(d->rows.size());
}

int DispatchPendingEventsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : count();
}

QVariant DispatchPendingEventsModel::data(const QModelIndex &index, int role) const
{
    Dispatch::requireThreadOf(this, Q_FUNC_INFO);
    if (!index.isValid() || index.row() >= count())
        return {};
    const Private::Row &row = d->rows[std::size_t(index.row())];
    switch (role) {
    case Qt::DisplayRole:
    case EventNameRole:
        return row.event.eventName;
    case EventIdRole:
        return qint64(row.id());
    case PayloadRole:
        return QVariant::fromValue(Dispatch::payloadOf(row.event.message));
    case TagRole:
        return row.event.tag;
    case StatusRole:
        return row.status;
    case ErrorRole:
        return QVariant::fromValue(row.error);
    case TimeRole:
        return QDateTime::fromMSecsSinceEpoch(row.time);
    default:
        return {};
    }
}

QHash<int, QByteArray> DispatchPendingEventsModel::roleNames() const
{
    return {
        {Qt::DisplayRole, "display"_ba},
        {EventIdRole, "eventId"_ba},
        {EventNameRole, "eventName"_ba},
        {PayloadRole, "payload"_ba},
        {TagRole, "tag"_ba},
        {StatusRole, "status"_ba},
        {ErrorRole, "error"_ba},
        {TimeRole, "time"_ba},
    };
}

int DispatchPendingEventsModel::maxFailed() const
{
    Dispatch::requireThreadOf(this, Q_FUNC_INFO);
    return d->maxFailed;
}

void DispatchPendingEventsModel::setMaxFailed(int most)
{
    Dispatch::requireThreadOf(this, Q_FUNC_INFO);
    most = std::max(most, 0);
    if (std::exchange(d->maxFailed, most) == most)
        return;
    const auto guard = d->guard;
    const DeletionGuard::Scope scope(*guard);
    const QPointer<QObject> self(this);
    evict();
    if (self)
        Q_EMIT maxFailedChanged();
}

bool DispatchPendingEventsModel::isFailed(int row) const
{
    if (row < 0)
        return false;
    const Status status = d->rows[std::size_t(row)].status;
    return status == Failed || status == Uncertain;
}

bool DispatchPendingEventsModel::retry(qint64 eventId)
{
    Dispatch::requireThreadOf(this, Q_FUNC_INFO);
    const int row = d->rowOf(std::uint64_t(eventId));
    if (!isFailed(row))
        return false;
    // A handler of what follows may delete the client, and this with it.
    const auto guard = d->guard;
    const DeletionGuard::Scope scope(*guard);
    OutgoingEvent event = d->rows[std::size_t(row)].event;
    const auto emitAgain = d->emitAgain;
    remove(event.id);
    if (emitAgain)
        emitAgain(std::move(event));
    return true;
}

bool DispatchPendingEventsModel::dismiss(qint64 eventId)
{
    Dispatch::requireThreadOf(this, Q_FUNC_INFO);
    if (!isFailed(d->rowOf(std::uint64_t(eventId))))
        return false;
    const auto guard = d->guard;
    const DeletionGuard::Scope scope(*guard);
    remove(std::uint64_t(eventId));
    return true;
}

void DispatchPendingEventsModel::add(OutgoingEvent event, Status status, const DispatchError &error)
{
    const QPointer<QObject> self(this); // whoever hears of it may delete this
    const int row = count();
    beginInsertRows({}, row, row);
    if (status == Failed)
        d->failed.insert(event.id);
    d->rows.push_back({std::move(event), status, error, QDateTime::currentMSecsSinceEpoch()});
    endInsertRows();
    if (self)
        Q_EMIT countChanged();
    if (self)
        evict();
}

void DispatchPendingEventsModel::update(const std::vector<std::uint64_t> &ids, Status status)
{
    const QPointer<QObject> self(this);
    d->forEachRun(ids, [&](int first, int last) {
        for (int row = first; row <= last; ++row)
            d->rows[std::size_t(row)].status = status;
        Q_EMIT dataChanged(index(first), index(last), {StatusRole});
        return !self.isNull();
    });
    if (self && status == Sent)
        removeRuns(ids);
}

void DispatchPendingEventsModel::fail(std::uint64_t id, Status status, const DispatchError &error)
{
    const int row = d->rowOf(id);
    if (row < 0)
        return;
    d->rows[std::size_t(row)].status = status;
    d->rows[std::size_t(row)].error = error;
    d->failed.insert(id);
    const QPointer<QObject> self(this);
    Q_EMIT dataChanged(index(row), index(row), {StatusRole, ErrorRole});
    if (self)
        evict();
}

void DispatchPendingEventsModel::remove(std::uint64_t id)
{
    removeRuns({id});
}

void DispatchPendingEventsModel::removeRuns(const std::vector<std::uint64_t> &ids)
{
    const QPointer<QObject> self(this);
    const int before = count();
    d->forEachRun(ids, [&](int first, int last) {
        beginRemoveRows({}, first, last);
        for (int row = first; row <= last; ++row)
            d->failed.erase(d->rows[std::size_t(row)].id());
        d->rows.erase(d->rows.begin() + first, d->rows.begin() + last + 1);
        endRemoveRows();
        return !self.isNull();
    });
    if (self && count() != before)
        Q_EMIT countChanged();
}

/// Makes room for the newest of those that stay.
void DispatchPendingEventsModel::evict()
{
    const QPointer<QObject> self(this);
    while (self && int(d->failed.size()) > d->maxFailed)
        remove(*d->failed.begin());
}

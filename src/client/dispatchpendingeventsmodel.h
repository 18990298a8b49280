// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatchclient_export.h"
#include "dispatcherror.h"

#include <QtCore/qabstractitemmodel.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace Dispatch {
class DeletionGuard;
struct OutgoingEvent;
} // namespace Dispatch

/// The events that a client emitted and that have not arrived yet, in the order in which they were
/// emitted, as a list model. A row is there from DispatchClient::emitEvent() on. When the server
/// has acknowledged the event (in the base profile: when it was handed to the connection) it says
/// Sent and leaves. One that failed, or whose fate is unknown, stays until it is dismissed or tried
/// again, or has to make room for newer ones, see maxFailed.
///
/// Events that are not to wait (DispatchEmitOptions::Drop) have no row, nor have requests, replies,
/// what can't be an event at all, and in the base profile what could be sent at once; one that
/// another took the place of (DispatchEmitOptions::KeepLatest) loses its row. Comes from
/// DispatchClient::pendingEvents(); lives on the client's thread. \since 0.1
class DISPATCH_CLIENT_EXPORT DispatchPendingEventsModel : public QAbstractListModel {
    Q_OBJECT
    Q_PROPERTY(int count READ count NOTIFY countChanged)
    Q_PROPERTY(int maxFailed READ maxFailed WRITE setMaxFailed NOTIFY maxFailedChanged)

public:
    /// How far an event has come.
    enum Status {
        Queued, ///< waits to be sent
        Sending, ///< was sent, and is not acknowledged yet
        Sent, ///< arrived; the row leaves
        Failed, ///< will not arrive, see error
        Uncertain, ///< may have arrived or not; who tries again may have it arrive twice
    };
    Q_ENUM(Status)

    /// What a row tells, and under which name in QML.
    enum Role {
        EventIdRole = Qt::UserRole + 1, ///< eventId: number, for retry() and dismiss()
        EventNameRole, ///< eventName: string
        PayloadRole, ///< payload: as it was emitted, a QJsonValue
        TagRole, ///< tag: string, that of DispatchEmitOptions
        StatusRole, ///< status: a Status
        ErrorRole, ///< error: a DispatchError, for Failed and Uncertain
        /// time: date, when it was emitted; for what was under way already when the model was first
        /// asked for, when that was
        TimeRole,
    };
    Q_ENUM(Role)

    explicit DispatchPendingEventsModel(QObject *parent = nullptr);
    ~DispatchPendingEventsModel() override;

    int count() const;
    /// How many rows that are Failed or Uncertain are kept; 100 by default. When there are more,
    /// the oldest leaves.
    int maxFailed() const;
    void setMaxFailed(int most);

    int rowCount(const QModelIndex &parent = {}) const override;
    /// Qt::DisplayRole gives the event's name.
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QHash<int, QByteArray> roleNames() const override;

    /// Emits an event anew that is Failed or Uncertain, with the same tag and options. Its row
    /// goes, and another comes at the end, with an id of its own. False if there is no such row.
    Q_INVOKABLE bool retry(qint64 eventId);
    /// Removes the row of an event that is Failed or Uncertain. False if there is no such row.
    Q_INVOKABLE bool dismiss(qint64 eventId);

    /// \internal Whose rows these are: \a guard is told when code of the model is on the stack,
    /// \a emitAgain is what retry() does.
    void attach(std::shared_ptr<Dispatch::DeletionGuard> guard,
                std::function<void(Dispatch::OutgoingEvent)> emitAgain);
    /// \internal Appends a row, whose id is above those that there are.
    void add(Dispatch::OutgoingEvent event, Status status, const DispatchError &error = {});
    /// \internal The events \a ids, in ascending order, are Sending or Sent.
    void update(const std::vector<std::uint64_t> &ids, Status status);
    /// \internal The event is Failed or Uncertain.
    void fail(std::uint64_t id, Status status, const DispatchError &error);
    /// \internal Another took the place of the event.
    void remove(std::uint64_t id);

Q_SIGNALS:
    void countChanged();
    void maxFailedChanged();

private:
    bool isFailed(int row) const;
    void removeRuns(const std::vector<std::uint64_t> &ids);
    void evict();

    class Private;
    const std::unique_ptr<Private> d;
};

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatchclient_export.h"

#include <QtCore/qabstractitemmodel.h>

#include <memory>

class DispatchClient;

/// The events of one name as a list model, the latest at the end: ready for the view of a chat.
///
/// What the client emits under that name, in whatever way, has a row at once, which says how it
/// goes: Queued, Sending, Sent, or that it Failed. Such rows stand at the end until the event comes
/// back from the server and gets its place among those of others. Nothing has two rows: neither
/// an own event and its echo, nor what comes again after a loss of the connection. What
/// DispatchClient::history() brings has rows like the rest.
///
/// With a server of the base profile there is nobody who acknowledges: an own event is Sending
/// until it comes back, and is told from one of others by its payload alone. It does not say who
/// emitted what others did.
///
/// Events that are not to wait (DispatchEmitOptions::Drop) and requests have rows when they come
/// back. When the client joins another shard, the rows of the former one go, see clearOnMove.
/// Rows are inserted, removed and changed one by one or in runs; the model never resets. What comes
/// in one turn of the event loop is one run. Must be used on the client's thread. \since 0.1
class DISPATCH_CLIENT_EXPORT DispatchEventModel : public QAbstractListModel {
    Q_OBJECT
    Q_PROPERTY(DispatchClient *client READ client WRITE setClient NOTIFY clientChanged)
    Q_PROPERTY(QString eventName READ eventName WRITE setEventName NOTIFY eventNameChanged)
    Q_PROPERTY(int limit READ limit WRITE setLimit NOTIFY limitChanged)
    Q_PROPERTY(bool clearOnMove READ clearsOnMove WRITE setClearOnMove NOTIFY clearOnMoveChanged)
    Q_PROPERTY(int count READ count NOTIFY countChanged)

public:
    /// How it goes with an event.
    enum Status {
        Received, ///< somebody else's
        Queued, ///< own, and waits to be sent
        Sending, ///< own, was sent, and is not acknowledged yet
        Sent, ///< own, and arrived
        Failed, ///< own, and will not arrive: see the error, retry() and remove()
        Uncertain, ///< own, may have arrived or not; who tries again may have it arrive twice
    };
    Q_ENUM(Status)

    /// What a row tells, and under which name in QML.
    enum Role {
        EventIdRole = Qt::UserRole + 1, ///< eventId: number, for retry() and remove(); 0: not own
        PayloadRole, ///< payload: maps, lists, text and numbers, as DispatchEvent::toVariant()
        StatusRole, ///< status: a Status
        PendingRole, ///< pending: bool, whether the status is Queued or Sending
        OwnRole, ///< own: bool, whether this client emitted it
        ErrorRole, ///< error: a DispatchError, for Failed and Uncertain
        ErrorStringRole, ///< errorString: its text for people, else empty
        TagRole, ///< tag: string, that of DispatchEmitOptions
        /// time: date, when the server took it, by its clock; while that is not known, when it was
        /// emitted or came
        TimeRole,
        ShardNameRole, ///< shardName: string, the shard that it was heard in, or emitted to
        SenderIdRole, ///< senderId: string, as the following see DispatchEventMetadata
        SenderUserIdRole, ///< senderUserId: string
        ServerTimeRole, ///< serverTime: number
        SequenceRole, ///< sequence: number
        ReplayedRole, ///< replayed: bool
    };
    Q_ENUM(Role)

    explicit DispatchEventModel(QObject *parent = nullptr);
    ~DispatchEventModel() override;

    /// Whose events are shown; it has to live on this thread. Another one, or none, or its end,
    /// removes all rows.
    DispatchClient *client() const;
    void setClient(DispatchClient *client);
    /// Which events are shown. Another name removes all rows.
    QString eventName() const;
    void setEventName(const QString &eventName);
    /// How many rows there are at most, 500 by default; the oldest go. At least 1. Own events that
    /// are not settled stay, though: the client's DispatchQueuePolicy bounds them.
    int limit() const;
    void setLimit(int most);
    /// Whether joining another shard (by name, project or server) removes the rows that are
    /// settled; true by default. If not, the role shardName tells them apart. Coming back to the
    /// same shard removes nothing.
    bool clearsOnMove() const;
    void setClearOnMove(bool clear);
    int count() const;

    int rowCount(const QModelIndex &parent = {}) const override;
    /// Qt::DisplayRole gives the payload as text.
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QHash<int, QByteArray> roleNames() const override;

    /// Emits an own event anew that is Failed or Uncertain, with the same options. Its row goes,
    /// and another comes at the end, with an id of its own. False if there is no such row.
    Q_INVOKABLE bool retry(qint64 eventId);
    /// Removes the row of an own event that is Failed or Uncertain. False if there is no such row.
    Q_INVOKABLE bool remove(qint64 eventId);
    /// Removes all rows but those of own events that are on their way.
    Q_INVOKABLE void clear();

Q_SIGNALS:
    void clientChanged();
    void eventNameChanged();
    void limitChanged();
    void clearOnMoveChanged();
    void countChanged();

private:
    class Private;
    const std::shared_ptr<Private> d;
};

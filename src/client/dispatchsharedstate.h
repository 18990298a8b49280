// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatchclient_export.h"
#include "dispatcherror.h"
#include "dispatchtypes.h"

#include <QtCore/qabstractitemmodel.h>
#include <QtCore/qfuture.h>
#include <QtCore/qjsonvalue.h>

#include <chrono>
#include <memory>
#include <optional>

class DispatchClient;

/// How DispatchSharedState::set() is to change a key. \since 0.1
struct DispatchStateOptions {
    /// For how long the server keeps it, unless it is set again; 0: until it is removed, or the
    /// last one has left the shard.
    std::chrono::milliseconds ttl{0};
    /// Whether only this client, or its user if it is identified, may change or remove it. It is
    /// removed when this client has left for good: not while its session can still be resumed.
    bool owned = false;
    /// Only if this is the number of the key's last change (DispatchEventMetadata::sequence of
    /// DispatchSharedState::metadata()); 0: only if the key is not there. Else it is refused
    /// ("state_changed"): somebody else was faster.
    std::optional<qint64> ifSequence = {};
    /// Whether a newer change of the same key takes its place while it can't be sent, as with
    /// DispatchEmitOptions::KeepLatest: who sets often need not care how fast that can go. Not with
    /// ifSequence.
    bool coalesced = true;
};

/// The shared state of the shard that a client is in: values under keys, which all see and may
/// change. The last one who writes wins, in the server's order; who joins later gets all of it
/// with its join. For what is true now, such as cursors, polls, whose turn it is; for what
/// happens there are events.
///
/// What one sets oneself is shown at once, and corrected if the server refuses it or somebody else
/// has overtaken it. While the connection is lost the state stays as it was, and what is set waits
/// as events do (DispatchClient::queuePolicy()). A client that joins another shard, or the same
/// without its session, sees the state that is there.
///
/// It is a list model, too: a row for each key, in the order of the keys. One change is one
/// rowsInserted(), rowsRemoved(), or dataChanged() with the roles that are different.
///
/// Needs a server that speaks the extended profile and keeps shared states, see available. Lives on
/// its client's thread. Handlers of its signals may do anything with it and the client, delete
/// them, too. \since 0.1
class DISPATCH_CLIENT_EXPORT DispatchSharedState : public QAbstractListModel {
    Q_OBJECT
    Q_PROPERTY(DispatchClient *client READ client WRITE setClient NOTIFY clientChanged)
    Q_PROPERTY(bool available READ isAvailable NOTIFY availableChanged)
    Q_PROPERTY(int count READ count NOTIFY countChanged)

public:
    /// What a row tells, and under which name in QML.
    enum Role {
        KeyRole = Qt::UserRole + 1, ///< key: string
        ValueRole, ///< value: a QJsonValue
        OwnerIdRole, ///< ownerId: string, the client that owns it; empty: nobody does
        SenderIdRole, ///< senderId: string, the client that set it
        SenderUserIdRole, ///< senderUserId: string, its user; empty: not identified
        /// sequence: number, that of the change; 0 while the server has not taken it
        SequenceRole,
        ExpiresAtRole, ///< expiresAt: ms since the epoch by the server's clock; 0: does not expire
        PendingRole, ///< pending: bool, set by this client, and the server has not taken it yet
    };
    Q_ENUM(Role)

    explicit DispatchSharedState(QObject *parent = nullptr);
    /// The state of the shard of \a client.
    explicit DispatchSharedState(DispatchClient *client, QObject *parent = nullptr);
    ~DispatchSharedState() override;

    /// The client whose shard it is; lives on the same thread. Several may show the state of one.
    DispatchClient *client() const;
    void setClient(DispatchClient *client);
    /// Whether the client is in a shard whose server keeps a shared state. False without a
    /// connection, in the base profile, and with a server that has none; it stays as it is while
    /// the client recovers.
    bool isAvailable() const;
    /// The number of keys.
    int count() const;

    /// What is under \a key; undefined if nothing is.
    QJsonValue value(const QString &key) const;
    /// Whether there is such a key.
    bool contains(const QString &key) const;
    /// All keys, in their order.
    QStringList keys() const;
    /// The client that owns \a key; empty if nobody does.
    QString ownerId(const QString &key) const;
    /// Who set \a key, when, and as which event of the shard (sequence; 0 while the server has not
    /// taken it yet). Empty if there is no such key.
    DispatchEventMetadata metadata(const QString &key) const;

    /// Sets \a key to \a value, anything but undefined. The future ends when the server has made
    /// the change, with the number of its event, which is good for ifSequence, never 0; with
    /// DispatchAcknowledgement::UnknownSequence, if the client came back to its session, and the
    /// server had no more what it missed meanwhile. Or it fails with a DispatchError, as that of
    /// DispatchClient::emitAcknowledged(): RefusedByServer with the reason "state_owned",
    /// "state_changed", "state_full" or "state_too_big"; Superseded, if a newer change took its
    /// place before it was sent; NotSupported, if there is no shared state; InvalidPayload, if JSON
    /// can't carry the value. What fails is told by changeFailed(), too.
    QFuture<DispatchAcknowledgement> set(const QString &key, const QJsonValue &value,
                                         const DispatchStateOptions &options = {});
    /// Removes \a key; of \a options ifSequence and coalesced count. As set(). That there is no
    /// such key is no error.
    QFuture<DispatchAcknowledgement> remove(const QString &key,
                                            const DispatchStateOptions &options = {});

    int rowCount(const QModelIndex &parent = {}) const override;
    /// Qt::DisplayRole gives the key.
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QHash<int, QByteArray> roleNames() const override;

Q_SIGNALS:
    void clientChanged();
    void availableChanged();
    void countChanged();
    /// There is another \a value under \a key, by whomever, this client included; undefined: it was
    /// removed, or its time was over, or its owner has left. Of what a whole state brings it comes
    /// once for each key that is different.
    void valueChanged(const QString &key, const QJsonValue &value,
                      const DispatchEventMetadata &metadata);
    /// A change that this client asked for was not made, and what is shown is what the server says
    /// again; or nobody knows whether it was made (FateUnknown). Not told of what a newer change
    /// took the place of.
    void changeFailed(const QString &key, const DispatchError &error);

private:
    QFuture<DispatchAcknowledgement> change(const QString &key,
                                            const std::optional<QJsonValue> &value,
                                            const DispatchStateOptions &options);

    class Private;
    const std::unique_ptr<Private> d;
};

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatchtypes.h"

#include <QtCore/qabstractitemmodel.h>

#include <memory>

/// The users of a shard as a list model: all connections of one user are one row. Who has not
/// identified himself has a row for each connection. New rows come behind the others, which keep
/// their places; nothing ever resets.
/// Comes from DispatchClient::users(); lives on the client's thread.
/// \since 0.1
class DISPATCH_CLIENT_EXPORT DispatchUsersModel : public QAbstractListModel {
    Q_OBJECT
    Q_PROPERTY(int count READ count NOTIFY countChanged)

public:
    /// What a row tells, and under which name in QML.
    enum Role {
        UserIdRole = Qt::UserRole + 1, ///< userId: string, empty if not identified
        ConnectionsRole, ///< connections: how many clients the user has in the shard
        ClientIdRole, ///< clientId: string, of the one that came last
        UserInfoRole, ///< userInfo: object, that of the one that came last; untrusted
        IsSelfRole, ///< isSelf: bool, whether one of them is this client
        StaleRole, ///< stale: bool, see DispatchClient::connectedClientsStale
    };
    Q_ENUM(Role)

    explicit DispatchUsersModel(QObject *parent = nullptr);
    ~DispatchUsersModel() override;

    int count() const;
    int rowCount(const QModelIndex &parent = {}) const override;
    /// Qt::DisplayRole gives the user info's "name" or else the user id, or else the client id.
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QHash<int, QByteArray> roleNames() const override;

    /// \internal Makes the rows those of the users of \a clients.
    void update(const QList<DispatchConnectedClient> &clients);
    /// \internal Whether what the rows say may be out of date.
    void setStale(bool stale);

Q_SIGNALS:
    void countChanged();

private:
    class Private;
    const std::unique_ptr<Private> d;
};

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatchtypes.h"

#include <QtCore/qabstractitemmodel.h>

#include <memory>

/// The clients of a shard as a list model, in the order of their arrival. It inserts, removes and
/// changes single rows and never resets, so views keep their place and their delegates.
/// Comes from DispatchClient::clients(); lives on the client's thread.
/// \since 0.1
class DISPATCH_CLIENT_EXPORT DispatchClientsModel : public QAbstractListModel {
    Q_OBJECT
    Q_PROPERTY(int count READ count NOTIFY countChanged)

public:
    /// What a row tells, and under which name in QML.
    enum Role {
        ClientIdRole = Qt::UserRole + 1, ///< clientId: string
        UserIdRole, ///< userId: string, empty if not identified
        UserInfoRole, ///< userInfo: object, untrusted
        LastPingRole, ///< lastPing: date
        IsSelfRole, ///< isSelf: bool
        StaleRole, ///< stale: bool, see DispatchClient::connectedClientsStale
    };
    Q_ENUM(Role)

    explicit DispatchClientsModel(QObject *parent = nullptr);
    ~DispatchClientsModel() override;

    int count() const;
    int rowCount(const QModelIndex &parent = {}) const override;
    /// Qt::DisplayRole gives the user info's "name" or else the client id.
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QHash<int, QByteArray> roleNames() const override;

    /// The client in \a row; a default-constructed one for a row that is not there.
    DispatchConnectedClient at(int row) const;
    /// All rows.
    const QList<DispatchConnectedClient> &toList() const;

    /// \internal Makes the rows equal to \a clients with as few row signals as it takes.
    void update(const QList<DispatchConnectedClient> &clients);
    /// \internal Whether what the rows say may be out of date.
    void setStale(bool stale);

Q_SIGNALS:
    void countChanged();

private:
    void removeRowsNotIn(const QList<DispatchConnectedClient> &wanted);
    qsizetype settleRow(const QList<DispatchConnectedClient> &wanted, qsizetype row);

    class Private;
    const std::unique_ptr<Private> d;
};

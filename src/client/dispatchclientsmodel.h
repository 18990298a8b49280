// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatchtypes.h"

#include <QtCore/qabstractitemmodel.h>
#include <QtCore/qvariant.h>

#include <memory>

/// The clients of a shard as a list model, in the order of their arrival. It inserts, removes and
/// changes single rows, so views keep their place and their delegates; it never resets, unless one
/// sets userInfoRoles. This client keeps its row where it comes back under another id.
/// Comes from DispatchClient::clients(); lives on the client's thread.
/// \since 0.1
class DISPATCH_CLIENT_EXPORT DispatchClientsModel : public QAbstractListModel {
    Q_OBJECT
    Q_PROPERTY(int count READ count NOTIFY countChanged)
    Q_PROPERTY(QVariantMap userInfoRoles READ userInfoRoles WRITE setUserInfoRoles NOTIFY
                   userInfoRolesChanged)
    Q_PROPERTY(bool selfFirst READ isSelfFirst WRITE setSelfFirst NOTIFY selfFirstChanged)

public:
    /// What a row tells, and under which name in QML.
    enum Role {
        ClientIdRole = Qt::UserRole + 1, ///< clientId: string
        UserIdRole, ///< userId: string, empty if not identified
        UserInfoRole, ///< userInfo: object, untrusted
        /// lastPing: date. It moves on with every sign of life, so dataChanged() does not tell of
        /// it
        LastPingRole,
        IsSelfRole, ///< isSelf: bool
        /// stale: bool, whether DispatchClient::connectedClientsStale has been true for longer than
        /// DispatchClient::lossGrace: what is mended at once changes no row
        StaleRole,
        FirstUserInfoRole = Qt::UserRole + 1'000, ///< info_<key>: see userInfoRoles
    };
    Q_ENUM(Role)

    explicit DispatchClientsModel(QObject *parent = nullptr);
    ~DispatchClientsModel() override;

    int count() const;
    int rowCount(const QModelIndex &parent = {}) const override;
    /// Qt::DisplayRole gives the user info's "name" or else the client id.
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QHash<int, QByteArray> roleNames() const override;

    /// Which keys of the user info have roles of their own, and what each says of a client that has
    /// no such key, or a value of another type under it: with {"score": 0} the role "info_score"
    /// is a number, whatever others may send. A key with null has no type: its role gives what is
    /// there, or an invalid value. Numbers are doubles, so that proxies can sort by them. A change
    /// of a key is told as one of its role and UserInfoRole, which has the key, too.
    ///
    /// Empty by default. To be set up front, before a view is given the model: in Qt 6.4 the views
    /// of Qt Quick read the names of roles once. For those who read them again the model resets.
    QVariantMap userInfoRoles() const;
    void setUserInfoRoles(const QVariantMap &defaults);
    /// The role of \a key, as for QSortFilterProxyModel::setSortRole(); -1 if it is not one of
    /// userInfoRoles.
    int userInfoRole(const QString &key) const;
    /// Whether this client has the first row, whenever the others came; false by default.
    bool isSelfFirst() const;
    void setSelfFirst(bool first);

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
    void userInfoRolesChanged();
    void selfFirstChanged();

private:
    QVariant userInfoValue(const DispatchConnectedClient &client, int role) const;
    QList<int> changedRoles(const DispatchConnectedClient &before,
                            const DispatchConnectedClient &after) const;
    void replace(qsizetype row, const DispatchConnectedClient &client);
    void followSelf(const QList<DispatchConnectedClient> &wanted);
    void removeRowsNotIn(const QList<DispatchConnectedClient> &wanted);
    qsizetype settleRow(const QList<DispatchConnectedClient> &wanted, qsizetype row);

    class Private;
    const std::unique_ptr<Private> d;
};

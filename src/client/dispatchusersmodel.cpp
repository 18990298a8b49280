// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "dispatchusersmodel.h"

#include "../threadcheck/threadcheck_p.h"
#include "rowruns_p.h"

#include <QtCore/qhash.h>
#include <QtCore/qpointer.h>

#include <utility>

using namespace Qt::StringLiterals;

namespace {

/// A user, or somebody who has not said who he is.
struct User {
    DispatchConnectedClient newest;
    int connections = 0;
    bool isSelf = false;
};

/// What tells rows apart: a user id may look like the client id of somebody else.
using Key = std::pair<QString, QString>;

Key keyOf(const DispatchConnectedClient &client)
{
    return {client.userId, client.userId.isEmpty() ? client.clientId : QString()};
}

/// The users of some clients, who are in the order of their arrival.
class Users {
public:
    explicit Users(const QList<DispatchConnectedClient> &clients)
    {
        for (const DispatchConnectedClient &client : clients) {
            const Key key = keyOf(client);
            if (!m_users.contains(key))
                m_order.append(key);
            User &user = m_users[key];
            user.newest = client;
            ++user.connections;
            user.isSelf = user.isSelf || client.isSelf;
        }
    }
    bool contains(const User &user) const { return m_users.contains(keyOf(user.newest)); }
    /// Takes out what \a user has become, who is there.
    User take(const User &user) { return m_users.take(keyOf(user.newest)); }
    /// Those that were not taken out.
    QList<User> rest() const
    {
        QList<User> users;
        for (const Key &key : m_order) {
            if (const auto left = m_users.constFind(key); left != m_users.constEnd())
                users.append(*left);
        }
        return users;
    }

private:
    QHash<Key, User> m_users;
    QList<Key> m_order;
};

QList<int> changedRoles(const User &before, const User &after)
{
    QList<int> roles;
    if (before.connections != after.connections)
        roles.append(DispatchUsersModel::ConnectionsRole);
    if (before.newest.clientId != after.newest.clientId)
        roles.append(DispatchUsersModel::ClientIdRole);
    if (before.newest.userInfo != after.newest.userInfo)
        roles << Qt::DisplayRole << DispatchUsersModel::UserInfoRole;
    if (before.isSelf != after.isSelf)
        roles.append(DispatchUsersModel::IsSelfRole);
    return roles;
}

} // namespace

class Q_DECL_HIDDEN DispatchUsersModel::Private {
public:
    QList<User> rows;
    bool stale = false;
    quint64 generation = 0;
    int announcedCount = 0;
};

DispatchUsersModel::DispatchUsersModel(QObject *parent)
    : QAbstractListModel(parent)
    , d(std::make_unique<Private>())
{
}

DispatchUsersModel::~DispatchUsersModel() = default;

int DispatchUsersModel::count() const
{
    Dispatch::requireThreadOf(this, Q_FUNC_INFO);
    return int(d->rows.size());
}

int DispatchUsersModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : count();
}

QVariant DispatchUsersModel::data(const QModelIndex &index, int role) const
{
    Dispatch::requireThreadOf(this, Q_FUNC_INFO);
    if (!index.isValid() || index.row() >= count())
        return {};
    const User &user = d->rows.at(index.row());
    switch (role) {
    case Qt::DisplayRole: {
        const QString name = user.newest.userInfo.value("name"_L1).toString();
        const QString id = user.newest.userId.isEmpty() ? user.newest.clientId : user.newest.userId;
        return name.isEmpty() ? id : name;
    }
    case UserIdRole:
        return user.newest.userId;
    case ConnectionsRole:
        return user.connections;
    case ClientIdRole:
        return user.newest.clientId;
    case UserInfoRole:
        return user.newest.userInfo;
    case IsSelfRole:
        return user.isSelf;
    case StaleRole:
        return d->stale;
    default:
        return {};
    }
}

QHash<int, QByteArray> DispatchUsersModel::roleNames() const
{
    return {
        {Qt::DisplayRole, "display"_ba},
        {UserIdRole, "userId"_ba},
        {ConnectionsRole, "connections"_ba},
        {ClientIdRole, "clientId"_ba},
        {UserInfoRole, "userInfo"_ba},
        {IsSelfRole, "isSelf"_ba},
        {StaleRole, "stale"_ba},
    };
}

void DispatchUsersModel::update(const QList<DispatchConnectedClient> &clients)
{
    // A view's handler may lead to another update; the newest list wins. It may also delete this.
    const QPointer<QObject> self(this);
    const quint64 generation = ++d->generation;
    const auto isCurrent = [&] { return self && generation == d->generation; };
    Users users(clients);

    Dispatch::removeRuns(
        d->rows.size(), [&](qsizetype row) { return !users.contains(d->rows.at(row)); },
        [&](int first, int last) {
            beginRemoveRows({}, first, last);
            d->rows.remove(first, last - first + 1);
            endRemoveRows();
            return isCurrent();
        });
    for (int row = 0; isCurrent() && row < count(); ++row) {
        const User user = users.take(d->rows.at(row));
        const QList<int> roles = changedRoles(d->rows.at(row), user);
        d->rows[row] = user;
        if (!roles.isEmpty())
            Q_EMIT dataChanged(index(row), index(row), roles);
    }
    if (const QList<User> came = users.rest(); isCurrent() && !came.isEmpty()) {
        beginInsertRows({}, count(), int(count() + came.size() - 1));
        d->rows += came;
        endInsertRows();
    }
    // One that was overtaken may have removed what the newer one did not miss.
    if (self && std::exchange(d->announcedCount, count()) != count())
        Q_EMIT countChanged();
}

void DispatchUsersModel::setStale(bool stale)
{
    if (std::exchange(d->stale, stale) != stale && count() > 0)
        Q_EMIT dataChanged(index(0), index(count() - 1), {StaleRole});
}

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "dispatchclientsmodel.h"

#include "../threadcheck/threadcheck_p.h"
#include "rowruns_p.h"

#include <QtCore/qpointer.h>
#include <QtCore/qset.h>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

class Q_DECL_HIDDEN DispatchClientsModel::Private {
public:
    struct UserInfoRole {
        QString key;
        QJsonValue fallback;
    };

    QList<DispatchConnectedClient> rows;
    QVariantMap defaults; ///< that these were made of
    QList<UserInfoRole> userInfoRoles;
    QList<DispatchConnectedClient> arrivals; ///< the rows in the order of their arrival
    bool selfFirst = false;
    bool stale = false;
    quint64 generation = 0;
    int announcedCount = 0;
};

namespace {

using Clients = QList<DispatchConnectedClient>;

Clients::const_iterator findClient(const Clients &clients, const QString &clientId,
                                   qsizetype from = 0)
{
    return std::find_if(clients.cbegin() + from, clients.cend(),
                        [&](const auto &other) { return other.clientId == clientId; });
}

Clients::const_iterator findSelf(const Clients &clients)
{
    return std::ranges::find_if(clients, &DispatchConnectedClient::isSelf);
}

Clients withSelfFirst(Clients clients)
{
    if (const auto self = findSelf(clients); self != clients.cend())
        clients.move(self - clients.cbegin(), 0);
    return clients;
}

QString displayed(const DispatchConnectedClient &client)
{
    const QString name = client.userInfo.value("name"_L1).toString();
    return name.isEmpty() ? client.clientId : name;
}

/// \a value as one that compares with others of its kind.
QVariant comparable(const QJsonValue &value)
{
    if (value.isUndefined() || value.isNull())
        return {};
    return value.isDouble() ? QVariant(value.toDouble()) : value.toVariant();
}

} // namespace

DispatchClientsModel::DispatchClientsModel(QObject *parent)
    : QAbstractListModel(parent)
    , d(std::make_unique<Private>())
{
}

DispatchClientsModel::~DispatchClientsModel() = default;

int DispatchClientsModel::count() const
{
    Dispatch::requireThreadOf(this, Q_FUNC_INFO);
    return int(d->rows.size());
}

int DispatchClientsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : count();
}

QVariant DispatchClientsModel::data(const QModelIndex &index, int role) const
{
    Dispatch::requireThreadOf(this, Q_FUNC_INFO);
    if (!index.isValid() || index.row() >= count())
        return {};
    const DispatchConnectedClient &client = d->rows.at(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return displayed(client);
    case ClientIdRole:
        return client.clientId;
    case UserIdRole:
        return client.userId;
    case UserInfoRole:
        return client.userInfo;
    case LastPingRole:
        return client.lastPing;
    case IsSelfRole:
        return client.isSelf;
    case StaleRole:
        return d->stale;
    default:
        return userInfoValue(client, role);
    }
}

QVariant DispatchClientsModel::userInfoValue(const DispatchConnectedClient &client, int role) const
{
    const qsizetype index = role - FirstUserInfoRole;
    if (index < 0 || index >= d->userInfoRoles.size())
        return {};
    const auto &[key, fallback] = d->userInfoRoles.at(index);
    const QJsonValue value = client.userInfo.value(key);
    const bool fits = fallback.isNull() || value.type() == fallback.type();
    return comparable(fits ? value : fallback);
}

QHash<int, QByteArray> DispatchClientsModel::roleNames() const
{
    Dispatch::requireThreadOf(this, Q_FUNC_INFO);
    QHash<int, QByteArray> names{
        {Qt::DisplayRole, "display"_ba}, {ClientIdRole, "clientId"_ba}, {UserIdRole, "userId"_ba},
        {UserInfoRole, "userInfo"_ba},   {LastPingRole, "lastPing"_ba}, {IsSelfRole, "isSelf"_ba},
        {StaleRole, "stale"_ba},
    };
    // No other role and no word of QML begins like that.
    for (int i = 0; i < int(d->userInfoRoles.size()); ++i)
        names.insert(FirstUserInfoRole + i, "info_"_ba + d->userInfoRoles.at(i).key.toUtf8());
    return names;
}

QVariantMap DispatchClientsModel::userInfoRoles() const
{
    Dispatch::requireThreadOf(this, Q_FUNC_INFO);
    return d->defaults;
}

void DispatchClientsModel::setUserInfoRoles(const QVariantMap &defaults)
{
    Dispatch::requireThreadOf(this, Q_FUNC_INFO);
    if (d->defaults == defaults)
        return;
    const QPointer<QObject> self(this); // whoever hears of it may delete this
    beginResetModel();
    if (!self)
        return;
    d->defaults = defaults;
    d->userInfoRoles.clear();
    for (auto role = defaults.begin(); role != defaults.end(); ++role)
        d->userInfoRoles.append({role.key(), QJsonValue::fromVariant(role.value())});
    endResetModel();
    if (self)
        Q_EMIT userInfoRolesChanged();
}

int DispatchClientsModel::userInfoRole(const QString &key) const
{
    Dispatch::requireThreadOf(this, Q_FUNC_INFO);
    const auto at = std::ranges::find(d->userInfoRoles, key, &Private::UserInfoRole::key);
    return at == d->userInfoRoles.end() ? -1
                                        : FirstUserInfoRole + int(at - d->userInfoRoles.begin());
}

bool DispatchClientsModel::isSelfFirst() const
{
    Dispatch::requireThreadOf(this, Q_FUNC_INFO);
    return d->selfFirst;
}

DispatchConnectedClient DispatchClientsModel::at(int row) const
{
    Dispatch::requireThreadOf(this, Q_FUNC_INFO);
    return d->rows.value(row);
}

const QList<DispatchConnectedClient> &DispatchClientsModel::toList() const
{
    Dispatch::requireThreadOf(this, Q_FUNC_INFO);
    return d->rows;
}

void DispatchClientsModel::update(const QList<DispatchConnectedClient> &clients)
{
    // A view's handler may lead to another update, and the newest list wins; or to our end.
    const QPointer<QObject> self(this);
    const quint64 generation = ++d->generation;
    d->arrivals = clients;
    const QList<DispatchConnectedClient> wanted = d->selfFirst ? withSelfFirst(clients) : clients;
    const auto isLatest = [&] { return self && generation == d->generation; };
    followSelf(wanted);
    if (isLatest())
        removeRowsNotIn(wanted);
    for (qsizetype row = 0; row < wanted.size() && isLatest(); ++row)
        row = settleRow(wanted, row);
    // One that was overtaken may have removed what the newer one did not miss.
    if (self && std::exchange(d->announcedCount, count()) != count())
        Q_EMIT countChanged();
}

void DispatchClientsModel::setSelfFirst(bool first)
{
    Dispatch::requireThreadOf(this, Q_FUNC_INFO);
    if (std::exchange(d->selfFirst, first) == first)
        return;
    const QPointer<QObject> self(this);
    update(QList(d->arrivals));
    if (self)
        Q_EMIT selfFirstChanged();
}

/// This client has come back under another id: its row is the same.
void DispatchClientsModel::followSelf(const QList<DispatchConnectedClient> &wanted)
{
    const auto was = findSelf(d->rows);
    const auto is = findSelf(wanted);
    if (was == d->rows.cend() || is == wanted.cend() || was->clientId == is->clientId
        || findClient(wanted, was->clientId) != wanted.cend()
        || findClient(d->rows, is->clientId) != d->rows.cend())
        return;
    replace(was - d->rows.cbegin(), *is);
}

void DispatchClientsModel::removeRowsNotIn(const QList<DispatchConnectedClient> &wanted)
{
    const QPointer<QObject> self(this);
    const quint64 generation = d->generation;
    QSet<QString> ids;
    ids.reserve(wanted.size());
    for (const DispatchConnectedClient &client : wanted)
        ids.insert(client.clientId);
    Dispatch::removeRuns(
        d->rows.size(), [&](qsizetype row) { return !ids.contains(d->rows.at(row).clientId); },
        [&](int first, int last) {
            beginRemoveRows({}, first, last);
            d->rows.remove(first, last - first + 1);
            endRemoveRows();
            return self && generation == d->generation;
        });
}

void DispatchClientsModel::setStale(bool stale)
{
    if (std::exchange(d->stale, stale) != stale && count() > 0)
        Q_EMIT dataChanged(index(0), index(count() - 1), {StaleRole});
}

/// Makes \a row what it is in \a wanted, given that all before it is; answers the last row that
/// is right by then.
qsizetype DispatchClientsModel::settleRow(const QList<DispatchConnectedClient> &wanted,
                                          qsizetype row)
{
    if (row >= d->rows.size()) {
        const qsizetype last = wanted.size() - 1;
        beginInsertRows({}, int(row), int(last));
        d->rows.append(wanted.sliced(row));
        endInsertRows();
        return last;
    }
    const DispatchConnectedClient client = wanted.at(row);
    const qsizetype from = findClient(d->rows, client.clientId, row) - d->rows.cbegin();
    if (from == d->rows.size()) {
        beginInsertRows({}, int(row), int(row));
        d->rows.insert(row, client);
        endInsertRows();
        return row;
    }
    if (from != row) {
        const QPointer<QObject> self(this);
        const quint64 generation = d->generation;
        beginMoveRows({}, int(from), int(from), {}, int(row));
        d->rows.move(from, row);
        endMoveRows();
        if (!self || generation != d->generation)
            return row;
    }
    replace(row, client);
    return row;
}

/// \a row is about \a client from now on.
void DispatchClientsModel::replace(qsizetype row, const DispatchConnectedClient &client)
{
    if (d->rows.at(row) == client)
        return;
    const QList<int> roles = changedRoles(d->rows.at(row), client);
    d->rows[row] = client;
    if (!roles.isEmpty())
        Q_EMIT dataChanged(index(int(row)), index(int(row)), roles);
}

QList<int> DispatchClientsModel::changedRoles(const DispatchConnectedClient &before,
                                              const DispatchConnectedClient &after) const
{
    QList<int> roles;
    if (before.clientId != after.clientId)
        roles.append(ClientIdRole);
    if (before.userId != after.userId)
        roles.append(UserIdRole);
    if (before.isSelf != after.isSelf)
        roles.append(IsSelfRole);
    if (before.userInfo != after.userInfo) {
        for (int i = 0; i < int(d->userInfoRoles.size()); ++i) {
            const int role = FirstUserInfoRole + i;
            if (userInfoValue(before, role) != userInfoValue(after, role))
                roles.append(role);
        }
        roles.append(UserInfoRole);
    }
    if (displayed(before) != displayed(after))
        roles.append(Qt::DisplayRole);
    return roles;
}

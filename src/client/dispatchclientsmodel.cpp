// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "dispatchclientsmodel.h"

#include "rowruns_p.h"
#include "threadcheck_p.h"

#include <QtCore/qset.h>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

class DispatchClientsModel::Private {
public:
    QList<DispatchConnectedClient> rows;
    bool stale = false;
    quint64 generation = 0;
    int announcedCount = 0;
};

namespace {

bool isSame(const DispatchConnectedClient &a, const DispatchConnectedClient &b)
{
    return a.clientId == b.clientId;
}

QList<int> changedRoles(const DispatchConnectedClient &before, const DispatchConnectedClient &after)
{
    QList<int> roles;
    if (before.userId != after.userId)
        roles.append(DispatchClientsModel::UserIdRole);
    if (before.userInfo != after.userInfo)
        roles << Qt::DisplayRole << DispatchClientsModel::UserInfoRole;
    if (before.lastPing != after.lastPing)
        roles.append(DispatchClientsModel::LastPingRole);
    if (before.isSelf != after.isSelf)
        roles.append(DispatchClientsModel::IsSelfRole);
    return roles;
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
    case Qt::DisplayRole: {
        const QString name = client.userInfo.value("name"_L1).toString();
        return name.isEmpty() ? client.clientId : name;
    }
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
        return {};
    }
}

QHash<int, QByteArray> DispatchClientsModel::roleNames() const
{
    return {
        {Qt::DisplayRole, "display"_ba}, {ClientIdRole, "clientId"_ba}, {UserIdRole, "userId"_ba},
        {UserInfoRole, "userInfo"_ba},   {LastPingRole, "lastPing"_ba}, {IsSelfRole, "isSelf"_ba},
        {StaleRole, "stale"_ba},
    };
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
    // A view's handler may lead to another update; the newest list wins.
    const quint64 generation = ++d->generation;
    const QList<DispatchConnectedClient> wanted = clients;
    removeRowsNotIn(wanted);
    for (qsizetype row = 0; row < wanted.size() && generation == d->generation; ++row)
        row = settleRow(wanted, row);
    // One that was overtaken may have removed what the newer one did not miss.
    if (std::exchange(d->announcedCount, count()) != count())
        Q_EMIT countChanged();
}

void DispatchClientsModel::removeRowsNotIn(const QList<DispatchConnectedClient> &wanted)
{
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
            return generation == d->generation;
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
    const auto at = std::find_if(d->rows.cbegin() + row, d->rows.cend(),
                                 [&client](const auto &other) { return isSame(other, client); });
    const qsizetype from = at - d->rows.cbegin();
    if (from == d->rows.size()) {
        beginInsertRows({}, int(row), int(row));
        d->rows.insert(row, client);
        endInsertRows();
        return row;
    }
    if (from != row) {
        beginMoveRows({}, int(from), int(from), {}, int(row));
        d->rows.move(from, row);
        endMoveRows();
    }
    const QList<int> roles = changedRoles(d->rows.at(row), client);
    if (!roles.isEmpty()) {
        d->rows[row] = client;
        Q_EMIT dataChanged(index(int(row)), index(int(row)), roles);
    }
    return row;
}

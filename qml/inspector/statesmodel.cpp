// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "statesmodel.h"

#include <QtCore/qdatetime.h>
#include <QtCore/qmetaobject.h>

using namespace Qt::StringLiterals;

namespace Dispatch {

namespace {

template<typename Enum>
QString nameOf(Enum value)
{
    return QString::fromLatin1(QMetaEnum::fromType<Enum>().valueToKey(value));
}

QString summaryOf(const StateChange &change)
{
    const QDateTime at = QDateTime::fromMSecsSinceEpoch(change.time);
    QString line = u"%1 %2"_s.arg(at.toString(u"hh:mm:ss.zzz"_s),
                                  change.isChange ? nameOf(change.state) : u"--"_s);
    if (!change.detail.isEmpty())
        line += u": "_s + change.detail;
    if (change.error)
        line += u": %1: %2"_s.arg(nameOf(change.error.code()), change.error.message());
    return line;
}

} // namespace

InspectorStates::InspectorStates(QObject *parent)
    : LogModel(DefaultLimit, parent)
{
    connect(this, &QAbstractItemModel::rowsInserted, this, &InspectorStates::countChanged);
    connect(this, &QAbstractItemModel::rowsRemoved, this, &InspectorStates::countChanged);
    connect(this, &QAbstractItemModel::modelReset, this, &InspectorStates::countChanged);
}

QVariant InspectorStates::data(const QModelIndex &index, int role) const
{
    const StateChange *change = rowAt(index);
    if (!change)
        return {};
    switch (role) {
    case TimeRole:
        return QDateTime::fromMSecsSinceEpoch(change->time);
    case StateRole:
        return change->state;
    case Qt::DisplayRole:
    case StateNameRole:
        return nameOf(change->state);
    case ChangedRole:
        return change->isChange;
    case CodeRole:
        return change->error.code();
    case CodeNameRole:
        return change->error ? nameOf(change->error.code()) : QString();
    case MessageRole:
        return change->error.message();
    case ReasonRole:
        return change->error.reason();
    case RetryableRole:
        return change->error.isRetryable();
    case DetailRole:
        return change->detail;
    case SummaryRole:
        return summaryOf(*change);
    default:
        return {};
    }
}

QHash<int, QByteArray> InspectorStates::roleNames() const
{
    return {{TimeRole, "time"},       {StateRole, "state"},    {StateNameRole, "stateName"},
            {ChangedRole, "changed"}, {CodeRole, "code"},      {CodeNameRole, "codeName"},
            {MessageRole, "message"}, {ReasonRole, "reason"},  {RetryableRole, "retryable"},
            {DetailRole, "detail"},   {SummaryRole, "summary"}};
}

void InspectorStates::explain(qint64 time, DispatchClient::State state, const DispatchError &error)
{
    StateChange *latest = log().latestNews();
    if (latest && latest->error == error)
        return; // disconnected() and errorOccurred() tell the same
    if (latest && latest->isChange && !latest->error && latest->state != DispatchClient::Connected)
        latest->error = error;
    else
        log().add({.time = time, .state = state, .isChange = false, .error = error});
}

QString InspectorStates::text() const
{
    QString all;
    for (int row = 0; row < count(); ++row)
        all += data(index(row), SummaryRole).toString() + u'\n';
    return all;
}

} // namespace Dispatch

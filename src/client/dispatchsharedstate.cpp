// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "dispatchsharedstate.h"

#include "../threadcheck/threadcheck_p.h"
#include "dispatchclient_p.h"
#include "payload_p.h"
#include "statehub_p.h"

#include <QtCore/qmetaobject.h>
#include <QtCore/qpointer.h>

#include <algorithm>
#include <vector>

using namespace Qt::StringLiterals;
using namespace Dispatch;

class Q_DECL_HIDDEN DispatchSharedState::Private {
public:
    struct Row {
        QString key;
        StateView::Item item;
    };

    std::vector<Row>::iterator rowOf(const QString &key)
    {
        return std::ranges::lower_bound(rows, key, {}, &Row::key);
    }
    /// What is shown under \a key by the client; null if nothing is.
    const StateView::Item *find(const QString &key) const
    {
        return hub ? hub->view.find(key) : nullptr;
    }

    DispatchSharedState *q = nullptr;
    QPointer<DispatchClient> client;
    QPointer<StateHub> hub;
    std::vector<Row> rows; ///< as they were announced, in the order of their keys
    bool isChangingRows = false; ///< views were told, and it is not done yet
    bool isSyncDue = false; ///< behind that
    bool isAvailable = false;

    void sync(const QStringList &keys);
    void syncKey(const QString &key);
    void insert(const QString &key, const StateView::Item &item);
    void update(Row &row, const StateView::Item &item);
    void remove(const QString &key);
    void tell(const QString &key, const StateView::Item &item);
    void setAvailable(bool available);
    DispatchEventMetadata metadata(const StateView::Item &item) const;
};

namespace {

QJsonValue toValue(const StateView::Item &item)
{
    return item.value.isNull() ? QJsonValue(QJsonValue::Undefined) : Payload::toJson(item.value);
}

QString ownerOf(const StateView::Item &item)
{
    return item.isOwned ? item.senderId : QString();
}

QList<int> rolesThatDiffer(const StateView::Item &before, const StateView::Item &after)
{
    QList<int> roles;
    const auto compare = [&roles](bool isEqual, int role) {
        if (!isEqual)
            roles.append(role);
    };
    using State = DispatchSharedState;
    compare(before.value == after.value, State::ValueRole);
    compare(ownerOf(before) == ownerOf(after), State::OwnerIdRole);
    compare(before.senderId == after.senderId, State::SenderIdRole);
    compare(before.senderUserId == after.senderUserId, State::SenderUserIdRole);
    compare(before.sequence == after.sequence, State::SequenceRole);
    compare(before.expiresAt == after.expiresAt, State::ExpiresAtRole);
    compare(before.isPending == after.isPending, State::PendingRole);
    return roles;
}

} // namespace

void DispatchSharedState::Private::sync(const QStringList &keys)
{
    // Who hears of rows that are to come or go may end the client.
    isSyncDue = isChangingRows;
    if (isChangingRows)
        return;
    const QPointer<DispatchSharedState> self(q);
    QStringList affected = keys;
    if (keys.isEmpty()) {
        if (hub)
            affected = hub->view.keys();
        for (const Row &row : rows)
            affected.append(row.key);
        affected.removeDuplicates();
    }
    for (const QString &key : affected) {
        if (self)
            syncKey(key);
    }
    if (self && isSyncDue)
        sync({});
}

void DispatchSharedState::Private::syncKey(const QString &key)
{
    const StateView::Item *item = find(key);
    const auto row = rowOf(key);
    const bool isThere = row != rows.end() && row->key == key;
    if (item && isThere)
        update(*row, StateView::Item(*item));
    else if (item)
        insert(key, StateView::Item(*item));
    else if (isThere)
        remove(key);
}

void DispatchSharedState::Private::insert(const QString &key, const StateView::Item &item)
{
    const QPointer<DispatchSharedState> self(q);
    const auto at = rowOf(key);
    const int row = int(at - rows.begin());
    isChangingRows = true;
    q->beginInsertRows({}, row, row);
    rows.insert(at, {key, item});
    isChangingRows = false;
    q->endInsertRows();
    if (self)
        Q_EMIT q->countChanged();
    if (self)
        tell(key, item);
}

void DispatchSharedState::Private::remove(const QString &key)
{
    const QPointer<DispatchSharedState> self(q);
    StateView::Item removal = hub ? hub->view.removal(key) : StateView::Item();
    const auto at = rowOf(key);
    const int row = int(at - rows.begin());
    isChangingRows = true;
    q->beginRemoveRows({}, row, row);
    rows.erase(at);
    isChangingRows = false;
    q->endRemoveRows();
    if (self)
        Q_EMIT q->countChanged();
    if (self)
        tell(key, removal);
}

void DispatchSharedState::Private::update(Row &row, const StateView::Item &item)
{
    const QPointer<DispatchSharedState> self(q);
    const QList<int> roles = rolesThatDiffer(row.item, item);
    row.item = item;
    if (roles.isEmpty())
        return;
    const QString key = row.key;
    const QModelIndex index = q->index(int(rowOf(key) - rows.begin()));
    Q_EMIT q->dataChanged(index, index, roles);
    if (self && roles.contains(ValueRole))
        tell(key, item);
}

void DispatchSharedState::Private::tell(const QString &key, const StateView::Item &item)
{
    static const QMetaMethod signal = QMetaMethod::fromSignal(&DispatchSharedState::valueChanged);
    if (q->isSignalConnected(signal))
        Q_EMIT q->valueChanged(key, toValue(item), metadata(item));
}

void DispatchSharedState::Private::setAvailable(bool available)
{
    if (std::exchange(isAvailable, available) != available)
        Q_EMIT q->availableChanged();
}

DispatchEventMetadata DispatchSharedState::Private::metadata(const StateView::Item &item) const
{
    DispatchEventMetadata metadata;
    metadata.sequence = item.sequence;
    metadata.senderId = item.senderId;
    metadata.senderUserId = item.senderUserId;
    metadata.serverTime = item.time;
    metadata.own = item.isPending
        || (client && !item.senderId.isEmpty() && item.senderId == client->clientId());
    return metadata;
}

DispatchSharedState::DispatchSharedState(QObject *parent)
    : QAbstractListModel(parent)
    , d(std::make_unique<Private>())
{
    d->q = this;
}

DispatchSharedState::DispatchSharedState(DispatchClient *client, QObject *parent)
    : DispatchSharedState(parent)
{
    setClient(client);
}

DispatchSharedState::~DispatchSharedState()
{
    requireThreadOfDying(this, Q_FUNC_INFO);
}

DispatchClient *DispatchSharedState::client() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return d->client;
}

void DispatchSharedState::setClient(DispatchClient *client)
{
    requireThreadOf(this, Q_FUNC_INFO);
    if (client)
        requireThreadOf(client, Q_FUNC_INFO);
    // A client that is being destroyed is none any more.
    if (d->client == client && (client || !d->hub))
        return;
    if (d->hub)
        disconnect(d->hub, nullptr, this, nullptr);
    d->client = client;
    d->hub = client ? client->d->sharedState : nullptr;
    if (StateHub *hub = d->hub) {
        connect(hub, &StateHub::changed, this, [this](const QStringList &keys) { d->sync(keys); });
        connect(hub, &StateHub::availableChanged, this,
                [this] { d->setAvailable(d->hub->isAvailable); });
        connect(hub, &StateHub::failed, this, &DispatchSharedState::changeFailed);
        connect(client, &QObject::destroyed, this, [this] { setClient(nullptr); });
    }
    const QPointer<DispatchSharedState> self(this);
    d->sync({});
    if (self)
        d->setAvailable(d->hub && d->hub->isAvailable);
    if (self)
        Q_EMIT clientChanged();
}

bool DispatchSharedState::isAvailable() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return d->isAvailable;
}

int DispatchSharedState::count() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return int(d->rows.size());
}

QJsonValue DispatchSharedState::value(const QString &key) const
{
    requireThreadOf(this, Q_FUNC_INFO);
    const StateView::Item *item = d->find(key);
    return item ? toValue(*item) : QJsonValue(QJsonValue::Undefined);
}

bool DispatchSharedState::contains(const QString &key) const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return d->find(key) != nullptr;
}

QStringList DispatchSharedState::keys() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return d->hub ? d->hub->view.keys() : QStringList();
}

QString DispatchSharedState::ownerId(const QString &key) const
{
    requireThreadOf(this, Q_FUNC_INFO);
    const StateView::Item *item = d->find(key);
    return item ? ownerOf(*item) : QString();
}

DispatchEventMetadata DispatchSharedState::metadata(const QString &key) const
{
    requireThreadOf(this, Q_FUNC_INFO);
    const StateView::Item *item = d->find(key);
    return item ? d->metadata(*item) : DispatchEventMetadata();
}

QFuture<DispatchAcknowledgement> DispatchSharedState::set(const QString &key,
                                                          const QJsonValue &value,
                                                          const DispatchStateOptions &options)
{
    return change(key, value, options);
}

QFuture<DispatchAcknowledgement> DispatchSharedState::remove(const QString &key,
                                                             const DispatchStateOptions &options)
{
    return change(key, std::nullopt, options);
}

QFuture<DispatchAcknowledgement> DispatchSharedState::change(const QString &key,
                                                             const std::optional<QJsonValue> &value,
                                                             const DispatchStateOptions &options)
{
    requireThreadOf(this, Q_FUNC_INFO);
    const auto promise = startedPromise<DispatchAcknowledgement>();
    const QFuture<DispatchAcknowledgement> future = promise->future();
    if (!d->client) {
        const DispatchError reason(DispatchError::NotConnected,
                                   u"The shared state is that of no client: set client."_s);
        failLater(promise, reason);
        Q_EMIT changeFailed(key, reason);
        return future;
    }
    DispatchClient::Private *client = d->client->d.get();
    const DispatchClient::Private::Hold hold(client);
    client->changeState(promise, key, value, options);
    return future;
}

int DispatchSharedState::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : count();
}

QVariant DispatchSharedState::data(const QModelIndex &index, int role) const
{
    requireThreadOf(this, Q_FUNC_INFO);
    if (!index.isValid() || index.row() >= count())
        return {};
    const auto &[key, item] = d->rows[std::size_t(index.row())];
    switch (role) {
    case Qt::DisplayRole:
    case KeyRole:
        return key;
    case ValueRole:
        return QVariant::fromValue(toValue(item));
    case OwnerIdRole:
        return ownerOf(item);
    case SenderIdRole:
        return item.senderId;
    case SenderUserIdRole:
        return item.senderUserId;
    case SequenceRole:
        return item.sequence;
    case ExpiresAtRole:
        return item.expiresAt;
    case PendingRole:
        return item.isPending;
    default:
        return {};
    }
}

QHash<int, QByteArray> DispatchSharedState::roleNames() const
{
    return {
        {Qt::DisplayRole, "display"_ba}, {KeyRole, "key"_ba},
        {ValueRole, "value"_ba},         {OwnerIdRole, "ownerId"_ba},
        {SenderIdRole, "senderId"_ba},   {SenderUserIdRole, "senderUserId"_ba},
        {SequenceRole, "sequence"_ba},   {ExpiresAtRole, "expiresAt"_ba},
        {PendingRole, "pending"_ba},
    };
}

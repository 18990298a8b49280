// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "dispatchclient_p.h"
#include "dispatchclientlog_p.h"
#include "dispatcheventmodel_p.h"

#include <QtCore/qdatetime.h>

using namespace Qt::StringLiterals;
using namespace Dispatch;
using Model = DispatchEventModel;

namespace {

/// Ids of this client that are remembered, to know what it said before in a history.
constexpr qsizetype MostOwnIds = 16;
/// Lives of shards of which is remembered what was shown.
constexpr qsizetype MostEpochs = 64;

} // namespace

Model::Private::Private(DispatchEventModel *model)
    : q(model)
{
}

void Model::Private::attach(DispatchClient *newClient)
{
    if (client == newClient)
        return;
    if (newClient && newClient->thread() != q->thread()) {
        qCWarning(lcClient) << q << "can't show events of a client in another thread";
        return;
    }
    const auto self = shared_from_this();
    stop();
    client = newClient;
    m_place = {};
    m_ownIds.clear();
    start();
    if (q)
        Q_EMIT q->clientChanged();
}

void Model::Private::setEventName(const QString &name)
{
    if (eventName == name)
        return;
    const auto self = shared_from_this();
    stop();
    eventName = name;
    start();
    if (q)
        Q_EMIT q->eventNameChanged();
}

void Model::Private::start()
{
    if (!q || !client || eventName.isEmpty() || m_context)
        return;
    m_context = std::make_unique<QObject>();
    m_subscription = client->subscribe(eventName, m_context.get(), [this](const auto &event) {
        m_incoming.emplace_back(Heard{event, QDateTime::currentMSecsSinceEpoch()});
        scheduleFlush();
    });
    QObject::connect(client, &DispatchClient::connected, m_context.get(),
                     [this](const DispatchConnectionInfo &info) { joined(info); });
    QObject::connect(client, &DispatchClient::disconnected, m_context.get(), [this] { lost(); });
    QObject::connect(client, &QObject::destroyed, m_context.get(), [this] { clientGone(); });
    if (const DispatchConnectionInfo &info = client->d->info; !info.clientId.isEmpty())
        joined(info);
    client->d->watch(shared_from_this());
}

/// Hears nothing any more, and shows nothing.
void Model::Private::stop()
{
    if (!m_context)
        return;
    m_subscription.unsubscribe();
    m_context.reset();
    if (client)
        client->d->unwatch(shared_from_this());
    m_incoming.clear();
    m_flushDue = false;
    m_lastSequences.clear();
    ++m_generation;
    // Who hears of rows that are to come or go may end the client.
    m_isClearDue = m_isChangingRows;
    if (!m_isChangingRows)
        remove(0, rows.size() - 1);
}

void Model::Private::end()
{
    q = nullptr;
    stop();
}

void Model::Private::clientGone()
{
    const auto self = shared_from_this();
    client = nullptr;
    stop();
    if (q)
        Q_EMIT q->clientChanged();
}

/// The client is in a shard, now or once more.
void Model::Private::joined(const DispatchConnectionInfo &info)
{
    m_incoming.emplace_back(Joined{{client->url(), client->projectId(), info.shardName}, info});
    flush();
}

/// Where nothing is acknowledged, nobody will say what became of what was sent.
void Model::Private::lost()
{
    const auto self = shared_from_this();
    flush();
    if (m_isExtended)
        return;
    std::vector<std::uint64_t> ids;
    for (int row = rows.settled(); row < rows.size(); ++row) {
        if (rows.at(row).status == Sending)
            ids.push_back(rows.at(row).id());
    }
    const DispatchError reason(
        DispatchError::FateUnknown,
        u"The event was sent, and may have arrived or not: the connection was lost before it came back."_s);
    for (const std::uint64_t id : ids)
        failed(id, OwnEventWatcher::Status::Uncertain, reason);
}

void Model::Private::scheduleFlush()
{
    if (!m_context || std::exchange(m_flushDue, true))
        return;
    QMetaObject::invokeMethod(
        m_context.get(),
        [this] {
            m_flushDue = false;
            flush();
        },
        Qt::QueuedConnection);
}

void Model::Private::flush()
{
    const auto self = shared_from_this();
    // What a view does in between, an event loop, too, finds the rest where it was.
    while (q && !m_incoming.empty()) {
        if (const auto *join = std::get_if<Joined>(&m_incoming.front())) {
            const Joined joined = *join;
            m_incoming.pop_front();
            takeJoin(joined);
        } else {
            takeRun();
        }
    }
}

void Model::Private::takeJoin(const Joined &join)
{
    m_isExtended = join.info.extended;
    if (!m_ownIds.contains(join.info.clientId))
        m_ownIds.append(join.info.clientId);
    if (m_ownIds.size() > MostOwnIds)
        m_ownIds.removeFirst();
    const Place before = std::exchange(m_place, join.place);
    if (!m_isExtended)
        settleDirect();
    if (join.info.recovered)
        return;
    // What was acknowledged, but had not come back, does not any more.
    rows.forgetEchoes();
    const QString epochBefore = std::exchange(m_epoch, join.info.epoch);
    const bool isSameLife = !m_epoch.isEmpty() && m_epoch == epochBefore;
    if (m_lastSequences.size() > MostEpochs)
        m_lastSequences.clear();
    if (clearOnMove && !before.shardName.isEmpty() && before != join.place && !isSameLife) {
        m_lastSequences.clear();
        remove(0, rows.settled() - 1);
    }
    addressWaiting();
}

/// What has waited goes to the shard that the client is in now.
void Model::Private::addressWaiting()
{
    bool isNew = false;
    for (int row = rows.settled(); row < rows.size(); ++row) {
        EventRow &own = rows.at(row);
        if (own.isPending())
            isNew |= std::exchange(own.shardName, m_place.shardName) != m_place.shardName;
    }
    if (isNew)
        changed(rows.settled(), rows.size() - 1, {ShardNameRole});
}

/// What was handed over meanwhile, and will not be heard of.
void Model::Private::settleDirect()
{
    for (int row = rows.settled(); q && row < rows.size(); ++row) {
        EventRow &own = rows.at(row);
        if (own.status != known(own.status, own.emitted->event)) {
            own.status = Sent;
            changed(row, row, {StatusRole, PendingRole});
        }
    }
    rows.settleFront();
}

/// Takes events up to the next one that is the echo of an own one, or that has another place.
void Model::Private::takeRun()
{
    std::vector<EventRow> run;
    while (!m_incoming.empty()) {
        const auto *heard = std::get_if<Heard>(&m_incoming.front());
        if (!heard)
            break;
        const DispatchEventMetadata &metadata = heard->event.metadata();
        if (!wasShown(metadata)) {
            const bool isOwn = isOurs(metadata);
            const int own = isOwn || !m_isExtended ? rows.echoedBy(heard->event, isOwn) : -1;
            if (!run.empty()
                && (own >= 0 || metadata.replayed != run.back().event.metadata().replayed))
                break;
            if (metadata.sequence > 0)
                m_lastSequences[m_epoch] = metadata.sequence;
            if (own >= 0) {
                const Heard echoed = *heard;
                m_incoming.pop_front();
                return echo(own, echoed);
            }
            run.push_back(rowOf(*heard, isOwn));
        }
        m_incoming.pop_front();
    }
    insert(std::move(run));
}

bool Model::Private::isOurs(const DispatchEventMetadata &metadata) const
{
    return metadata.own || (!metadata.senderId.isEmpty() && m_ownIds.contains(metadata.senderId));
}

/// Whether it comes again, as from the history of a shard that the client came back to.
bool Model::Private::wasShown(const DispatchEventMetadata &metadata) const
{
    return metadata.sequence > 0 && metadata.sequence <= m_lastSequences.value(m_epoch);
}

EventRow Model::Private::rowOf(const Heard &heard, bool isOwn) const
{
    const DispatchEventMetadata &metadata = heard.event.metadata();
    EventRow row{.event = heard.event,
                 .time = metadata.serverTime > 0 ? metadata.serverTime : heard.time,
                 .shardName = m_place.shardName};
    row.isOwn = isOwn;
    row.status = isOwn ? Sent : Received;
    return row;
}

void Model::Private::insert(std::vector<EventRow> run)
{
    const quint64 generation = m_generation;
    const int room = std::max(limit - rows.waiting(), 0);
    if (int(run.size()) > room)
        run.erase(run.begin(), run.end() - room);
    const int excess = rows.settled() + int(run.size()) - room;
    if (excess > 0)
        remove(0, std::min(excess, rows.settled()) - 1);
    if (!q || run.empty() || generation != m_generation)
        return;
    const int first = rows.placeOf(run.front().event, m_place.shardName);
    m_isChangingRows = true;
    q->beginInsertRows({}, first, first + int(run.size()) - 1);
    int place = first;
    for (EventRow &row : run)
        rows.addSettled(place++, std::move(row));
    m_isChangingRows = false;
    q->endInsertRows();
    countChanged();
}

/// The own event of \a row has come back, and gets its place; but what went to recipients alone has
/// none among the others.
void Model::Private::echo(int row, const Heard &heard)
{
    EventRow &own = rows.at(row);
    const DispatchEventMetadata &metadata = heard.event.metadata();
    own.event = heard.event;
    own.status = Sent;
    own.isHeard = true;
    own.awaitsEcho = false;
    own.shardName = m_place.shardName;
    if (metadata.serverTime > 0)
        own.time = metadata.serverTime;
    own.emitted->error = {};
    const bool isSettled = row < rows.settled();
    const int place =
        isSettled && metadata.sequence == 0 ? row : rows.placeOf(heard.event, m_place.shardName);
    if (row != place && row + 1 != place) {
        m_isChangingRows = true;
        q->beginMoveRows({}, row, row, {}, place);
        row = rows.settle(row, place);
        m_isChangingRows = false;
        q->endMoveRows();
    }
    if (m_isClearDue)
        return countChanged();
    rows.settleFront();
    changed(row, row,
            {StatusRole, PendingRole, ErrorRole, ErrorStringRole, TimeRole, ShardNameRole,
             SenderIdRole, SenderUserIdRole, ServerTimeRole, SequenceRole, ReplayedRole});
    trim();
}

void Model::Private::changed(int first, int last, const QList<int> &roles)
{
    if (q)
        Q_EMIT q->dataChanged(q->index(first), q->index(last), roles);
}

void Model::Private::remove(int first, int last)
{
    if (!q || last < first)
        return;
    m_isChangingRows = true;
    q->beginRemoveRows({}, first, last);
    rows.remove(first, last);
    rows.settleFront();
    m_isChangingRows = false;
    q->endRemoveRows();
    countChanged();
}

void Model::Private::trim()
{
    remove(0, std::min(rows.size() - limit, rows.settled()) - 1);
}

void Model::Private::countChanged()
{
    if (std::exchange(m_isClearDue, false))
        return remove(0, rows.size() - 1);
    if (q && std::exchange(m_announcedCount, rows.size()) != rows.size())
        Q_EMIT q->countChanged();
}

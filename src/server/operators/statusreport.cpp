// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "statusreport_p.h"

#include "hub_p.h"
#include "processfigures_p.h"
#include "worker_p.h"

#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>

#include <cmath>

namespace Dispatch {

using namespace Qt::StringLiterals;

namespace {

// A page of more is no help to people, and each of them is read under the lock of placement.
constexpr std::size_t MostShards = 100;

QString text(std::string_view utf8)
{
    return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
}

double seconds(Duration time)
{
    return std::chrono::duration<double>(time).count();
}

QJsonObject totals(const Counters &counters)
{
    std::int64_t left = 0;
    for (const std::string_view reason : Departures::reasons())
        left += counters.departures.of(reason);
    return {{u"joins"_s, qint64(counters.joins.value())},
            {u"left"_s, qint64(left)},
            {u"eventsReceived"_s, qint64(counters.eventsReceived.value())},
            {u"eventsDelivered"_s, qint64(counters.eventsDelivered.value())},
            {u"bytesReceived"_s, qint64(counters.bytesReceived.value())},
            {u"bytesSent"_s, qint64(counters.bytesSent.value())},
            {u"refused"_s,
             qint64(counters.refusedJoins.total() + counters.refusedRequests.total()
                    + counters.refusedMessages.total())}};
}

QJsonObject histogram(const Histogram &times)
{
    QJsonArray bounds;
    QJsonArray counts;
    for (const auto bound : Histogram::Bounds)
        bounds.append(seconds(bound));
    for (std::size_t i = 0; i < Histogram::Buckets; ++i)
        counts.append(qint64(times.inBucket(i)));
    return {{u"bounds"_s, bounds}, {u"counts"_s, counts}};
}

QJsonObject queue(const Hub &hub)
{
    const Waiting waiting = hub.waiting();
    return {{u"bytes"_s, qint64(waiting.bytes)},
            {u"largest"_s, qint64(waiting.largest)},
            {u"clients"_s, qint64(waiting.clients)},
            {u"limit"_s, hub.settings().maxWriteQueueBytes}};
}

QJsonObject engine(const Engine::Figures &figures)
{
    return {{u"reached"_s, figures.isReached},
            {u"fenced"_s, figures.isFenced},
            {u"reconnects"_s, qint64(figures.reconnects)},
            {u"callsOutstanding"_s, qint64(figures.outstanding)}};
}

QJsonArray workers(const Hub &hub, const Placement::Figures &figures)
{
    QJsonArray list;
    for (std::size_t i = 0; i < hub.workers.size(); ++i) {
        list.append(
            QJsonObject{{u"connections"_s, figures.connectionsOfWorker[i]},
                        {u"busySeconds"_s, seconds(hub.workers[i]->counters().turnTimes.sum())}});
    }
    return list;
}

QJsonObject shards(const Placement::Largest &largest)
{
    QJsonArray list;
    for (const Placement::ShardFigures &shard : largest.shards) {
        list.append(QJsonObject{{u"id"_s, qint64(shard.id)},
                                {u"project"_s, text(shard.projectId)},
                                {u"name"_s, text(shard.shardName)},
                                {u"clients"_s, shard.clients},
                                {u"limit"_s, shard.limit},
                                {u"received"_s, qint64(shard.emitted)},
                                {u"delivered"_s, qint64(shard.delivered)}});
    }
    return {{u"matching"_s, largest.matching}, {u"list"_s, list}};
}

QJsonArray silences(const std::vector<LoopHealth> &stuck)
{
    QJsonArray list;
    for (const LoopHealth &loop : stuck) {
        list.append(QJsonObject{{u"name"_s, text(loop.name)},
                                {u"silentMs"_s, std::round(1000 * seconds(loop.silence))}});
    }
    return list;
}

} // namespace

std::string statusReport(const Hub &hub, std::string_view search,
                         const std::vector<LoopHealth> &stuck)
{
    Counters counters;
    hub.addCounters(counters);
    const Placement::Figures figures = hub.placementFigures();
    QJsonObject report{{u"version"_s, QStringLiteral(DISPATCH_VERSION)},
                       {u"uptimeMs"_s, 1000 * seconds(Clock::now() - hub.startedAt)},
                       {u"draining"_s, !hub.isReady()},
                       {u"stuck"_s, silences(stuck)},
                       {u"connections"_s, figures.connections},
                       {u"connectionsLimit"_s, figures.limit},
                       {u"projects"_s, figures.projects},
                       {u"shards"_s, figures.shards},
                       {u"seats"_s, qint64(figures.seats)},
                       {u"seatsTaken"_s, qint64(figures.seatsTaken)},
                       {u"totals"_s, totals(counters)},
                       {u"eventTimes"_s, histogram(counters.eventTimes)},
                       {u"queue"_s, queue(hub)},
                       {u"workers"_s, workers(hub, figures)},
                       {u"residentBytes"_s, qint64(residentMemory())},
                       {u"largestShards"_s, shards(hub.largestShards(search, MostShards))}};
    if (const auto ofEngine = hub.engineFigures())
        report.insert(u"engine"_s, engine(*ofEngine));
    return QJsonDocument(report).toJson(QJsonDocument::Compact).toStdString();
}

} // namespace Dispatch

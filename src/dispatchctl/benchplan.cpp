// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "benchplan_p.h"

#include "texttable_p.h"

#include <QtCore/qjsonobject.h>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace Dispatch::Ctl {

namespace {

double perSecond(double count, double seconds)
{
    return seconds > 0 ? count / seconds : 0;
}

QString fixed(double value, int decimals = 2)
{
    return QString::number(value, 'f', decimals);
}

} // namespace

QString BenchPlan::shardName(int client) const
{
    return shardPrefix + QString::number(shardOf(client));
}

int BenchPlan::membersWith(int client) const
{
    return clients / shards + (shardOf(client) < clients % shards ? 1 : 0);
}

std::int64_t Pacer::due(std::chrono::nanoseconds elapsed)
{
    const double seconds = std::chrono::duration<double>(elapsed).count();
    const auto total = std::int64_t(std::floor(seconds * m_perSecond));
    const std::int64_t due = std::max<std::int64_t>(total - m_handedOut, 0);
    m_handedOut += due;
    return due;
}

QJsonObject BenchResult::toJson(const BenchPlan &plan) const
{
    return {{u"clients"_s, plan.clients},
            {u"shards"_s, plan.shards},
            {u"bytes"_s, plan.bytes},
            {u"joinSeconds"_s, joinSeconds},
            {u"joinsPerSecond"_s, perSecond(joined, joinSeconds)},
            {u"seconds"_s, seconds},
            {u"sent"_s, sent},
            {u"sentPerSecond"_s, perSecond(double(sent), seconds)},
            {u"refused"_s, refused},
            {u"expected"_s, expected},
            {u"delivered"_s, delivered},
            {u"deliveredPerSecond"_s, perSecond(double(delivered), seconds)},
            {u"lostConnections"_s, lostConnections},
            {u"latencyMs"_s, QJsonObject{{u"p50"_s, p50Ms}, {u"p99"_s, p99Ms}, {u"max"_s, maxMs}}}};
}

QStringList BenchResult::toLines(const BenchPlan &plan) const
{
    const auto count = [](qint64 number) { return QString::number(number); };
    return formatTable(
        {{u"WHAT"_s}, {u"COUNT"_s, Qt::AlignRight}, {u"A SECOND"_s, Qt::AlignRight}, {u""_s}},
        {{u"joins"_s, count(joined), fixed(perSecond(joined, joinSeconds), 0),
          u"clients, in %1 shards"_s.arg(plan.shards)},
         {u"sent"_s, count(sent), fixed(perSecond(double(sent), seconds), 0),
          u"events of %1 bytes, in %2 s"_s.arg(plan.bytes).arg(fixed(seconds, 1))},
         {u"delivered"_s, count(delivered), fixed(perSecond(double(delivered), seconds), 0),
          u"of %1"_s.arg(expected)},
         {u"refused"_s, count(refused)},
         {u"connections lost"_s, count(lostConnections)},
         {u"latency p50"_s, fixed(p50Ms), {}, u"ms"_s},
         {u"latency p99"_s, fixed(p99Ms), {}, u"ms"_s},
         {u"latency max"_s, fixed(maxMs), {}, u"ms"_s}});
}

} // namespace Dispatch::Ctl

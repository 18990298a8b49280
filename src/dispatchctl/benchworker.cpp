// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "benchworker_p.h"

#include <QtCore/qjsondocument.h>

#include <chrono>

using namespace Qt::StringLiterals;

namespace Dispatch::Ctl {

namespace {

const QString BenchEvent = u"dispatchctl.bench"_s;
// Joins of one thread that are under way; all at once would measure how long a queue gets.
constexpr int JoinsAtOnce = 32;
constexpr Milliseconds Tick{2};

qint64 nowNs()
{
    return std::chrono::steady_clock::now().time_since_epoch() / std::chrono::nanoseconds(1);
}

QJsonObject payloadAt(qint64 time, const QString &filler)
{
    return {{u"f"_s, filler}, {u"t"_s, time}};
}

} // namespace

BenchWorker::BenchWorker(const BenchPlan &plan, BenchTally &tally, int index, int of)
    : m_plan(plan)
    , m_tally(tally)
    , m_of(of)
    , m_next(index)
    , m_tick(this)
    , m_pacer(plan.rate / of)
{
    const qsizetype without =
        QJsonDocument(payloadAt(nowNs(), {})).toJson(QJsonDocument::Compact).size();
    m_filler = QString(std::max<qsizetype>(plan.bytes - without, 0), u'x');
    m_tick.setTimerType(Qt::PreciseTimer);
    connect(&m_tick, &QTimer::timeout, this, &BenchWorker::emitDue);
}

void BenchWorker::join()
{
    for (int i = 0; i < JoinsAtOnce; ++i)
        joinNext();
}

void BenchWorker::joinNext()
{
    if (m_next >= m_plan.clients)
        return;
    joinAs(std::exchange(m_next, m_next + m_of));
}

void BenchWorker::joinAs(int number)
{
    m_members.push_back({makeClient(m_plan.settings), m_plan.membersWith(number)});
    DispatchClient *client = m_members.back().client.get();
    client->setShardName(m_plan.shardName(number));
    client->setMaxConnectionsPerShard(m_plan.largestShard());
    // What the server refuses is part of what is measured.
    client->setQueuePolicy({.paced = false});
    connect(client, &DispatchClient::errorOccurred, this,
            [this, client](const DispatchError &error) { troubled(*client, error); });
    client->on(BenchEvent, this, [this](const DispatchEvent &event) { received(event); });
    Ctl::join(*client, m_plan.settings).then(this, [this](const DispatchConnectionInfo &) {
        ++m_tally.joined;
        joinNext();
    });
}

void BenchWorker::troubled(const DispatchClient &client, const DispatchError &error)
{
    if (m_tally.joined < m_plan.clients)
        Q_EMIT failed(failureOf(error, m_plan.settings.url));
    else if (client.state() == DispatchClient::Connected)
        ++m_tally.refused;
    else
        ++m_tally.lostConnections;
}

void BenchWorker::startEmitting()
{
    m_clock.start();
    m_tick.start(Tick);
}

void BenchWorker::stopEmitting()
{
    m_tick.stop();
}

void BenchWorker::emitDue()
{
    const auto due = m_pacer.due(std::chrono::nanoseconds(m_clock.nsecsElapsed()));
    for (std::int64_t i = 0; i < due; ++i)
        emitOne();
}

void BenchWorker::emitOne()
{
    const Member &member = m_members[m_turn];
    m_turn = (m_turn + 1) % m_members.size();
    // What is refused is counted where the client says why.
    if (member.client->emitEvent(BenchEvent, payloadAt(nowNs(), m_filler))
        == DispatchClient::Refused)
        return;
    ++m_tally.sent;
    m_tally.expected += member.members;
}

void BenchWorker::received(const DispatchEvent &event)
{
    const qint64 sentAt = event.payload()[u"t"_s].toInteger();
    m_latencies.add(std::uint64_t(std::max<qint64>(nowNs() - sentAt, 0)) / 1000);
    ++m_tally.delivered;
}

void BenchWorker::leave()
{
    m_tick.stop();
    m_members.clear();
}

} // namespace Dispatch::Ctl

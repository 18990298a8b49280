// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

// How a worker ends: slowly, by a drain, and at once.

#include "worker_p.h"

#include "hub_p.h"

#include <boost/asio/post.hpp>

#include <QtCore/qrandom.h>

#include <algorithm>

namespace Dispatch {

namespace net = boost::asio;

namespace {

constexpr milliseconds ClosingTimeout{1'000};
constexpr milliseconds ClosingGrace{100};
constexpr milliseconds ClosingCheck{5};

} // namespace

void Worker::drain(Duration time, double phase)
{
    net::post(m_context, [this, time, phase] { startDraining(time, phase); });
}

void Worker::close()
{
    net::post(m_context, [this] { startClosing(); });
}

void Worker::startDraining(Duration time, double phase)
{
    m_turn.tick();
    m_drain.emplace(DrainSchedule(m_turn.now, time, phase));
    // Those who go one by one may come back one by one. A crowd had better scatter as always.
    if (time > Duration::zero())
        m_drain->retryAfter = milliseconds(0);
    for (const auto &[connection, owner] : m_connections) {
        if (connection->isAway())
            connection->close(CloseCode::ServiceRestart, info(Refusal::Draining).slug);
    }
    // Shard by shard: those who are together are apart for a short time only, and meet again.
    std::vector<std::vector<Connection *>> groups;
    for (const auto &[id, shard] : m_shards)
        groups.push_back(shard->members());
    for (const auto &[connection, owner] : m_connections) {
        if (connection->isStaying() && connection->isBackend())
            groups.push_back({connection});
    }
    std::ranges::shuffle(groups, *QRandomGenerator::global());
    for (const auto &group : groups)
        m_drain->waiting.insert(m_drain->waiting.end(), group.begin(), group.end());
    waitForNext();
}

void Worker::sendAwayLater(Connection &connection)
{
    m_drain->waiting.push_back(&connection);
    waitForNext();
}

void Worker::waitForNext()
{
    Drain &drain = *m_drain;
    if (drain.isTimed || m_isClosing)
        return;
    const auto isStaying = [this](Connection *connection) {
        return m_connections.contains(connection) && connection->isStaying();
    };
    while (!drain.waiting.empty() && !isStaying(drain.waiting.front()))
        drain.waiting.pop_front();
    if (drain.waiting.empty())
        return;
    drain.isTimed = true;
    m_endTimer.expires_at(drain.schedule.next(drain.waiting.size(), m_turn.now));
    m_endTimer.async_wait([this, &drain, isStaying](boost::system::error_code ec) {
        if (ec)
            return;
        m_turn.tick();
        drain.isTimed = false;
        if (isStaying(drain.waiting.front()))
            drain.waiting.front()->sendElsewhere(drain.retryAfter);
        drain.waiting.pop_front();
        waitForNext();
    });
}

void Worker::checkDrained()
{
    std::erase_if(m_closing, [](const auto &transport) { return transport->isClosed(); });
    const bool hasDrained = m_connections.empty() && m_closing.empty() && m_arrivals.empty();
    if (m_hasDrained.exchange(hasDrained) != hasDrained && hasDrained)
        m_hub.notices.wake();
}

void Worker::startClosing()
{
    m_isClosing = true;
    m_turn.tick();
    m_closesUntil = m_turn.now + ClosingTimeout;
    m_flushedSince = m_turn.now;
    m_sweepTimer.cancel();
    endArrivals();
    for (const auto &[connection, owner] : m_connections)
        connection->close(CloseCode::ServiceRestart, "closed");
}

void Worker::checkClosed()
{
    std::erase_if(m_closing, [](const auto &transport) { return transport->isClosed(); });
    const bool isFlushed = std::ranges::all_of(
        m_closing, &Transport::isFlushed, [](const auto &t) -> const Transport & { return *t; });
    if (!isFlushed)
        m_flushedSince = m_turn.now;
    if (m_closing.empty() || m_turn.now >= m_closesUntil
        || m_turn.now - m_flushedSince >= ClosingGrace) {
        for (const auto &transport : m_closing)
            transport->endIfLate(m_turn.now, Duration::zero());
        m_closing.clear();
        // What was aborted has handlers that are still to be called; then the loop is out of work.
        m_wakeTimer.cancel();
        m_work.reset();
        return;
    }
    m_endTimer.expires_after(ClosingCheck);
    m_endTimer.async_wait([](boost::system::error_code) {});
}

} // namespace Dispatch

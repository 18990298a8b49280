// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "worker_p.h"

#include "frame_p.h"
#include "greeting_p.h"
#include "hub_p.h"
#include "limits_p.h"
#include "logging_p.h"
#include "logtext_p.h"
#include "mailing_p.h"
#include "servermessage_p.h"
#include "upgraderequest_p.h"

#include <boost/asio/post.hpp>

#include <algorithm>

namespace Dispatch {

namespace net = boost::asio;

namespace {

// Handlers of one turn: so many that a busy shard gathers, so few that nobody waits for long.
constexpr int HandlersPerTurn = 512;
constexpr std::size_t BytesPerTurn = 256 * 1024;
// From where on the buffer that events are encoded in is given back.
constexpr std::size_t KeptTextBytes = 64 * 1024;
constexpr milliseconds LongestSweep{1'000};
constexpr milliseconds ShortestSweep{10};

Duration sweepInterval(const DispatchServerSettings &settings)
{
    const int shortest =
        std::min({settings.heartbeatInterval, settings.heartbeatTimeout, settings.writeStallTimeout,
                  settings.tokenExpiryGrace, settings.messageTimeout, settings.flushTimeout,
                  settings.healthTimeout, std::max(settings.sessionWindow, 1)});
    return std::clamp(milliseconds(shortest / 4), ShortestSweep, LongestSweep);
}

} // namespace

Worker::Worker(Hub &hub, const DispatchServerSettings &settings)
    : m_hub(hub)
    , m_settings(settings)
    , m_context(1)
    , m_work(net::make_work_guard(m_context))
    , m_sweepTimer(m_context)
    , m_wakeTimer(m_context)
    , m_endTimer(m_context)
    , m_rates(settings)
{
    applySettings();
}

Worker::~Worker()
{
    m_context.stop();
    join();
}

void Worker::start()
{
    m_thread = std::thread([this] { run(); });
}

void Worker::reconfigure(const DispatchServerSettings &settings)
{
    net::post(m_context, [this, settings] {
        m_settings = settings;
        applySettings();
    });
}

void Worker::applySettings()
{
    m_rates = Rates(m_settings);
    m_transportLimits = {
        static_cast<std::size_t>(m_settings.maxMessageBytes),
        static_cast<std::size_t>(m_settings.maxWriteQueueBytes),
        {static_cast<std::size_t>(m_settings.maxFragments), m_rates.controlFrames}};
    m_parser.setBounds(
        {m_settings.maxJsonTokens, static_cast<std::size_t>(m_settings.maxRecipients)});
    m_limitsForClients = Dispatch::limitsForClients(m_settings);
}

Waiting Worker::waiting() const
{
    return {m_waitingBytes.value(), m_largestWaiting.value(), m_waitingClients.value()};
}

void Worker::admit(std::shared_ptr<UpgradeRequest> request)
{
    net::post(m_context, [this, request = std::move(request)] {
        // A session ends with the server: who wants it back asks again, and is told.
        if (request->claim && isEnding())
            return;
        if (m_isClosing)
            return giveBack(*request);
        m_turn.tick();
        boost::system::error_code ec;
        Socket socket = Socket::attach(m_context, std::move(request->socket), ec);
        if (ec)
            return turnAway(*request, ec);
        take(std::make_shared<Transport>(std::move(socket), m_turn, m_transportLimits), request);
    });
}

void Worker::take(const std::shared_ptr<Transport> &transport,
                  const std::shared_ptr<UpgradeRequest> &request)
{
    if (request->claim)
        resume(transport, *request);
    else if (cluster())
        await(transport, request);
    else
        letIn(transport, *request);
}

void Worker::letIn(const std::shared_ptr<Transport> &transport, const UpgradeRequest &request)
{
    auto connection = std::make_unique<Connection>(*this, transport, request);
    Connection *const client = connection.get();
    m_connections.emplace(client, std::move(connection));
    client->start(request);
}

void Worker::turnAway(const UpgradeRequest &request, boost::system::error_code why)
{
    m_hub.giveUp(request);
    m_turn.counters.refusedJoins.add(Refusal::ServerFull);
    if (m_endLog.admit(m_turn.now))
        qCWarning(lcServer, "Can't serve a client: %s", why.message().c_str());
}

void Worker::join()
{
    if (m_thread.joinable())
        m_thread.join();
}

std::string_view Worker::padded(std::string_view text)
{
    m_padded.reserve(text.size() + ClientMessageParser::padding());
    return m_padded.assign(text);
}

DispatchTokenVerdict Worker::verify(std::string_view token, std::string_view projectId) const
{
    return m_hub.verify(token, projectId);
}

DispatchTokenVerdict Worker::verifyBackend(std::string_view token, std::string_view projectId) const
{
    return m_hub.verifyBackend(token, projectId);
}

void Worker::appendEvent(std::string &out, const Event &event, bool withDetails)
{
    m_text.clear();
    if (withDetails)
        appendServerMessage(m_text, event.rawName, event.payload, event.latencyMs, event.details);
    else
        appendServerMessage(m_text, event.rawName, event.payload, event.latencyMs);
    Frame::appendText(out, m_text, Limits::FragmentBytes);
    if (m_text.capacity() > KeptTextBytes)
        std::string().swap(m_text); // an assignment would keep the memory
}

Chunk Worker::encoded(const Event &event, bool withDetails)
{
    auto frames = std::make_shared<std::string>();
    appendEvent(*frames, event, withDetails);
    return frames;
}

void Worker::enter(Connection &connection)
{
    const Placement::Seat &seat = connection.seat();
    if (m_drain)
        sendAwayLater(connection);
    if (connection.isBackend())
        return m_addressBook.add(&connection);
    Shard &shard = shardOf(seat);
    if (cluster())
        shard.expect(-1);
    shard.join(&connection);
    connection.setShard(&shard);
    m_addressBook.add(&connection);
    if (cluster())
        connection.enterCluster();
    if (connection.isExtended())
        m_sessions.emplace(connection.sessionId(), &connection);
    m_turn.counters.joins.add();
    m_hub.notices.post({true, seat.projectId, seat.shardName, connection.person().clientId, {}});
}

Shard &Worker::shardOf(const Placement::Seat &seat)
{
    auto &shard = m_shards[seat.shardId];
    if (!shard) {
        shard = std::make_unique<Shard>(*this, seat.shardId, seat.traffic,
                                        milliseconds(settings().presenceInterval));
        m_roster.add(seat.projectId, seat.shardName, shard.get());
        if (cluster())
            shard->link(*cluster(), {seat.projectId, seat.shardName});
    }
    return *shard;
}

void Worker::leaveLater(Connection &connection, std::string_view reason)
{
    m_leavers.push_back({&connection, std::string(reason)});
}

bool Worker::changeUser(Connection &connection, const std::string &userId)
{
    if (!m_hub.switchUser(connection.seat(), userId))
        return false;
    m_addressBook.removeUser(&connection);
    if (Shard *shard = connection.shard()) {
        shard->presence().setUserId(connection.person(), userId);
        shard->presenceChanged();
    } else {
        connection.person().userId = userId;
    }
    m_addressBook.addUser(&connection);
    if (connection.isExtended())
        sessions().setUser(connection.sessionId(), userId);
    if (cluster() && connection.shard())
        connection.tellMember();
    return true;
}

void Worker::logEnd(const Connection &connection, std::string_view reason)
{
    const std::optional<int> suppressed = m_endLog.admit(m_turn.now);
    if (!suppressed)
        return;
    const Placement::Seat &seat = connection.seat();
    const std::string others =
        *suppressed > 0 ? " (" + std::to_string(*suppressed) + " suppressed)" : std::string();
    qCInfo(lcServer, "Ended client %s in \"%s\" of %s: %s, %zu bytes wait%s",
           connection.person().clientId.c_str(), escapedForLog(seat.shardName).c_str(),
           escapedForLog(seat.projectId).c_str(), std::string(reason).c_str(),
           connection.waitingBytes(), others.c_str());
}

bool Worker::emitTo(const std::string &projectId, const Recipients &recipients, const Event &event)
{
    const bool hasRoom = std::ranges::all_of(m_hub.workers, [this](const auto &worker) {
        return worker.get() == this || worker->hasRoom();
    });
    if (!hasRoom)
        return false;
    if (m_hub.workers.size() > 1) {
        const auto stored = std::make_shared<const StoredEvent>(event);
        const std::size_t cost = bytesOf(*recipients) + stored->bytes();
        for (const auto &worker : m_hub.workers) {
            if (worker.get() == this)
                continue;
            worker->callWith(cost, [projectId, recipients, stored](Worker &other) {
                other.deliver(projectId, recipients, stored->event());
            });
        }
    }
    deliver(projectId, recipients, event);
    return true;
}

void Worker::wakeLater(const Shard &shard, TimePoint when)
{
    const auto place = m_wakes.emplace(when, shard.id()).first;
    if (place == m_wakes.begin())
        wakeShards();
}

void Worker::forgetWake(const Shard &shard, TimePoint when)
{
    m_wakes.erase({when, shard.id()});
}

void Worker::run()
{
    scheduleSweep();
    while (m_context.run_one() > 0) {
        int handlers = 1;
        while (handlers < HandlersPerTurn && m_turn.received < BytesPerTurn
               && m_context.poll_one() > 0)
            ++handlers;
        finishTurn();
    }
}

void Worker::finishTurn()
{
    m_turn.tick();
    letInAdopted();
    while (!m_dirtyShards.empty() || !m_toAcknowledge.empty() || !m_turn.toFlush.empty()
           || !m_leavers.empty()) {
        finishShards();
        acknowledge();
        flush();
        removeLeavers();
    }
    m_turn.finish();
    m_pulse.beat(m_turn.now);
    if (m_isClosing)
        checkClosed();
    else if (m_drain)
        checkDrained();
}

void Worker::finishShards()
{
    // While a shard is finished it is not dirty, and nothing that it does makes another one so.
    for (const std::uint64_t id : std::exchange(m_dirtyShards, {})) {
        if (const auto shard = m_shards.find(id); shard != m_shards.end())
            shard->second->finishTurn(m_turn.now);
    }
}

void Worker::flush()
{
    for (const auto &transport : std::exchange(m_turn.toFlush, {}))
        transport->flush();
}

void Worker::removeLeavers()
{
    for (const Leaver &leaver : std::exchange(m_leavers, {}))
        remove(leaver);
}

void Worker::remove(const Leaver &leaver)
{
    Connection *connection = leaver.connection;
    const Placement::Seat &seat = connection->seat();
    m_addressBook.remove(connection);
    if (Shard *shard = connection->shard()) {
        shard->leave(connection, connection->staysElsewhere());
        closeIfUnused(*shard, seat);
        m_hub.notices.post(
            {false, seat.projectId, seat.shardName, connection->person().clientId, leaver.reason});
    }
    if (cluster())
        leaveCluster(*connection);
    m_hub.release(seat);
    if (connection->isExtended())
        m_sessions.erase(connection->sessionId());
    if (connection->transport())
        retire(connection->transport());
    m_connections.erase(connection);
}

void Worker::deliver(const std::string &projectId, const Recipients &recipients, const Event &event)
{
    Letter letter{event};
    m_found.clear();
    for (const std::string &recipient : *recipients)
        m_addressBook.find(projectId, recipient, m_found);
    handToFound(letter);
}

void Worker::handToFound(Letter &letter)
{
    ++m_deliveries;
    for (Connection *connection : m_found) {
        if (connection->takes(m_deliveries))
            hand(*connection, letter);
    }
}

const Chunk &Worker::framesOf(Letter &letter, bool withDetails)
{
    Chunk &frames = withDetails ? letter.detailed : letter.plain;
    if (!frames)
        frames = encoded(letter.event, withDetails);
    return frames;
}

void Worker::hand(Connection &connection, Letter &letter)
{
    if (Shard *shard = connection.shard())
        shard->seal();
    const Chunk &frames = framesOf(letter, connection.isExtended());
    if (connection.isExtended())
        connection.keepDirect(frames);
    connection.push(frames);
    m_turn.counters.eventsDelivered.add(connection.isAway() ? 0 : 1);
}

void Worker::scheduleSweep()
{
    if (m_isClosing)
        return;
    m_sweepTimer.expires_after(sweepInterval(settings()));
    m_sweepTimer.async_wait([this](boost::system::error_code ec) {
        if (ec)
            return;
        sweep();
        scheduleSweep();
    });
}

void Worker::sweep()
{
    m_turn.tick();
    Waiting waiting;
    for (const auto &[connection, owner] : m_connections) {
        // Before it is pinged: that leaves at the end of this turn.
        const auto bytes = static_cast<std::int64_t>(connection->waitingBytes());
        waiting.bytes += bytes;
        waiting.largest = std::max(waiting.largest, bytes);
        waiting.clients += bytes > 0 ? 1 : 0;
        connection->sweep(m_turn.now);
    }
    sweepArrivals();
    m_waitingBytes.set(waiting.bytes);
    m_largestWaiting.set(waiting.largest);
    m_waitingClients.set(waiting.clients);
    std::erase_if(m_closing, [this](const auto &transport) {
        transport->endIfLate(m_turn.now, milliseconds(settings().flushTimeout));
        return transport->isClosed();
    });
}

void Worker::wakeShards()
{
    while (!m_wakes.empty() && m_wakes.begin()->first <= m_turn.now)
        m_shards.at(m_wakes.extract(m_wakes.begin()).value().second)->wake();
    if (m_wakes.empty())
        return;
    m_wakeTimer.expires_at(m_wakes.begin()->first);
    m_wakeTimer.async_wait([this](boost::system::error_code ec) {
        m_turn.tick();
        if (!ec)
            wakeShards();
    });
}

} // namespace Dispatch

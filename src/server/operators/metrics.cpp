// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "metrics_p.h"

#include "enginemetrics_p.h"
#include "hub_p.h"
#include "metricswriter_p.h"
#include "processfigures_p.h"
#include "worker_p.h"

#include <QtCore/qglobal.h>

namespace Dispatch {

namespace {

void appendRefusals(MetricsWriter &out, std::string_view name, std::string_view help,
                    const RefusalCounter &counter)
{
    out.begin(name, "counter", help);
    for (const RefusalInfo &row : refusals())
        out.sample({{"code", row.slug}}, counter.of(row.refusal));
}

void appendServer(MetricsWriter &out, const Hub &hub)
{
    out.begin("dispatch_build_info", "gauge", "1; the labels say what runs.");
    out.sample({{"version", DISPATCH_VERSION}, {"qt_version", qVersion()}}, std::int64_t(1));
    out.gauge(
        "dispatch_ready",
        "1 while the server takes joins, 0 while it sends clients away, is full, or waits for "
        "its engine.",
        std::int64_t(readinessOf(hub) == Readiness::Ready ? 1 : 0));
}

void appendPlacement(MetricsWriter &out, const Hub &hub)
{
    const Placement::Figures figures = hub.placementFigures();
    out.gauge("dispatch_connections", "Connections of clients and back ends.",
              std::int64_t(figures.connections));
    out.gauge("dispatch_connections_limit",
              "The most connections: max_connections, or what there are files for.",
              std::int64_t(figures.limit));
    out.gauge("dispatch_projects", "Projects that have a shard.", std::int64_t(figures.projects));
    out.gauge("dispatch_shards", "Shards.", std::int64_t(figures.shards));
    out.gauge("dispatch_shard_seats", "Seats in all shards.", figures.seats);
    out.gauge("dispatch_shard_seats_taken", "Seats in all shards that are taken.",
              figures.seatsTaken);
    out.histogram("dispatch_placement_lock_seconds",
                  "For how long the lock of placement was held, which joins and leaves wait for.",
                  hub.placementTimes());
}

void appendJoins(MetricsWriter &out, const Counters &counters)
{
    out.counter("dispatch_joins_total", "Clients that joined a shard.", counters.joins.value());
    appendRefusals(out, "dispatch_refused_joins_total",
                   "Joins that were refused, by code (protocol.md, Refusals).",
                   counters.refusedJoins);
    out.histogram("dispatch_join_seconds", "From the accepted connection to the greeting.",
                  counters.joinTimes);
    out.counter("dispatch_tls_handshakes_failed_total",
                "TLS handshakes that failed: who came does not trust the certificate, or speaks "
                "no TLS that is allowed.",
                counters.failedHandshakes.value());
    appendRefusals(out, "dispatch_refused_requests_total",
                   "HTTP requests other than joins that were refused, by code.",
                   counters.refusedRequests);
    out.begin("dispatch_disconnects_total", "counter",
              "Connections that ended, by reason: 'closed' by their client or by a restart, 'lost' "
              "without a close frame, or the code of a refusal.");
    for (const std::string_view reason : Departures::reasons())
        out.sample({{"reason", reason}}, counters.departures.of(reason));
}

void appendEvents(MetricsWriter &out, const Counters &counters)
{
    out.counter("dispatch_events_received_total", "Messages that clients sent.",
                counters.eventsReceived.value());
    out.counter("dispatch_events_delivered_total",
                "Events handed to clients: events times members.",
                counters.eventsDelivered.value());
    appendRefusals(out, "dispatch_refused_messages_total",
                   "Messages and frames of clients that were refused, by code.",
                   counters.refusedMessages);
    out.counter("dispatch_received_bytes_total", "Bytes read from clients.",
                counters.bytesReceived.value());
    out.counter("dispatch_sent_bytes_total", "Bytes written to clients.",
                counters.bytesSent.value());
    out.histogram("dispatch_event_seconds",
                  "From the read of a message to the write of what it caused, in its worker.",
                  counters.eventTimes);
    out.histogram("dispatch_heartbeat_round_trip_seconds", "From a ping to its pong.",
                  counters.roundTrips);
}

void appendPresence(MetricsWriter &out, const Counters &counters)
{
    out.counter("dispatch_presence_lists_total", "Presence lists that were sent to a shard.",
                counters.presenceLists.value());
    out.counter("dispatch_presence_changes_coalesced_total",
                "Joins, leaves and changes that took no list of their own.",
                counters.presenceChangesCoalesced.value());
    out.counter("dispatch_presence_lists_truncated_total",
                "Lists that left user infos out (max_presence_bytes).",
                counters.presenceListsTruncated.value());
}

void appendSessions(MetricsWriter &out, const Counters &counters)
{
    out.gauge("dispatch_sessions_away", "Clients that lost their connection and may come back.",
              counters.sessionsAway.value());
    out.begin("dispatch_resumes_total", "counter",
              "Clients that came back: 'recovered' without a gap, 'unrecovered' when not all that "
              "they missed was kept, 'unknown' too late, as new ones.");
    out.sample({{"result", "recovered"}}, counters.resumesRecovered.value());
    out.sample({{"result", "unrecovered"}}, counters.resumesUnrecovered.value());
    out.sample({{"result", "unknown"}}, counters.resumesUnknown.value());
    out.counter("dispatch_events_replayed_total",
                "Events that clients were given when they came back.",
                counters.eventsReplayed.value());
}

void appendWorkers(MetricsWriter &out, const Hub &hub, const Counters &counters)
{
    const Waiting waiting = hub.waiting();
    out.gauge("dispatch_write_queue_bytes", "Bytes that wait for clients to read them.",
              waiting.bytes);
    out.gauge("dispatch_write_queue_largest_bytes", "Bytes that wait for the slowest client.",
              waiting.largest);
    out.gauge("dispatch_write_queue_clients", "Clients for whom bytes wait.", waiting.clients);
    out.histogram("dispatch_loop_turn_seconds", "How long a turn of a worker's loop took.",
                  counters.turnTimes);
    out.begin("dispatch_worker_busy_seconds_total", "counter",
              "How long each worker was at work: 1 a second is a full core.");
    for (std::size_t i = 0; i < hub.workers.size(); ++i) {
        const std::chrono::duration<double> busy = hub.workers[i]->counters().turnTimes.sum();
        out.sample({{"worker", std::to_string(i)}}, busy.count());
    }
    const Placement::Figures figures = hub.placementFigures();
    out.begin("dispatch_worker_connections", "gauge", "Connections of each worker.");
    for (std::size_t i = 0; i < figures.connectionsOfWorker.size(); ++i) {
        out.sample({{"worker", std::to_string(i)}}, std::int64_t(figures.connectionsOfWorker[i]));
    }
}

// The names are those of all of Prometheus' client libraries.
void appendProcess(MetricsWriter &out)
{
    const ProcessFigures figures = ProcessFigures::now();
    out.counter("process_cpu_seconds_total", "Processor time of the process.", figures.cpuSeconds);
    out.gauge("process_resident_memory_bytes", "Memory that the process has in RAM.",
              figures.residentBytes);
    out.gauge("process_virtual_memory_bytes", "Memory that the process has addresses for.",
              figures.virtualBytes);
    out.gauge("process_open_fds", "Files and sockets that are open.", figures.openFiles);
    out.gauge("process_max_fds", "The most of them (LimitNOFILE).", figures.maxFiles);
    out.gauge("process_start_time_seconds", "When the process began, since the epoch.",
              figures.startTimeSeconds);
}

} // namespace

Readiness readinessOf(const Hub &hub)
{
    return readiness(hub.isReady(), hub.hasRoom(), hub.engineFigures());
}

std::string metricsOf(const Hub &hub)
{
    Counters counters;
    hub.addCounters(counters);
    MetricsWriter out;
    appendServer(out, hub);
    appendPlacement(out, hub);
    appendJoins(out, counters);
    appendEvents(out, counters);
    appendPresence(out, counters);
    appendSessions(out, counters);
    appendWorkers(out, hub, counters);
    if (const auto figures = hub.engineFigures())
        appendEngine(out, *figures);
    appendProcess(out);
    return out.take();
}

} // namespace Dispatch

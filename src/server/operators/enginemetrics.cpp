// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "enginemetrics_p.h"

#include "metricswriter_p.h"

#include <string_view>

namespace Dispatch {

namespace {

/// In the order of Engine::Failure.
constexpr std::array<std::string_view, Engine::FailureCount> Failures = {
    "unavailable", "busy",       "rejected",      "fenced",     "shard_full",  "emit_gap",
    "no_session",  "superseded", "too_many_pins", "state_full", "state_owned", "state_changed"};

std::int64_t flag(bool isSet)
{
    return isSet ? 1 : 0;
}

void appendHoldings(MetricsWriter &out, const Engine::Figures &figures)
{
    out.gauge("dispatch_engine_streams", "Streams of shards and projects that are listened to.",
              figures.streams);
    out.gauge("dispatch_engine_seats", "Seats of this server's clients.", figures.seats);
    out.gauge("dispatch_engine_members", "Members of shards that are this server's clients.",
              figures.members);
    out.gauge("dispatch_engine_sessions", "Sessions that this server keeps in the engine.",
              figures.sessions);
}

} // namespace

void appendEngine(MetricsWriter &out, const Engine::Figures &figures)
{
    out.gauge("dispatch_engine_reached", "1 while the engine answers.", flag(figures.isReached));
    out.gauge("dispatch_engine_fenced",
              "1 while this server's leases have lapsed: it lets nobody in and sends nothing.",
              flag(figures.isFenced));
    out.counter("dispatch_engine_reconnects_total", "How often the engine was reached again.",
                figures.reconnects);
    out.gauge("dispatch_engine_calls_outstanding", "Calls that have not ended.",
              figures.outstanding);
    out.begin("dispatch_engine_calls_total", "counter",
              "Calls that have ended, by result: 'ok', or why not (engine.md).");
    out.sample({{"result", "ok"}}, figures.succeeded);
    for (std::size_t i = 0; i < Failures.size(); ++i)
        out.sample({{"result", Failures[i]}}, figures.failed[i]);
    out.histogram("dispatch_engine_call_seconds", "From a call to its end.", figures.callTimes);
    out.counter("dispatch_engine_gaps_refilled_total",
                "How often events that were missed were read from the log of a stream.",
                figures.gapsRefilled);
    out.counter("dispatch_engine_streams_reset_total",
                "How often events of a stream could not be had any more, or it began anew.",
                figures.streamsReset);
    appendHoldings(out, figures);
    out.counter("dispatch_engine_scripts_total",
                "Scripts of all servers that Redis has run since it was started; 0 if it does not "
                "say so.",
                figures.scriptCalls);
    out.counter("dispatch_engine_script_seconds_total",
                "How long these took: 1 a second is all that Redis can do.",
                static_cast<double>(figures.scriptMicroseconds) / 1e6);
}

} // namespace Dispatch

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "greetingmessage_p.h"

#include "text_p.h"

namespace Dispatch {

namespace {

void appendText(std::string &out, std::string_view key, std::string_view text)
{
    out.append(",\"").append(key).append("\":");
    Text::appendJsonString(out, text);
}

void appendRaw(std::string &out, std::string_view key, std::string_view json)
{
    out.append(",\"").append(key).append("\":").append(json);
}

template<class Number>
void appendNumber(std::string &out, std::string_view key, Number number)
{
    appendRaw(out, key, std::to_string(number));
}

void appendRefused(std::string &out, std::span<const RefusedEmit> refused)
{
    out += ",\"refused\":[";
    for (const RefusedEmit &emit : refused) {
        out += out.ends_with('[') ? "{\"emit\":" : ",{\"emit\":";
        out += std::to_string(emit.emit);
        appendText(out, "code", info(emit.refusal).slug);
        out += '}';
    }
    out += ']';
}

} // namespace

std::string greetingPayload(const Greeting &greeting)
{
    std::string out = "{\"clientId\":";
    Text::appendJsonString(out, greeting.clientId);
    appendText(out, "shardName", greeting.shardName);
    appendRaw(out, "limits", greeting.limits);
    appendText(out, "session", greeting.session);
    appendNumber(out, "windowMs", greeting.sessionWindow);
    appendRaw(out, "recovered", greeting.recovered ? "true" : "false");
    appendText(out, "epoch", epochText(greeting.position.epoch));
    appendNumber(out, "seq", greeting.position.seq);
    appendNumber(out, "direct", greeting.position.direct);
    appendNumber(out, "lastEmit", greeting.lastEmit);
    if (!greeting.refused.empty())
        appendRefused(out, greeting.refused);
    if (greeting.refusedSince > 1)
        appendNumber(out, "refusedSince", greeting.refusedSince);
    appendNumber(out, "replay", greeting.replay);
    if (!greeting.userId.empty())
        appendText(out, "userId", greeting.userId);
    appendNumber(out, "revision", greeting.revision);
    appendNumber(out, "serverTime", greeting.serverTime);
    appendNumber(out, "heartbeatMs", greeting.heartbeatInterval);
    appendNumber(out, "heartbeatTimeoutMs", greeting.heartbeatTimeout);
    appendRaw(out, "connectedClients", greeting.connectedClients);
    if (!greeting.state.empty())
        appendRaw(out, "state", greeting.state);
    return out += '}';
}

} // namespace Dispatch

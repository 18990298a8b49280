// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "servermessage_p.h"

#include "json_p.h"
#include "text_p.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace Dispatch {

namespace ondemand = simdjson::ondemand;

struct ServerMessageParser::Private {
    ondemand::parser parser;
};

ServerMessageParser::ServerMessageParser()
    : d(std::make_unique<Private>())
{
}

ServerMessageParser::~ServerMessageParser() = default;

namespace {

/// Sets \a out to what \a value is; leaves it if it is of another kind.
template<class T>
void read(ondemand::value value, T &out)
{
    T got{};
    if (!value.get(got))
        out = got;
}

/// A server that writes something odd here is no reason to lose the event.
void readDetail(ondemand::raw_json_string key, ondemand::value value, EventDetails &details)
{
    if (key == "seq")
        read(value, details.seq);
    else if (key == "from")
        read(value, details.from);
    else if (key == "fromUser")
        read(value, details.fromUser);
    else if (key == "time")
        read(value, details.time);
    else if (key == "request")
        read(value, details.request);
    else if (key == "reply")
        read(value, details.reply);
}

} // namespace

std::optional<ServerMessage> ServerMessageParser::parse(std::string_view text)
{
    ondemand::document document;
    ondemand::object object;
    if (d->parser.iterate(Json::padded(text)).get(document) || document.get_object().get(object))
        return std::nullopt;

    ServerMessage message;
    message.payload = "{}";
    for (auto member : object) {
        ondemand::raw_json_string rawKey;
        ondemand::value value;
        if (member.key().get(rawKey) || member.value().get(value))
            return std::nullopt;
        if (rawKey == "eventName") {
            if (value.get_string().get(message.eventName))
                return std::nullopt;
        } else if (rawKey == "payload") {
            if (Json::slice(value, message.payload))
                return std::nullopt;
        } else if (rawKey == "latencyMs") {
            if (value.get_double().get(message.latencyMs))
                message.latencyMs = 0;
        } else {
            readDetail(rawKey, value, message.details);
        }
    }
    if (message.eventName.empty() || !Json::isAtEnd(document))
        return std::nullopt;
    return message;
}

std::size_t ServerMessageParser::padding()
{
    return simdjson::SIMDJSON_PADDING;
}

void appendServerMessage(std::string &out, std::string_view rawName, std::string_view payload,
                         double latencyMs)
{
    constexpr int Decimals = 3;
    constexpr double Highest = 1e9;
    const double latency = std::isfinite(latencyMs) ? std::clamp(latencyMs, 0.0, Highest) : 0;
    std::array<char, 32> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), latency,
                                   std::chars_format::fixed, Decimals)
                         .ptr;

    out.append("{\"eventName\":").append(rawName);
    out.append(",\"payload\":").append(payload);
    out.append(",\"latencyMs\":").append(digits.data(), end);
    out += '}';
}

void appendServerMessage(std::string &out, std::string_view rawName, std::string_view payload,
                         double latencyMs, const EventDetails &details)
{
    appendServerMessage(out, rawName, payload, latencyMs);
    out.pop_back();
    if (details.seq > 0)
        out.append(",\"seq\":").append(std::to_string(details.seq));
    if (!details.from.empty())
        Text::appendJsonString(out += ",\"from\":", details.from);
    if (!details.fromUser.empty())
        Text::appendJsonString(out += ",\"fromUser\":", details.fromUser);
    out.append(",\"time\":").append(std::to_string(details.time));
    if (!details.request.empty())
        out.append(",\"request\":").append(details.request);
    if (!details.reply.empty())
        out.append(",\"reply\":").append(details.reply);
    out += '}';
}

std::string ackPayload(std::uint64_t emit, std::uint64_t seq)
{
    std::string out = "{\"emit\":" + std::to_string(emit);
    if (seq > 0)
        out.append(",\"seq\":").append(std::to_string(seq));
    return out += '}';
}

std::string connectedPayload(std::string_view clientId, std::string_view shardName,
                             std::string_view limits)
{
    std::string out = "{\"clientId\":";
    Text::appendJsonString(out, clientId);
    out += ",\"shardName\":";
    Text::appendJsonString(out, shardName);
    return out.append(",\"limits\":").append(limits).append("}");
}

} // namespace Dispatch

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "dialect.h"

#include <cstdio>
#include <stdexcept>

namespace Load {

Dialect Dialect::named(std::string_view name)
{
    if (name == "dispatch")
        return Dialect(Dispatch);
    if (name == "extended")
        return Dialect(Extended);
    if (name == "relay")
        return Dialect(Relay);
    if (name == "socketio")
        return Dialect(SocketIo);
    throw std::runtime_error("no such dialect: " + std::string(name));
}

std::string Dialect::target(std::string_view room) const
{
    const std::string start = m_kind == SocketIo ? "/socket.io/?EIO=4&transport=websocket"
                                                 : "/?projectId=bench&maxConnectionsPerShard=1000";
    return start + "&shardName=" + std::string(room);
}

std::string_view Dialect::subprotocol() const
{
    return m_kind == Extended ? "dispatch.v2" : "";
}

std::string Dialect::event(std::string_view name, std::string_view payload,
                           std::int64_t number) const
{
    std::string text = prefix(name);
    if (m_kind == Extended)
        text = "{\"emit\":" + std::to_string(number) + ',' + text.substr(1);
    text += m_kind == SocketIo ? "," : ",\"payload\":";
    return text.append(payload) + (m_kind == SocketIo ? "]" : "}");
}

std::string Dialect::serverEvent(std::string_view name, std::string_view payload,
                                 std::int64_t number) const
{
    if (m_kind == SocketIo || m_kind == Relay)
        return event(name, payload, number);
    std::string text = prefix(name).append(",\"payload\":").append(payload);
    text += ",\"latencyMs\":0.25";
    if (m_kind == Extended) {
        text += ",\"seq\":" + std::to_string(number)
            + ",\"from\":\"9d0c7a54-3e21-4b6f-8a90-1f2e3d4c5b6a\",\"time\":1767225601000";
    }
    return text + '}';
}

std::string Dialect::greeting() const
{
    const std::string id = "5f3e2b10-8c1d-4b7a-9e60-0a1b2c3d4e5f";
    std::string payload = "{\"clientId\":\"" + id + "\",\"shardName\":\"s\"";
    if (m_kind == Extended) {
        payload += ",\"limits\":{\"messageUtf16Units\":128000},"
                   "\"session\":\"Zk3v9mB1rQ0cTqfJ5sLw8A2xYhNdEoUuGi7Pp6XjKtE\",\"windowMs\":30000,"
                   "\"recovered\":false,\"epoch\":\"9f86d081884c7d65\",\"seq\":0,\"direct\":0,"
                   "\"lastEmit\":0,\"replay\":0,\"revision\":1,\"serverTime\":1767225600000,"
                   "\"heartbeatMs\":25000,\"heartbeatTimeoutMs\":10000,\"connectedClients\":{\""
            + id + "\":{\"lastPing\":1767225600000}}";
    }
    std::string text = prefix("@@KOJI_DISPATCH/CONNECTED") + ",\"payload\":" + payload;
    return text + "},\"latencyMs\":0}";
}

std::string Dialect::prefix(std::string_view name) const
{
    const std::string start = m_kind == SocketIo ? "42[\"" : "{\"eventName\":\"";
    return start + std::string(name) + '"';
}

std::string samplePayload(int n, std::size_t bytes)
{
    char id[16];
    std::snprintf(id, sizeof id, "e%07d", n);
    const std::string start = std::string("{\"id\":\"") + id
        + "\",\"author\":\"Ann Example\",\"x\":512.25,\"y\":288.5,\"pressed\":true,"
          "\"tags\":[\"red\",\"thin\"],\"body\":\"";
    const std::string_view body = "The quick brown fox jumps over the lazy dog. ";
    std::string text = start;
    for (std::size_t i = 0; text.size() + 2 < bytes; ++i)
        text += body[i % body.size()];
    return text + "\"}";
}

void renumberSamplePayload(std::string &payload, std::int64_t n)
{
    constexpr std::size_t LastDigit = std::string_view("{\"id\":\"e0000000").size() - 1;
    for (std::size_t i = 0; i < 7; ++i, n /= 10)
        payload[LastDigit - i] = char('0' + n % 10);
}

} // namespace Load

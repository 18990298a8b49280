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

std::string Dialect::event(std::string_view name, std::string_view payload) const
{
    const std::string end = m_kind == SocketIo ? "]" : "}";
    return (prefix(name) + (m_kind == SocketIo ? "," : ",\"payload\":")).append(payload) + end;
}

std::string Dialect::serverEvent(std::string_view name, std::string_view payload) const
{
    std::string text = event(name, payload);
    if (m_kind == Dispatch) {
        text.pop_back();
        text += ",\"latencyMs\":0.25}";
    }
    return text;
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

} // namespace Load

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "rediskeys_p.h"

#include <initializer_list>

namespace Dispatch::Engine {

namespace {

bool isPlain(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-'
        || c == '.' || c == '_' || c == '~';
}

std::vector<std::string> keys(const std::string &base, std::initializer_list<const char *> names)
{
    std::vector<std::string> result;
    for (const char *name : names)
        result.push_back(base + name);
    return result;
}

} // namespace

RedisKeys::RedisKeys(std::string prefix)
    : m_prefix(std::move(prefix))
{
}

std::string RedisKeys::escaped(std::string_view name)
{
    constexpr char Digits[] = "0123456789ABCDEF";
    std::string result;
    for (const char c : name) {
        if (isPlain(c)) {
            result += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            result += {'%', Digits[byte >> 4], Digits[byte & 15]};
        }
    }
    return result;
}

std::string RedisKeys::streamBase(const StreamId &stream) const
{
    if (!stream.isShard())
        return m_prefix + ":project:{" + escaped(stream.projectId) + "}:";
    return m_prefix + ":shard:{" + escaped(stream.projectId) + "/" + escaped(stream.shardName)
        + "}:";
}

std::vector<std::string> RedisKeys::seats(std::string_view projectId) const
{
    return keys(streamBase({std::string(projectId)}),
                {"limits", "fill", "room", "seats", "bynode", "leases", "dead", "since", "emits"});
}

std::vector<std::string> RedisKeys::stream(const StreamId &stream) const
{
    return keys(streamBase(stream), {"meta", "log", "emits"});
}

std::vector<std::string> RedisKeys::pins(std::string_view projectId) const
{
    return keys(streamBase({std::string(projectId)}), {"meta", "log", "emits", "pins", "pinends"});
}

std::vector<std::string> RedisKeys::state(const StreamId &shard) const
{
    return keys(streamBase(shard), {"meta", "log", "emits", "state", "statemarks", "members"});
}

std::vector<std::string> RedisKeys::members(const StreamId &shard) const
{
    // The state is there as long as somebody is.
    return keys(streamBase(shard),
                {"meta", "members", "membersbynode", "memberleases", "emits", "log", "membersince",
                 "state", "statemarks"});
}

std::vector<std::string> RedisKeys::session(std::string_view clientId) const
{
    return {m_prefix + ":session:{" + escaped(clientId) + "}"};
}

std::string RedisKeys::secret(std::string_view hash) const
{
    return m_prefix + ":secret:{" + escaped(hash) + "}";
}

std::string RedisKeys::channel(const StreamId &stream) const
{
    return streamBase(stream) + "events";
}

std::string RedisKeys::nodeChannel(std::string_view nodeId) const
{
    return m_prefix + ":node:{" + escaped(nodeId) + "}";
}

} // namespace Dispatch::Engine

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "enginechoice_p.h"

#ifdef DISPATCH_HAS_REDIS
#include "redisstore_p.h"
#include "redisurl_p.h"
#endif

#include <algorithm>
#include <string_view>
#include <utility>

namespace Dispatch::Engine {

namespace {

ChoiceProblem problem(ChoiceProblem::Of of, std::string_view text)
{
    return {of, std::string(text)};
}

#ifdef DISPATCH_HAS_REDIS

/// Keys have braces of their own, which Redis Cluster reads.
bool isKeyPrefix(std::string_view prefix)
{
    return !prefix.empty() && std::ranges::all_of(prefix, [](char c) {
        return c > ' ' && c < '\x7f' && c != '{' && c != '}';
    });
}

std::variant<NodeThread::MakeStore, ChoiceProblem> makeRedisStore(const EngineChoice &choice)
{
    using Of = ChoiceProblem::Of;
    const auto parsed = parseRedisUrl(choice.store);
    if (const auto *error = std::get_if<RedisUrlError>(&parsed))
        return problem(Of::Store, textOf(*error));
    RedisSettings settings = std::get<RedisSettings>(parsed);
    if (!settings.password.empty() && !choice.password.empty())
        return problem(Of::Store, "has a password, and there is another one: say it once.");
    if (settings.password.empty())
        settings.password = choice.password;
    if (!isKeyPrefix(choice.keyPrefix))
        return problem(Of::KeyPrefix, "must be of ASCII characters without spaces and braces.");
    settings.prefix = choice.keyPrefix;
    if (settings.isEncrypted) {
        auto tls = makeRedisTls(choice.caFile);
        if (const auto *why = std::get_if<std::string>(&tls))
            return problem(Of::CaFile, "can't be read: " + *why + '.');
        settings.tls = std::get<TlsContext>(tls);
    } else if (!choice.caFile.empty()) {
        return problem(Of::CaFile, "is for rediss:// alone, which speaks TLS.");
    }
    return NodeThread::MakeStore(
        [settings = std::move(settings), limits = choice.limits](boost::asio::io_context &context) {
            return std::make_unique<RedisStore>(context, settings, limits);
        });
}

#else

std::variant<NodeThread::MakeStore, ChoiceProblem> makeRedisStore(const EngineChoice &)
{
    return problem(ChoiceProblem::Of::Store,
                   "asks for Redis, which this program was built without (DISPATCH_BUILD_REDIS).");
}

#endif

} // namespace

std::variant<NodeThread::MakeStore, ChoiceProblem> makeStore(const EngineChoice &choice)
{
    if (choice.store == "memory")
        return NodeThread::MakeStore();
    const std::string_view scheme =
        std::string_view(choice.store).substr(0, choice.store.find("://"));
    if (scheme.size() < choice.store.size() && scheme.starts_with("redis"))
        return makeRedisStore(choice);
    return problem(ChoiceProblem::Of::Store,
                   "must be memory, redis://host:port, rediss://host:port (with TLS), or "
                   "redis+unix:///path of a socket.");
}

} // namespace Dispatch::Engine

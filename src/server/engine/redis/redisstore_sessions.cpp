// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "redisstore_p.h"

#include "redisanswers_p.h"
#include "streamposition_p.h"

#include <utility>

namespace Dispatch::Engine {

namespace {

Session sessionIn(const redisReply &reply)
{
    const auto field = [&reply](std::size_t i) { return std::string(textOf(at(reply, i))); };
    Session session;
    session.generation = numberOf(at(reply, 0));
    session.node = field(1);
    session.shard = {field(2), field(3)};
    session.userId = field(4);
    session.data = field(5);
    session.direct = numberOf(at(reply, 6));
    session.directMark = {epochOf(at(reply, 7)), numberOf(at(reply, 8))};
    return session;
}

/// What may change of a session, as fields and values.
void appendFields(std::vector<std::string> &arguments, const Session &session)
{
    for (std::string &one : std::vector<std::string>{
             "user", session.userId, "data", session.data, "direct", std::to_string(session.direct),
             "direct_epoch", epochText(session.directMark.epoch), "direct_seq",
             std::to_string(session.directMark.seq)})
        arguments.push_back(std::move(one));
}

} // namespace

void RedisStore::point(const std::string &secret, const std::string &clientId)
{
    // It leads there, and proves nothing: the session knows its secrets.
    m_calls.call(
        {{}, {"SET", m_keys.secret(secret), clientId, "PX", text(m_limits.sessionLife)}, {}, {}},
        [](const redisReply *, Failure) {});
}

void RedisStore::createSession(const Session &session, const std::string &secret,
                               Done<Nothing> done)
{
    point(secret, session.clientId);
    Arguments arguments{text(m_limits.sessionLife), secret,  "project",
                        session.shard.projectId,    "shard", session.shard.shardName};
    appendFields(arguments, session);
    m_calls.call(
        {RedisScript::CreateSession, {}, m_keys.session(session.clientId), std::move(arguments)},
        confirmed(std::move(done)));
}

void RedisStore::claimSession(const std::string &shown, const std::string &next, Done<Session> done)
{
    m_calls.call(
        {{}, {"GET", m_keys.secret(shown)}, {}, {}},
        [this, shown, next, done = std::move(done)](const redisReply *reply, Failure failure) {
            if (!reply)
                done(failure);
            else if (textOf(*reply).empty())
                done(Failure::NoSession);
            else
                claimOf(std::string(textOf(*reply)), shown, next, done);
        });
}

void RedisStore::claimOf(const std::string &clientId, const std::string &shown,
                         const std::string &next, Done<Session> done)
{
    point(next, clientId);
    m_calls.call({RedisScript::ClaimSession,
                  {},
                  m_keys.session(clientId),
                  {text(m_limits.sessionLife), shown, next}},
                 decoded(std::move(done), [clientId](const redisReply &reply) {
                     Session session = sessionIn(reply);
                     session.clientId = clientId;
                     return session;
                 }));
}

void RedisStore::updateSession(const Session &session, const std::string &secret, bool isConfirmed,
                               Done<Nothing> done)
{
    point(secret, session.clientId);
    Arguments arguments{text(m_limits.sessionLife), std::to_string(session.generation)};
    appendFields(arguments, session);
    if (isConfirmed)
        arguments.insert(arguments.end(), {"previous", ""});
    m_calls.call(
        {RedisScript::UpdateSession, {}, m_keys.session(session.clientId), std::move(arguments)},
        confirmed(std::move(done)));
}

void RedisStore::restoreSession(const Session &session, const std::string &secret,
                                const std::string &previous, Done<Nothing> done)
{
    point(secret, session.clientId);
    if (!previous.empty())
        point(previous, session.clientId);
    Arguments arguments{text(m_limits.sessionLife),
                        std::to_string(session.generation),
                        "secret",
                        secret,
                        "previous",
                        previous,
                        "project",
                        session.shard.projectId,
                        "shard",
                        session.shard.shardName};
    appendFields(arguments, session);
    m_calls.call(
        {RedisScript::RestoreSession, {}, m_keys.session(session.clientId), std::move(arguments)},
        confirmed(std::move(done)));
}

void RedisStore::endSession(const std::string &clientId, std::uint64_t generation,
                            const std::string &secret, Done<Nothing> done)
{
    m_calls.call({{}, {"DEL", m_keys.secret(secret)}, {}, {}}, [](const redisReply *, Failure) {});
    m_calls.call(
        {RedisScript::EndSession, {}, m_keys.session(clientId), {std::to_string(generation)}},
        confirmed(std::move(done)));
}

} // namespace Dispatch::Engine

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "sessionkeeper_p.h"

#include "streamposition_p.h"

#include <boost/asio/post.hpp>

#include <utility>

namespace Dispatch::Engine {

namespace {

// A session is renewed so often in its life.
constexpr int Renewals = 3;

} // namespace

void SessionKeeper::create(const Session &session, const std::string &secret, Done<Nothing> done)
{
    // At once: it may be changed, or end, before the store has answered.
    Session owned = session;
    owned.generation = 1;
    own(owned, secret, {});
    m_store.createSession(session, secret, std::move(done));
}

void SessionKeeper::claim(const std::string &shown, const std::string &next, Done<Session> done)
{
    m_store.claimSession(
        shown, next, [this, shown, next, done = std::move(done)](Outcome<Session> outcome) {
            if (const Session *session = std::get_if<Session>(&outcome)) {
                if (session->node != m_store.nodeId())
                    m_store.tell(session->node,
                                 session->clientId + ' ' + std::to_string(session->generation),
                                 [](const Outcome<Nothing> &) {});
                own(*session, next, shown);
            }
            done(std::move(outcome));
        });
}

void SessionKeeper::update(const Session &session, bool isConfirmed, Done<Nothing> done)
{
    const auto owned = m_sessions.find(session.clientId);
    if (owned == m_sessions.end()) {
        boost::asio::post(m_store.executor(),
                          [done = std::move(done)] { done(Failure::NoSession); });
        return;
    }
    Session &kept = owned->second.session;
    kept.userId = session.userId;
    kept.data = session.data;
    kept.direct = session.direct;
    kept.directMark = session.directMark;
    if (isConfirmed)
        owned->second.previous.clear();
    send(owned->second, isConfirmed, std::move(done));
}

void SessionKeeper::end(const std::string &clientId, Done<Nothing> done)
{
    const auto owned = m_sessions.find(clientId);
    if (owned == m_sessions.end()) {
        boost::asio::post(m_store.executor(), [done = std::move(done)] { done(Nothing()); });
        return;
    }
    const Owned ended = std::move(owned->second);
    m_sessions.erase(owned);
    m_store.endSession(clientId, ended.session.generation, ended.secret, std::move(done));
}

void SessionKeeper::renew()
{
    const TimePoint now = m_store.now();
    while (!m_due.empty() && m_due.front().first <= now) {
        const auto [when, clientId] = std::move(m_due.front());
        m_due.pop_front();
        const auto owned = m_sessions.find(clientId);
        if (owned == m_sessions.end() || owned->second.renewAt != when)
            continue;
        owned->second.renewAt = now + m_store.limits().sessionLife / Renewals;
        m_due.emplace_back(owned->second.renewAt, clientId);
        send(owned->second, false, [](const Outcome<Nothing> &) {});
    }
    restoreMore();
}

void SessionKeeper::restore()
{
    for (const auto &[clientId, owned] : m_sessions)
        m_toRestore.insert(clientId);
    restoreMore();
}

void SessionKeeper::restoreMore()
{
    while (!m_toRestore.empty() && m_restores < RestoresAtOnce) {
        const auto owned = m_sessions.find(*m_toRestore.begin());
        if (owned == m_sessions.end()) {
            m_toRestore.erase(m_toRestore.begin());
            continue;
        }
        ++m_restores;
        restore(owned->second, [this](const Outcome<Nothing> &outcome) {
            --m_restores;
            // A store that is away is asked again with the next renewal.
            if (std::holds_alternative<Nothing>(outcome))
                restoreMore();
        });
    }
}

void SessionKeeper::restore(const Owned &owned, Done<Nothing> done)
{
    const Session &session = owned.session;
    m_toRestore.erase(session.clientId);
    m_store.restoreSession(session, owned.secret, owned.previous,
                           [this, clientId = session.clientId, generation = session.generation,
                            done = std::move(done)](const Outcome<Nothing> &outcome) {
                               if (const Failure *why = std::get_if<Failure>(&outcome)) {
                                   if (*why == Failure::Superseded)
                                       lose(clientId, generation + 1);
                                   else
                                       m_toRestore.insert(clientId);
                               }
                               done(outcome);
                           });
}

void SessionKeeper::told(const std::string &message)
{
    const std::size_t space = message.find(' ');
    if (space == std::string::npos)
        return;
    if (const auto generation = parseNumber(std::string_view(message).substr(space + 1)))
        lose(message.substr(0, space), *generation);
}

void SessionKeeper::own(const Session &session, const std::string &secret,
                        const std::string &previous)
{
    const TimePoint renewAt = m_store.now() + m_store.limits().sessionLife / Renewals;
    m_sessions.insert_or_assign(session.clientId, Owned{session, secret, previous, renewAt});
    m_toRestore.erase(session.clientId);
    m_due.emplace_back(renewAt, session.clientId);
}

void SessionKeeper::lose(const std::string &clientId, std::uint64_t generation)
{
    const auto owned = m_sessions.find(clientId);
    if (owned == m_sessions.end() || owned->second.session.generation >= generation)
        return;
    const Session lost = std::move(owned->second.session);
    m_sessions.erase(owned);
    m_taken(lost);
}

void SessionKeeper::send(const Owned &owned, bool isConfirmed, Done<Nothing> done)
{
    const Session &session = owned.session;
    // Until then the store may not know it; what is written then is all that there is.
    if (m_toRestore.contains(session.clientId))
        return restore(owned, std::move(done));
    m_store.updateSession(session, owned.secret, isConfirmed,
                          [this, clientId = session.clientId, generation = session.generation,
                           done = std::move(done)](const Outcome<Nothing> &outcome) {
                              const Failure *why = std::get_if<Failure>(&outcome);
                              if (why && *why == Failure::Superseded)
                                  lose(clientId, generation + 1);
                              else if (why && m_sessions.contains(clientId))
                                  m_toRestore.insert(clientId);
                              done(outcome);
                          });
}

} // namespace Dispatch::Engine

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

// What a test has the server do.

#include "hub_p.h"

#include "peer_p.h"

#include <algorithm>

namespace Dispatch::TestKit {

void Hub::refuseJoins(Refusal refusal, int times)
{
    m_joinRefusals.insert(m_joinRefusals.end(), std::size_t(std::max(times, 0)), refusal);
}

void Hub::refuseMessages(const ScriptedRefusal &refusal, int times)
{
    m_messageRefusals.insert(m_messageRefusals.end(), std::size_t(std::max(times, 0)), refusal);
}

std::optional<ScriptedRefusal> Hub::takeRefusalOf(const std::string &eventName)
{
    const auto due = std::ranges::find_if(m_messageRefusals, [&eventName](const auto &scripted) {
        return scripted.eventName.empty() || scripted.eventName == eventName;
    });
    if (due == m_messageRefusals.end())
        return std::nullopt;
    const ScriptedRefusal scripted = *due;
    m_messageRefusals.erase(due);
    return scripted;
}

void Hub::setUserOfToken(const QString &token, const QString &userId)
{
    if (userId.isEmpty())
        m_users.remove(token);
    else
        m_users.insert(token, userId);
}

std::optional<std::string> Hub::userOf(const std::string &token) const
{
    const auto found = m_users.constFind(QString::fromStdString(token));
    return found != m_users.constEnd() ? std::optional(found->toStdString()) : std::nullopt;
}

bool Hub::kick(const std::string &idOrUser, Refusal refusal)
{
    bool isFound = false;
    for (const auto &peer : peers()) {
        if (peer->clientId != idOrUser && (idOrUser.empty() || peer->userId != idOrUser))
            continue;
        isFound = true;
        peer->end(refusal);
    }
    return isFound;
}

void Hub::drain(Milliseconds retryAfter)
{
    for (const auto &peer : peers())
        peer->sendElsewhere(retryAfter);
}

void Hub::forgetSessions()
{
    for (const auto &peer : peers())
        peer->forgetSession();
}

} // namespace Dispatch::TestKit

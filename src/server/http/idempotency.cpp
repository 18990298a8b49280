// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "idempotency_p.h"

namespace Dispatch {

Idempotency::Verdict Idempotency::check(const std::string &projectId, const std::string &key,
                                        std::string_view digest, TimePoint now,
                                        const Limits &limits)
{
    forgetExpired(now);
    const auto project = m_projects.find(projectId);
    const Entries none;
    const Entries &entries = project == m_projects.end() ? none : project->second;
    const auto entry = entries.find(key);
    if (entry == entries.end()) {
        const bool hasRoom = entries.size() < limits.ofProject && size() < limits.ofAll;
        return {hasRoom ? State::New : State::Full, {}};
    }
    if (entry->second.digest != digest)
        return {State::Reused, {}};
    return {State::Known, entry->second.answer};
}

void Idempotency::remember(const std::string &projectId, const std::string &key,
                           std::string_view digest, std::string answer, TimePoint now,
                           Duration lifetime)
{
    m_ends.emplace(now + lifetime, std::pair(projectId, key));
    m_projects[projectId].emplace(key, Entry{std::string(digest), std::move(answer)});
}

void Idempotency::forgetExpired(TimePoint now)
{
    for (; !m_ends.empty() && m_ends.begin()->first <= now; m_ends.erase(m_ends.begin())) {
        const auto &[projectId, key] = m_ends.begin()->second;
        const auto project = m_projects.find(projectId);
        project->second.erase(key);
        if (project->second.empty())
            m_projects.erase(project);
    }
}

} // namespace Dispatch

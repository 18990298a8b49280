// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "idempotency_p.h"

#include <utility>

namespace Dispatch {

Idempotency::Verdict Idempotency::check(std::string_view projectId, std::string_view key,
                                        std::string_view digest, TimePoint now,
                                        std::size_t mostKeys)
{
    forgetExpired(now);
    const auto entry = m_entries.find(id(projectId, key));
    if (entry == m_entries.end())
        return {m_entries.size() < mostKeys ? State::New : State::Full, {}};
    if (entry->second.digest != digest)
        return {State::Reused, {}};
    return {State::Known, entry->second.answer};
}

void Idempotency::remember(std::string_view projectId, std::string_view key,
                           std::string_view digest, std::string answer, TimePoint now,
                           Duration lifetime)
{
    std::string name = id(projectId, key);
    m_ends.emplace(now + lifetime, name);
    m_entries.emplace(std::move(name), Entry{std::string(digest), std::move(answer)});
}

std::string Idempotency::id(std::string_view projectId, std::string_view key)
{
    // A project's id has no space.
    return std::string(projectId).append(" ").append(key);
}

void Idempotency::forgetExpired(TimePoint now)
{
    for (; !m_ends.empty() && m_ends.begin()->first <= now; m_ends.erase(m_ends.begin()))
        m_entries.erase(m_ends.begin()->second);
}

} // namespace Dispatch

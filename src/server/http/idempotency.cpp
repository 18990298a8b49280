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
    if (entry == m_entries.end() || entry->second.until <= now)
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
    m_order.push_back(name);
    m_entries.insert_or_assign(std::move(name),
                               Entry{std::string(digest), std::move(answer), now + lifetime});
}

std::string Idempotency::id(std::string_view projectId, std::string_view key)
{
    // A project's id has no space.
    return std::string(projectId).append(" ").append(key);
}

void Idempotency::forgetExpired(TimePoint now)
{
    while (!m_order.empty()) {
        const auto oldest = m_entries.find(m_order.front());
        if (oldest != m_entries.end()) {
            if (oldest->second.until > now)
                return;
            m_entries.erase(oldest);
        }
        m_order.pop_front();
    }
}

} // namespace Dispatch

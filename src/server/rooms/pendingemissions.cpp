// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "pendingemissions_p.h"

#include <utility>

namespace Dispatch {

void PendingEmissions::add(std::uint64_t emit, Engine::Emission emission)
{
    m_items.push_back({emit, std::move(emission), std::nullopt});
}

void PendingEmissions::pass(std::uint64_t emit)
{
    m_items.push_back({emit, {}, Engine::Published()});
}

void PendingEmissions::answer(std::uint64_t ticket, Engine::Outcome<Engine::Published> outcome)
{
    if (ticket >= m_firstTicket && ticket - m_firstTicket < m_items.size())
        m_items[ticket - m_firstTicket].outcome = std::move(outcome);
}

std::optional<PendingEmissions::Settled> PendingEmissions::takeSettled()
{
    if (m_items.empty() || !m_items.front().outcome || isFrontGap())
        return std::nullopt;
    const Item item = std::move(m_items.front());
    m_items.pop_front();
    ++m_firstTicket;
    if (m_begun > 0) {
        --m_begun;
        m_underWay -= item.emission.stream.projectId.empty() ? 0 : 1;
    }
    Settled settled{item.emit, {}, std::nullopt};
    if (const auto *published = std::get_if<Engine::Published>(&*item.outcome))
        settled.mark = item.emission.stream.isShard() ? published->mark : Engine::Mark();
    else
        settled.failure = std::get<Engine::Failure>(*item.outcome);
    return settled;
}

std::optional<PendingEmissions::Step> PendingEmissions::takeStep()
{
    if (isFrontGap()) {
        Item &item = m_items.front();
        item.outcome.reset();
        // All before it are settled: there is nothing that it would have to come behind.
        item.emission.after = 0;
        return Step{m_firstTicket, item.emission};
    }
    for (; m_begun < m_items.size(); ++m_begun) {
        const Engine::StreamId &stream = m_items[m_begun].emission.stream;
        if (stream.projectId.empty())
            continue;
        if (m_underWay > 0 && stream != m_stream)
            return std::nullopt;
        m_stream = stream;
        ++m_underWay;
        const std::size_t at = m_begun++;
        return Step{m_firstTicket + at, m_items[at].emission};
    }
    return std::nullopt;
}

bool PendingEmissions::isFrontGap() const
{
    if (m_items.empty() || !m_items.front().outcome)
        return false;
    const auto *failure = std::get_if<Engine::Failure>(&*m_items.front().outcome);
    return failure && *failure == Engine::Failure::EmitGap;
}

} // namespace Dispatch

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "pendingemissions_p.h"

#include <utility>

namespace Dispatch {

PendingEmissions::Step PendingEmissions::add(std::uint64_t emit, Engine::Emission emission)
{
    m_items.push_back({emit, std::move(emission), std::nullopt});
    return {m_firstTicket + m_items.size() - 1, m_items.back().emission};
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
    Settled settled{item.emit, 0, std::nullopt};
    if (const auto *published = std::get_if<Engine::Published>(&*item.outcome))
        settled.seq = item.emission.stream.isShard() ? published->mark.seq : 0;
    else
        settled.failure = std::get<Engine::Failure>(*item.outcome);
    return settled;
}

std::optional<PendingEmissions::Step> PendingEmissions::takeRepeat()
{
    if (!isFrontGap())
        return std::nullopt;
    Item &item = m_items.front();
    item.outcome.reset();
    // All before it are settled: there is nothing that it would have to come behind.
    item.emission.after = 0;
    return Step{m_firstTicket, item.emission};
}

bool PendingEmissions::isFrontGap() const
{
    if (m_items.empty() || !m_items.front().outcome)
        return false;
    const auto *failure = std::get_if<Engine::Failure>(&*m_items.front().outcome);
    return failure && *failure == Engine::Failure::EmitGap;
}

} // namespace Dispatch

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "awaitedmarks_p.h"

#include <algorithm>
#include <utility>

namespace Dispatch {

namespace {

/// More do not end while a call is answered.
constexpr std::size_t MostEnded = 8;

} // namespace

void AwaitedMarks::add(const Engine::Mark &mark, const Engine::Mark &here, Step step)
{
    if (isPast(mark, here))
        step(false);
    else if (mark.epoch == here.epoch)
        m_here.emplace(mark.seq, std::move(step));
    else if (std::ranges::find(m_ended, mark.epoch) != m_ended.end())
        step(true);
    else
        m_early.emplace_back(mark, std::move(step));
}

void AwaitedMarks::reach(const Engine::Mark &here)
{
    while (!m_here.empty() && m_here.begin()->first <= here.seq)
        m_here.extract(m_here.begin()).mapped()(false);
}

void AwaitedMarks::reset(const Engine::Mark &before, const Engine::Mark &here)
{
    if (before.epoch != here.epoch) {
        m_ended.push_back(before.epoch);
        if (m_ended.size() > MostEnded)
            m_ended.pop_front();
        const auto lost = std::exchange(m_here, {});
        const auto early = std::exchange(m_early, {});
        for (const auto &[mark, step] : early) {
            if (mark.epoch == here.epoch)
                m_here.emplace(mark.seq, step);
        }
        for (const auto &[seq, step] : lost)
            step(true);
        // A life that was never told of was over before this one began.
        for (const auto &[mark, step] : early) {
            if (mark.epoch != here.epoch)
                step(true);
        }
    }
    reach(here);
}

} // namespace Dispatch

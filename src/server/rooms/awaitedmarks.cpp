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
    if (mark.epoch == here.epoch && mark.seq > here.seq)
        m_waiting.emplace(mark.seq, std::move(step));
    else
        step(std::ranges::find(m_ended, mark.epoch) != m_ended.end());
}

void AwaitedMarks::reach(const Engine::Mark &here)
{
    while (!m_waiting.empty() && m_waiting.begin()->first <= here.seq)
        m_waiting.extract(m_waiting.begin()).mapped()(false);
}

void AwaitedMarks::reset(const Engine::Mark &before, const Engine::Mark &here)
{
    if (before.epoch != here.epoch) {
        m_ended.push_back(before.epoch);
        if (m_ended.size() > MostEnded)
            m_ended.pop_front();
        for (const auto &[seq, step] : std::exchange(m_waiting, {}))
            step(true);
    }
    reach(here);
}

} // namespace Dispatch

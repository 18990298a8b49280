// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "streamcursor_p.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace Dispatch::Engine {

StreamCursor::Step StreamCursor::begin()
{
    m_held.clear();
    return startReading();
}

StreamCursor::Step StreamCursor::arrive(const Mark &mark, std::string data)
{
    const bool isNext = mark.epoch == m_mark.epoch && mark.seq == m_mark.seq + 1;
    if (isNext && !m_isReading) {
        m_mark = mark;
        return {{}, {{mark.seq, std::move(data)}}, false};
    }
    if (mark.epoch == m_mark.epoch && mark.seq <= m_mark.seq)
        return {};
    if (m_held.size() == m_mostHeldBack)
        return begin(); // the log has them, too
    m_held.push_back({mark, std::move(data)});
    return m_isReading ? Step{} : startReading();
}

StreamCursor::Step StreamCursor::rebirth(std::uint64_t epoch)
{
    // Whoever is nowhere yet will be told the epoch by what is being read.
    return epoch == m_mark.epoch || m_mark.epoch == 0 ? Step{} : startReading();
}

StreamCursor::Step StreamCursor::read(Page page)
{
    m_isReading = false;
    if (m_isOutdated)
        return startReading();

    Step step;
    if (!page.isComplete) {
        keepEnd(page);
        step.reset = Mark{page.top.epoch, page.top.seq - page.entries.size()};
    } else if (m_mark.epoch == 0) {
        page.entries.clear();
    }
    m_mark = page.top;
    step.entries = std::move(page.entries);
    goOn(step);
    return step;
}

StreamCursor::Step StreamCursor::readFailed()
{
    m_isReading = false;
    return startReading();
}

StreamCursor::Step StreamCursor::startReading()
{
    if (m_isReading) {
        m_isOutdated = true;
        return {};
    }
    m_isReading = true;
    m_isOutdated = false;
    m_heldBefore = m_held.size();
    return {{}, {}, true};
}

void StreamCursor::keepEnd(Page &page)
{
    auto first = page.entries.end();
    for (std::uint64_t seq = page.top.seq;
         first != page.entries.begin() && std::prev(first)->seq == seq; --seq)
        --first;
    page.entries.erase(page.entries.begin(), first);
}

void StreamCursor::goOn(Step &step)
{
    const std::size_t heldBefore = m_heldBefore;
    std::vector<Held> held = std::exchange(m_held, {});
    for (std::size_t i = 0; i < held.size(); ++i) {
        // What came before the log was read, and is of another life, is of an older one.
        if (i < heldBefore && held[i].mark.epoch != m_mark.epoch)
            continue;
        Step one = arrive(held[i].mark, std::move(held[i].data));
        std::ranges::move(one.entries, std::back_inserter(step.entries));
        step.isReadWanted |= one.isReadWanted;
    }
}

} // namespace Dispatch::Engine

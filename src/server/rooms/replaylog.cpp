// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "replaylog_p.h"

#include "frame_p.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace Dispatch {

namespace {

Chunk part(const Chunk &frames, std::size_t begin, std::size_t end = std::string::npos)
{
    return std::make_shared<const std::string>(frames->substr(begin, end));
}

} // namespace

Chunk Replay::takeUntil(std::uint64_t seq)
{
    const std::size_t end = Frame::endOfMessages(*frames, seq + 1 - std::exchange(first, seq + 1));
    Chunk taken = part(frames, 0, end);
    frames = part(frames, end);
    return taken;
}

void ReplayLog::append(Chunk frames, std::size_t count, const ReplayBounds &bounds)
{
    const std::uint64_t first = m_last + 1;
    m_last += count;
    m_events += count;
    m_bytes += frames->size();
    m_entries.push_back({first, count, std::move(frames)});
    const auto isTooMuch = [&] {
        return m_bytes > bounds.bytes || m_events - m_entries.front().count >= bounds.events;
    };
    while (!m_entries.empty() && isTooMuch()) {
        m_events -= m_entries.front().count;
        m_bytes -= m_entries.front().frames->size();
        m_entries.pop_front();
    }
}

std::optional<std::vector<Replay>> ReplayLog::after(std::uint64_t seq) const
{
    if (seq > m_last || m_last - seq > m_events)
        return std::nullopt;
    std::vector<Replay> replays;
    if (seq == m_last)
        return replays;
    auto entry = std::prev(std::ranges::upper_bound(m_entries, seq + 1, {}, &Entry::first));
    for (; entry != m_entries.end(); ++entry)
        replays.push_back({entry->first, entry->first + entry->count - 1, entry->frames});
    if (seq >= replays.front().first)
        replays.front().takeUntil(seq);
    return replays;
}

void DirectLog::append(std::uint64_t afterSeq, Chunk frames, const ReplayBounds &bounds)
{
    ++m_last;
    m_bytes += frames->size();
    m_entries.push_back({afterSeq, std::move(frames)});
    while (!m_entries.empty() && (m_bytes > bounds.bytes || m_entries.size() > bounds.events)) {
        m_bytes -= m_entries.front().frames->size();
        m_entries.pop_front();
    }
}

std::optional<std::vector<DirectLog::Entry>> DirectLog::after(std::uint64_t direct) const
{
    if (direct > m_last || m_last - direct > m_entries.size())
        return std::nullopt;
    return std::vector<Entry>(
        std::prev(m_entries.end(), static_cast<std::ptrdiff_t>(m_last - direct)), m_entries.end());
}

} // namespace Dispatch

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "replaylog_p.h"

#include "frame_p.h"

#include <algorithm>
#include <iterator>

namespace Dispatch {

namespace {

/// \a frames without the first \a count messages.
Chunk withoutFirst(const Chunk &frames, std::size_t count)
{
    if (count == 0)
        return frames;
    return std::make_shared<const std::string>(
        frames->substr(Frame::endOfMessages(*frames, count)));
}

} // namespace

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
    for (std::size_t known = seq + 1 - entry->first; entry != m_entries.end(); ++entry, known = 0)
        replays.push_back({entry->first + entry->count - 1, withoutFirst(entry->frames, known)});
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

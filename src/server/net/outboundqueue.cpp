// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "outboundqueue_p.h"

namespace Dispatch {

namespace {

// What an idle client may keep allocated, and how much is done before it is moved away.
constexpr std::size_t KeptChunks = 4;
constexpr std::size_t MovedChunks = 64;

} // namespace

void OutboundQueue::push(Chunk chunk, TimePoint now)
{
    if (chunk->empty())
        return;
    if (isEmpty())
        m_progress = now;
    m_bytes += chunk->size();
    m_chunks.push_back(std::move(chunk));
}

std::size_t OutboundQueue::gather(std::span<std::string_view> pieces) const
{
    std::size_t count = 0;
    std::size_t offset = m_offset;
    for (std::size_t i = m_head; i < m_chunks.size() && count < pieces.size(); ++i) {
        pieces[count++] = std::string_view(*m_chunks[i]).substr(offset);
        offset = 0;
    }
    return count;
}

void OutboundQueue::consume(std::size_t bytes, TimePoint now)
{
    if (bytes == 0)
        return;
    m_progress = now;
    m_bytes -= bytes;
    if (m_bytes == 0)
        return clear();
    while (bytes > 0) {
        const std::size_t rest = m_chunks[m_head]->size() - m_offset;
        if (bytes < rest) {
            m_offset += bytes;
            break;
        }
        bytes -= rest;
        m_offset = 0;
        m_chunks[m_head++].reset();
    }
    if (m_head >= MovedChunks && m_head >= m_chunks.size() / 2) {
        m_chunks.erase(m_chunks.begin(), m_chunks.begin() + static_cast<std::ptrdiff_t>(m_head));
        m_head = 0;
    }
}

void OutboundQueue::clear()
{
    m_chunks.clear();
    if (m_chunks.capacity() > KeptChunks)
        m_chunks.shrink_to_fit();
    m_head = 0;
    m_offset = 0;
    m_bytes = 0;
}

bool OutboundQueue::isStalled(TimePoint now, Duration timeout) const
{
    return !isEmpty() && now - m_progress >= timeout;
}

} // namespace Dispatch

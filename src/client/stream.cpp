// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "stream_p.h"

#include <utility>

namespace Dispatch {

void Stream::greeted(std::string secret, const StreamPosition &position, std::uint64_t replay)
{
    m_secret = canBeOffered(secret) ? std::move(secret) : std::string();
    m_position = position;
    m_replay = replay;
}

std::optional<ResumeOffer> Stream::offer() const
{
    if (m_secret.empty())
        return std::nullopt;
    return ResumeOffer{m_secret, m_position};
}

void Stream::pass(std::uint64_t seq)
{
    if (seq == 0)
        ++m_position.direct;
    else
        m_position.seq = seq;
    if (m_replay > 0)
        --m_replay;
}

} // namespace Dispatch

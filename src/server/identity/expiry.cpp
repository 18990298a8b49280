// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "expiry_p.h"

#include <algorithm>

namespace Dispatch {

namespace {

// As good as never, and far from where the clock overflows.
constexpr std::chrono::hours Longest{24 * 365 * 10};

} // namespace

void Expiry::renew(std::int64_t expiresAt, std::chrono::system_clock::time_point wall,
                   TimePoint now)
{
    using namespace std::chrono;
    m_hasAsked = false;
    m_askedFirst.reset();
    m_end = TimePoint::max();
    if (expiresAt == 0)
        return;
    const milliseconds left =
        milliseconds(seconds(expiresAt)) - duration_cast<milliseconds>(wall.time_since_epoch());
    m_end = now + std::clamp(left, milliseconds(0), milliseconds(Longest));
}

Expiry::Action Expiry::check(TimePoint now, Duration grace)
{
    if (now < m_end)
        return Action::None;
    if (m_hasAsked)
        return now - *m_askedFirst >= grace ? Action::Close : Action::None;
    m_hasAsked = true;
    if (!m_askedFirst)
        m_askedFirst = now;
    return Action::AskForToken;
}

} // namespace Dispatch

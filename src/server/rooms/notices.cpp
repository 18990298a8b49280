// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "notices_p.h"

#include "logging_p.h"

namespace Dispatch {

namespace {

constexpr std::size_t MostWaiting = 65'536;

} // namespace

Notices::Notices(std::function<void()> wake)
    : m_wake(std::move(wake))
{
}

void Notices::post(Notice notice)
{
    bool isFirst = false;
    {
        const std::lock_guard lock(m_mutex);
        if (m_waiting.size() >= MostWaiting) {
            if (!m_full)
                qCWarning(lcServer,
                          "The server's thread does not take its signals: clientJoined and "
                          "clientLeft are dropped");
            m_full = true;
            return;
        }
        isFirst = m_waiting.empty();
        m_waiting.push_back(std::move(notice));
    }
    if (isFirst)
        m_wake();
}

std::vector<Notice> Notices::take()
{
    const std::lock_guard lock(m_mutex);
    m_full = false;
    return std::exchange(m_waiting, {});
}

} // namespace Dispatch

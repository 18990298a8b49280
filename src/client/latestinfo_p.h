// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "pace_p.h"

#include <QtCore/qjsonobject.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace Dispatch {

/// The user info that is wished for, and what the server was told of it: says when the newest is to
/// be sent. The server takes so many changes in a second, and drops others (docs/protocol.md,
/// "Limits"); what is replaced before its turn is never sent, but the newest always is.
class LatestInfo {
public:
    const QJsonObject &newest() const { return m_newest; }
    /// False if it was that already.
    bool set(const QJsonObject &info)
    {
        if (m_newest == info)
            return false;
        m_newest = info;
        return true;
    }

    /// A connection begins, to a server that has told \a rates and knows nothing of us, unless our
    /// session \a goesOn.
    void start(const SendingRates &rates, bool goesOn)
    {
        if (goesOn) {
            // What was on its way may be lost. The server goes on counting, too.
            if (m_sentAt)
                m_atServer.reset();
            return;
        }
        m_atServer = QJsonObject();
        m_sentAt.reset();
        m_notBefore = Instant::zero();
        m_pace.start(
            {.messagesPerSecond = rates.userInfosPerSecond, .messageBurst = rates.userInfoBurst});
    }

    /// How long to wait before the newest is sent; nothing if the server has it.
    std::optional<Instant> wait(Instant now) const
    {
        if (m_atServer == m_newest)
            return std::nullopt;
        return std::max({m_pace.wait(1, now), m_notBefore - now, Instant::zero()});
    }
    /// The newest was sent.
    void sent(Instant now)
    {
        m_pace.sent(1, now);
        m_atServer = m_newest;
        m_sentAt = now;
    }
    /// Something was refused for coming too soon, and may come again after \a retryAfter; the
    /// server does not say what. If it can have been what was sent, the newest is sent again.
    void refused(std::optional<Milliseconds> retryAfter, Instant now)
    {
        if (!m_sentAt || !m_atServer || now - *m_sentAt > LongestDoubt)
            return;
        m_atServer.reset();
        m_notBefore =
            now + std::clamp(retryAfter.value_or(ShortestPause), ShortestPause, LongestPause);
    }

private:
    /// A refusal that comes later is of something else: a server that is silent for so long is
    /// given up.
    static constexpr Milliseconds LongestDoubt{60'000};
    // A server may say any time, or none.
    static constexpr Milliseconds ShortestPause{500};
    static constexpr Milliseconds LongestPause{60'000};

    QJsonObject m_newest;
    std::optional<QJsonObject> m_atServer = QJsonObject(); ///< nothing: not known
    std::optional<Instant> m_sentAt; ///< in this session
    Instant m_notBefore{};
    Pace m_pace;
};

} // namespace Dispatch

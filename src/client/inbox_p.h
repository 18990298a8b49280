// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "instant_p.h"

#include <QtCore/qstring.h>

#include <deque>
#include <utility>

namespace Dispatch {

/// Bounds the work of one turn of the event loop: what came in beyond its time waits here for the
/// next turn; when too much waits, reading from the network has to pause.
class Inbox {
public:
    static constexpr qsizetype HighMark = 2 * 1024 * 1024; ///< UTF-16 code units
    static constexpr qsizetype LowMark = HighMark / 2;

    void setTurnBudget(Milliseconds budget) { m_budget = budget; }
    void newTurn() { m_fresh = true; }
    /// Whether this turn has time left for another message.
    bool hasTime(Instant now)
    {
        if (std::exchange(m_fresh, false))
            m_turnStart = now;
        return now - m_turnStart < m_budget;
    }

    void push(const QString &text)
    {
        m_size += cost(text);
        m_messages.push_back(text);
    }
    QString take()
    {
        QString text = std::move(m_messages.front());
        m_messages.pop_front();
        m_size -= cost(text);
        return text;
    }
    void clear()
    {
        m_messages.clear();
        m_size = 0;
    }
    bool isEmpty() const { return m_messages.empty(); }
    qsizetype count() const { return qsizetype(m_messages.size()); }

    /// Whether reading should be paused, given that it is or is not.
    bool wantsPause(bool paused) const { return m_size > (paused ? LowMark : HighMark); }

private:
    // A small message takes more room than its text.
    static qsizetype cost(const QString &text) { return text.size() + 32; }

    std::deque<QString> m_messages;
    qsizetype m_size = 0;
    Milliseconds m_budget{8};
    Instant m_turnStart{};
    bool m_fresh = true;
};

} // namespace Dispatch

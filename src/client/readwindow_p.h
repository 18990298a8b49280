// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qglobal.h>

#include <algorithm>

namespace Dispatch {

/// How much is read from the network before it is looked at: so little that one turn of the event
/// loop has little to do, whatever it is, and more only while a longer frame has to become whole,
/// for which a QWebSocket needs room.
class ReadWindow {
public:
    /// Has room for a frame of 64 KiB, which is what servers send at most.
    static constexpr qint64 Step = 72 * 1024;

    explicit ReadWindow(qint64 longestFrame = Step)
        : m_longest(longestFrame + Step)
    {
    }

    qint64 size() const { return m_size; }

    /// To be called when what came was looked at, \a left bytes of which wait for more. Tells
    /// whether the size has changed. It grows step by step: room that the frame does not need
    /// could be filled with many small ones.
    bool adjust(qint64 left)
    {
        const qint64 before = m_size;
        if (left >= m_size)
            m_size = std::min(m_size + Step, m_longest);
        else if (left < Step)
            m_size = Step;
        return m_size != before;
    }

private:
    qint64 m_longest;
    qint64 m_size = Step;
};

} // namespace Dispatch

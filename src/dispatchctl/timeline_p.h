// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "recording_p.h"

#include <optional>

namespace Dispatch::Ctl {

/// Which step of a recording is due, while it is played at a speed. It stands still until it is
/// told to go on.
class Timeline {
public:
    Timeline(std::vector<RecordedStep> steps, double speed);

    /// Back to the beginning, where it stands.
    void rewind();
    void goOn(Instant now);
    void pause(Instant now);
    bool isPaused() const { return !m_since; }

    /// The step that is due and was not taken yet; null if there is none, or while it stands.
    const RecordedStep *due(Instant now) const;
    /// The step that is due is done.
    void take() { ++m_next; }
    bool isAtEnd() const { return m_next == m_steps.size(); }
    /// When the next step is due; never while it stands, and at the end.
    std::optional<Instant> nextAt() const;

private:
    /// Where in the recording it is.
    std::chrono::duration<double> positionAt(Instant now) const;

    std::vector<RecordedStep> m_steps;
    double m_speed;
    std::size_t m_next = 0;
    std::chrono::duration<double> m_position{0}; ///< when it last stood
    std::optional<Instant> m_since; ///< when it went on from there
};

} // namespace Dispatch::Ctl

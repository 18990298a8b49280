// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "environment_p.h"
#include "recording_p.h"

#include <QtCore/qhash.h>
#include <QtCore/qpointer.h>

#include <functional>
#include <vector>

class DispatchTestPerson;
class DispatchTestServer;

namespace Dispatch::TestKit {

class TestClock;

/// Has people do what was recorded, each at its time from now on.
class Replay final : private Alarm {
public:
    /// Calls \a finished after the last step, which may destroy it.
    Replay(DispatchTestServer *server, TestClock &clock, std::vector<RecordedStep> steps,
           std::function<void()> finished);
    ~Replay();
    Q_DISABLE_COPY_MOVE(Replay)

private:
    void arm();
    void ring() override;
    void take(const RecordedStep &step);

    DispatchTestServer *const m_server;
    TestClock &m_clock;
    const std::vector<RecordedStep> m_steps;
    const std::function<void()> m_finished;
    const Instant m_start;
    std::size_t m_next = 0;
    QHash<QString, QPointer<DispatchTestPerson>> m_people;
};

} // namespace Dispatch::TestKit

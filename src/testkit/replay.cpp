// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "replay_p.h"

#include "dispatchtestserver.h"
#include "testclock_p.h"

using namespace Qt::StringLiterals;

namespace Dispatch::TestKit {

Replay::Replay(DispatchTestServer *server, TestClock &clock, std::vector<RecordedStep> steps,
               std::function<void()> finished)
    : m_server(server)
    , m_clock(clock)
    , m_steps(std::move(steps))
    , m_finished(std::move(finished))
    , m_start(clock.now().steady)
{
    arm();
}

Replay::~Replay()
{
    m_clock.cancelAlarm(this);
}

void Replay::arm()
{
    const Milliseconds at = m_next < m_steps.size() ? m_steps[m_next].at
        : m_steps.empty()                           ? Milliseconds(0)
                                                    : m_steps.back().at;
    m_clock.setAlarm(this, m_start + at);
}

void Replay::ring()
{
    if (m_next == m_steps.size()) {
        const auto finished = m_finished;
        return finished();
    }
    // What was done at one time is done in one turn.
    const Milliseconds now = m_steps[m_next].at;
    while (m_next < m_steps.size() && m_steps[m_next].at == now)
        take(m_steps[m_next++]);
    arm();
}

void Replay::take(const RecordedStep &step)
{
    if (step.person.isEmpty()) {
        m_server->emitEvent(step.eventName, step.value);
        return;
    }
    QPointer<DispatchTestPerson> &person = m_people[step.person];
    if (step.what == RecordedStep::Joins || !person) {
        const QJsonObject info =
            step.what == RecordedStep::Joins ? step.value.toObject() : QJsonObject();
        person = m_server->join(info[u"name"_s].toString(step.person), info);
        person->setUserId(step.userId);
    }
    if (step.what == RecordedStep::Changes) {
        person->setUserInfo(step.value.toObject());
        person->setUserId(step.userId);
    } else if (step.what == RecordedStep::Emits) {
        person->emitEvent(step.eventName, step.value);
    } else if (step.what == RecordedStep::Leaves) {
        person->leave();
        m_people.remove(step.person);
    }
}

} // namespace Dispatch::TestKit

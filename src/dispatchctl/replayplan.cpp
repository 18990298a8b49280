// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "replayplan_p.h"

#include <QtCore/qjsonobject.h>
#include <QtCore/qset.h>

#include <algorithm>

namespace Dispatch::Ctl {

namespace {

class Planner {
public:
    explicit Planner(bool hasBackEnd)
        : m_hasBackEnd(hasBackEnd)
    {
    }

    void take(RecordedStep step)
    {
        if (step.isPrivate)
            ++m_plan.privateEvents;
        else if (step.person.isEmpty())
            takeOfServer(std::move(step));
        else
            takeOfPerson(std::move(step));
    }

    ReplayPlan plan()
    {
        m_plan.userIds = m_users.size();
        return std::move(m_plan);
    }

private:
    void takeOfServer(RecordedStep step)
    {
        if (m_hasBackEnd)
            m_plan.steps.push_back(std::move(step));
        else
            ++m_plan.serverEvents;
    }

    void takeOfPerson(RecordedStep step)
    {
        if (!step.userId.isEmpty())
            m_users.insert(step.person);
        const bool isThere = m_present.contains(step.person);
        if (step.what == RecordedStep::Leaves) {
            if (!isThere)
                return;
            m_present.remove(step.person);
        } else if (!isThere) {
            bringIn(step);
            if (step.what != RecordedStep::Emits)
                return;
        } else if (step.what == RecordedStep::Joins) {
            step.what = RecordedStep::Changes;
        }
        m_plan.steps.push_back(std::move(step));
    }

    /// Has the one who does \a step join, with the info that it gives him.
    void bringIn(const RecordedStep &step)
    {
        const bool hasInfo = step.what != RecordedStep::Emits;
        m_plan.steps.push_back({.at = step.at,
                                .what = RecordedStep::Joins,
                                .person = step.person,
                                .value = hasInfo ? step.value : QJsonValue(QJsonObject())});
        m_present.insert(step.person);
        m_plan.mostPeople = std::max(m_plan.mostPeople, int(m_present.size()));
    }

    const bool m_hasBackEnd;
    ReplayPlan m_plan;
    QSet<QString> m_present;
    QSet<QString> m_users;
};

} // namespace

ReplayPlan planReplay(std::vector<RecordedStep> steps, bool hasBackEnd)
{
    Planner planner(hasBackEnd);
    for (RecordedStep &step : steps)
        planner.take(std::move(step));
    return planner.plan();
}

} // namespace Dispatch::Ctl

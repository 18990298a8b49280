// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "roomobserver_p.h"

#include <utility>

namespace Dispatch {

std::vector<RecordedStep> RoomObserver::look(const QList<DispatchConnectedClient> &now,
                                             Milliseconds at)
{
    std::vector<RecordedStep> steps;
    QMap<QString, DispatchConnectedClient> gone = std::exchange(m_present, {});
    for (const DispatchConnectedClient &there : now) {
        if (there.isSelf)
            continue;
        m_present.insert(there.clientId, there);
        const auto before = gone.constFind(there.clientId);
        RecordedStep step{.at = at,
                          .what = RecordedStep::Joins,
                          .person = nameOf(there.clientId),
                          .userId = there.userId,
                          .value = there.userInfo};
        if (before != gone.constEnd()) {
            const bool isSame =
                before->userInfo == there.userInfo && before->userId == there.userId;
            gone.erase(before);
            if (isSame)
                continue;
            step.what = RecordedStep::Changes;
        }
        steps.push_back(std::move(step));
    }
    for (const QString &clientId : gone.keys())
        steps.push_back({.at = at, .what = RecordedStep::Leaves, .person = nameOf(clientId)});
    return steps;
}

RecordedStep RoomObserver::hear(const QString &eventName, const QJsonValue &payload,
                                const DispatchEventMetadata &about, Milliseconds at)
{
    // In the base profile nothing is told of an event but its name and payload.
    const bool isKnown = about.serverTime != 0;
    return {.at = at,
            .what = RecordedStep::Emits,
            .person = about.senderId.isEmpty() ? QString() : nameOf(about.senderId),
            .eventName = eventName,
            .value = payload,
            .isPrivate = isKnown && about.sequence == 0};
}

QString RoomObserver::nameOf(const QString &clientId)
{
    QString &name = m_names[clientId];
    if (name.isEmpty())
        name = QString::number(m_names.size());
    return name;
}

} // namespace Dispatch

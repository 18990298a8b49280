// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatchtypes.h"
#include "recording_p.h"

#include <QtCore/qhash.h>
#include <QtCore/qmap.h>

namespace Dispatch {

/// Makes steps of what a client sees of the others in its room.
class RoomObserver {
public:
    /// What those who are there \a now did since it looked last, at \a at.
    std::vector<RecordedStep> look(const QList<DispatchConnectedClient> &now, Milliseconds at);
    /// An event that came at \a at, and was emitted by another one.
    RecordedStep hear(const QString &eventName, const QJsonValue &payload,
                      const DispatchEventMetadata &about, Milliseconds at);

    /// How many people it has seen or heard.
    qsizetype people() const { return m_names.size(); }

private:
    QString nameOf(const QString &clientId);

    QHash<QString, QString> m_names; ///< in the recording, by client id
    QMap<QString, DispatchConnectedClient> m_present; ///< without the client itself
};

} // namespace Dispatch

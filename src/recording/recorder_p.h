// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "roomobserver_p.h"

#include <QtCore/qobject.h>

class DispatchClient;

namespace Dispatch {

/// Writes down what a client sees of the others in its room, from start() on, line by line; what
/// the client itself emits is left out. The lines belong behind recordingHead().
class Recorder : public QObject {
    Q_OBJECT

public:
    /// \a client has to outlive it.
    explicit Recorder(DispatchClient &client, QObject *parent = nullptr);

    /// Begins with those who are there.
    void start();

    /// How long the recording may get, its head included. What would go beyond is left out, and
    /// all behind it.
    void setMaxBytes(qsizetype bytes) { m_maxBytes = bytes; }
    /// Whether something was left out for that.
    bool isFull() const { return m_isFull; }

    qsizetype bytes() const { return m_bytes; }
    /// How many events were left out because their payload can't be read (1e400 in it, say).
    qsizetype unreadable() const { return m_unreadable; }
    qsizetype people() const { return m_observer.people(); }

Q_SIGNALS:
    /// Here is the next line, which tells of an event or of who is there.
    void written(const QByteArray &line, bool isEvent);
    /// From now on things are left out.
    void filled();

private:
    void look();
    void hear(const QString &eventName, const QJsonValue &payload,
              const DispatchEventMetadata &about);
    void write(const RecordedStep &step);
    Milliseconds elapsed() const;

    DispatchClient &m_client;
    RoomObserver m_observer;
    Instant m_start{};
    qsizetype m_bytes;
    qsizetype m_maxBytes = UsualRecording;
    qsizetype m_unreadable = 0;
    bool m_isFull = false;
};

} // namespace Dispatch

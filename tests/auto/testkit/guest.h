// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "stage.h"

#include <DispatchClient>
#include <DispatchSharedState>

#include <QtCore/qhash.h>
#include <QtCore/qmap.h>

/// What each client saw, in order, with names in the place of ids.
class Transcript {
public:
    void name(const QString &id, const QString &name) { m_names.insert(id, name); }
    QString nameOf(const QString &id) const;
    void add(const QString &who, const QString &what) { m_lines[who] += what; }
    /// All of one client, and then of the next.
    QStringList lines() const;

private:
    QHash<QString, QString> m_names;
    QMap<QString, QStringList> m_lines;
};

/// A client that writes down what it sees.
class Guest : public DispatchClient {
    Q_OBJECT

public:
    Guest(Stage &stage, Transcript &transcript, const QString &name);

    /// Wishes to be in a room, and waits until it is, or refused for good.
    void join(const QString &shard);
    /// Waits until so many events have been heard, in all.
    void waitForEvents(int count);
    /// Waits until these are there, by their names, and notes what is known of them.
    void waitForPeople(const QStringList &names);
    /// Waits until so many errors have been told, in all.
    void waitForErrors(int count);
    /// Waits until it is back so many times, in all.
    void waitForReturn(int count = 1);
    /// What the shard shares. Its changes are noted from the first call on.
    DispatchSharedState &state();
    /// Waits until that is \a values.
    void waitForState(const QJsonObject &values);
    template<typename T>
    void waitForEnd(const QFuture<T> &future)
    {
        m_stage.waitFor(m_name + QStringLiteral(": the end of a future"),
                        [&] { return future.isFinished(); });
    }
    void note(const QString &what) { m_transcript.add(m_name, what); }

private:
    void heard(const QString &eventName, const QJsonValue &payload,
               const DispatchEventMetadata &about);
    QStringList people() const;

    Stage &m_stage;
    Transcript &m_transcript;
    const QString m_name;
    DispatchSharedState m_state;
    int m_events = 0;
    int m_errors = 0;
    int m_returns = 0;
};

/// \a value as JSON text.
QString jsonOf(const QJsonValue &value);

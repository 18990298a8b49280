// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "history.h"

#include <QtCore/qjsonobject.h>
#include <QtCore/qobject.h>
#include <QtCore/qurl.h>

#include <set>

namespace Dispatch::Faults {

/// A client of a run, which writes down what it does and sees.
class Actor : public QObject {
    Q_OBJECT

public:
    /// Where a client goes.
    struct Place {
        QUrl url;
        QString shard; ///< empty: where the server puts it
        int seats = 100; ///< in a shard
    };

    Actor(const QString &name, const Place &place);

    virtual void start() = 0;
    virtual bool isConnected() const = 0;
    /// Emits its next event to all of the shard, or to \a recipients: names of clients.
    virtual void emitNext(const QStringList &recipients) = 0;
    /// Asks everybody to show that they are here and have heard all that was said before.
    virtual void emitFence(int round) = 0;
    /// Nothing waits to be sent, or to be acknowledged.
    virtual bool isIdle() const = 0;
    /// Who is there, by name, sorted.
    virtual std::vector<std::string> present() const = 0;

    QString name() const { return m_name; }
    const History &history() const { return m_history; }
    History &history() { return m_history; }
    /// Where it is, or was when it was connected last.
    std::string shard() const { return m_joined; }
    /// Whose fence of \a round was heard.
    std::set<QString> fences(int round) const;

Q_SIGNALS:
    /// Something was written down.
    void noted(const Dispatch::Faults::AnyEntry &entry);

protected:
    void note(const AnyEntry &entry);
    void joined(const Entry::Joined &where);
    /// So many are in the list.
    void saw(qsizetype clients);
    /// Of the URL that a client of any profile connects to.
    QString query() const;
    EventId nextId();
    QJsonObject payloadOf(const EventId &id) const;
    void hear(const QString &eventName, const QJsonObject &payload, qint64 seq, bool replayed);

    static const QString EventName;
    static const QString FenceName;
    static const QString Project;

    const QString m_name;
    const Place m_place;

private:
    History m_history;
    std::string m_joined;
    qsizetype m_seen = 0;
    int m_emitted = 0;
    std::set<std::pair<int, QString>> m_fences;
};

} // namespace Dispatch::Faults

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "actor.h"
#include "extendedpeer.h"

#include <QtCore/qmap.h>
#include <QtCore/qtimer.h>

namespace Dispatch::Faults {

/// A client of the extended profile, written from docs/protocol-extended.md: comes back to its
/// session, and knows what became of each of its events.
class ExtendedActor final : public Actor {
    Q_OBJECT

public:
    ExtendedActor(const QString &name, const Place &place);

    void start() override { open(); }
    bool isConnected() const override { return m_isJoined; }
    void emitNext(const QStringList &recipients) override;
    void emitFence(int round) override;
    bool isIdle() const override { return m_pending.isEmpty(); }
    std::vector<std::string> present() const override;

private:
    void open();
    void lost(const QString &why);
    void receive(const QJsonObject &message);
    void greeted(const QJsonObject &greeting);
    void emitNumbered(const QString &eventName, const EventId &id, const QStringList &recipients);
    /// All up to \a emit were dealt with; \a seq is the number of that one, if it has any.
    void dealtWith(qint64 emit, qint64 seq);
    void settle(qint64 emit, Entry::Fate::Kind kind, qint64 seq = 0);

    ExtendedPeer m_peer;
    QTimer m_retry;
    QTimer m_pinging;
    QTimer m_patience;
    QString m_clientId;
    QMap<qint64, EventId> m_pending; ///< by the number of the emit
    int m_replay = 0; ///< events that are still to come from before
    bool m_isJoined = false;
};

} // namespace Dispatch::Faults

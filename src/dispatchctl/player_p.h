// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "failure_p.h"
#include "room_p.h"

#include <QtCore/qtimer.h>

namespace Dispatch::Ctl {

/// A client that does what somebody in a recording did.
class Player : public QObject {
    Q_OBJECT

public:
    /// Will join as \a settings say, with room in the shard for \a seats, if it opens that.
    Player(const Settings &settings, int seats);

    void join(const QJsonObject &userInfo);
    void setUserInfo(const QJsonObject &userInfo) { m_client->setUserInfo(userInfo); }
    void emitEvent(const QString &eventName, const QJsonValue &payload);
    /// Goes, when the server has done with all that it emitted; left() tells when.
    void leave();

Q_SIGNALS:
    void joined(const QString &shardName);
    void left();
    /// It can't join, or not come back, or the server does not answer: there is no going on.
    void failed(const Dispatch::Ctl::Failure &failure);
    /// Something went wrong, which it goes on from.
    void troubled(const DispatchError &error);
    /// An event did not arrive, or nobody knows.
    void missed(const DispatchError &error);
    /// What it says of itself was not taken; troubled() tells of it, too.
    void infoRefused(const DispatchError &error);

private:
    void confirm();
    void erred(const DispatchError &error);
    void go();

    const Settings m_settings;
    const std::unique_ptr<DispatchClient> m_client;
    Echo m_echo;
    QTimer m_patience;
    bool m_hasJoined = false;
    bool m_isEmitting = false;
    bool m_isLeaving = false;
};

} // namespace Dispatch::Ctl

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "actor.h"

#include <QtCore/qmap.h>
#include <QtCore/qtimer.h>
#include <QtWebSockets/qwebsocket.h>

#include <memory>

namespace Dispatch::Faults {

/// A client as those of the original: a fixed delay before it comes back, user info told once a
/// connection, what is emitted offline is lost.
class StockActor final : public Actor {
    Q_OBJECT

public:
    using Actor::Actor;
    ~StockActor() override;

    void start() override;
    bool isConnected() const override { return m_isJoined; }
    void emitNext(const QStringList &recipients) override;
    void emitFence(int round) override;
    bool isIdle() const override { return true; }
    std::vector<std::string> present() const override;

private:
    void open();
    void closed(const QString &why);
    void receive(const QString &text);
    void noteEmit(const EventId &id, const std::vector<std::string> &recipients);
    void send(const QString &eventName, const QJsonObject &payload, const QStringList &ids);

    std::unique_ptr<QWebSocket> m_socket;
    QTimer m_retry;
    QTimer m_pinging;
    QTimer m_patience;
    QMap<QString, QString> m_people; ///< client id, name
    bool m_isJoined = false;
};

} // namespace Dispatch::Faults

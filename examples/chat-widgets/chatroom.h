// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "messagemodel.h"

#include <DispatchClient>
#include <QtCore/qelapsedtimer.h>
#include <QtCore/qmap.h>
#include <QtCore/qobject.h>

/// One person in one room; speaks the same events as chat-qml. Has no looks.
class ChatRoom : public QObject {
    Q_OBJECT

public:
    explicit ChatRoom(QObject *parent = nullptr);

    DispatchClient *client() { return &m_client; }
    MessageModel *messages() { return &m_messages; }
    QString userName() const { return m_userName; }

    void join(const QString &userName, const QString &roomName);
    /// False if there is nothing to send in \a text.
    bool send(const QString &text);
    /// Tells the others that something is being written; not more often than they need to know.
    void hintTyping();

Q_SIGNALS:
    /// Something new to read came in.
    void received(const QString &author, const QString &body);
    void typing(const QString &author);

private:
    void hear(const QJsonObject &payload);
    void tell(const QString &asker);
    void learn(const QJsonArray &earlier);
    void lookAround(const QList<DispatchConnectedClient> &clients);

    DispatchClient m_client;
    MessageModel m_messages;
    QString m_userName;
    const QString m_person; ///< the same over reconnects, unlike the client id
    QElapsedTimer m_lastHint;
    QMap<QString, QString> m_known; ///< who was there when we last looked: person, name
    bool m_hasLooked = false;
    QStringList m_askers; ///< who asked what was said before we knew our place among the tellers
};

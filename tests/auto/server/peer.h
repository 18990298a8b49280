// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qjsonobject.h>
#include <QtCore/qurlquery.h>
#include <QtWebSockets/qwebsocket.h>

#include <optional>

/// A stock QWebSocket that speaks the base profile and keeps all that it hears.
class Peer : public QObject {
    Q_OBJECT

public:
    struct Message {
        QString eventName;
        QJsonValue payload;
        double latencyMs = 0;
        QString text; ///< as it came
    };

    explicit Peer(QObject *parent = nullptr);

    /// Connects to \a server with a query like "projectId=p&shardName=s"; true once greeted.
    bool join(const QUrl &server, const QString &query = {});
    void open(const QUrl &server, const QString &query = {});
    void close() { m_socket.close(); }

    void emitEvent(const QString &eventName, const QJsonValue &payload = QJsonValue::Undefined,
                   const QJsonValue &recipients = QJsonValue::Undefined);
    void sendText(const QString &text) { m_socket.sendTextMessage(text); }

    /// Waits until \a eventName came \a count times in all.
    bool waitFor(const QString &eventName, int count = 1);
    /// Waits until the latest presence list has exactly \a count clients.
    bool waitForClients(int count);
    /// Waits until the code of the latest ERROR is \a code.
    bool waitForError(const QString &code);
    bool waitForClose();

    QList<Message> messages(const QString &eventName) const;
    int count(const QString &eventName) const
    {
        return static_cast<int>(messages(eventName).size());
    }
    QJsonObject clients() const;

    QString clientId() const { return m_clientId; }
    QString shardName() const { return m_shardName; }
    const QList<Message> &all() const { return m_messages; }
    int closeCode() const { return m_socket.closeCode(); }
    QWebSocket &socket() { return m_socket; }
    void forget() { m_messages.clear(); }

private:
    void keep(const QString &text);

    QWebSocket m_socket;
    QList<Message> m_messages;
    QString m_clientId;
    QString m_shardName;
    bool m_isClosed = false;
};

inline const QString Connected = QStringLiteral("@@KOJI_DISPATCH/CONNECTED");
inline const QString ClientsChanged = QStringLiteral("@@KOJI_DISPATCH/CONNECTED_CLIENTS_CHANGED");
inline const QString SetUserInfo = QStringLiteral("@@KOJI_DISPATCH/SET_USER_INFO");
inline const QString Identify = QStringLiteral("@@KOJI_DISPATCH/IDENTIFY");
inline const QString Error = QStringLiteral("@@KOJI_DISPATCH/ERROR");

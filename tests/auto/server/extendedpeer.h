// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qjsonobject.h>
#include <QtCore/qmap.h>
#include <QtCore/qurl.h>
#include <QtWebSockets/qwebsocket.h>

#include <memory>

/// A stock QWebSocket that speaks the extended profile, and keeps all that it hears.
class ExtendedPeer : public QObject {
    Q_OBJECT

public:
    explicit ExtendedPeer(QObject *parent = nullptr);
    ~ExtendedPeer() override;

    /// Connects to \a server with a query like "projectId=p&shardName=s"; true once greeted.
    bool join(const QUrl &server, const QString &query = {});
    void open(const QUrl &server, const QString &query = {}, const QStringList &subprotocols = {});
    bool waitForGreeting();
    void close() { m_socket->close(); }
    /// Loses the connection.
    void cut() { m_socket->abort(); }
    /// Connects again and asks to go on from where it is, if it ever was greeted; true once
    /// greeted.
    bool resume(const QUrl &server, const QString &query = {});
    void openToResume(const QUrl &server, const QString &query = {});
    /// The sub-protocol that asks for that.
    QString resumeName() const;

    void emitEvent(const QString &eventName, const QJsonValue &payload = QJsonValue::Undefined,
                   const QJsonObject &more = {});
    void sendText(const QString &text) { m_socket->sendTextMessage(text); }

    /// Emits with the next number; again after each reconnect until it is dealt with.
    void emitNumbered(const QString &eventName, const QJsonValue &payload = {},
                      const QJsonObject &more = {});
    void sendNumbered(qint64 emit, const QString &eventName, const QJsonValue &payload = {},
                      const QJsonObject &more = {});
    /// Waits until all up to \a emit is acknowledged.
    bool waitForAck(qint64 emit);
    /// Changes the shared state, and waits until that is acknowledged.
    bool changeState(const QJsonObject &wish);
    /// Waits until the code of the latest ERROR is \a code.
    bool waitForError(const QString &code);

    /// Waits until \a eventName came \a count times in all.
    bool waitFor(const QString &eventName, int count = 1);
    bool waitForClose();

    /// Whole messages of the server, by the name of the event.
    QList<QJsonObject> messages(const QString &eventName) const;
    int count(const QString &eventName) const
    {
        return static_cast<int>(messages(eventName).size());
    }
    const QList<QJsonObject> &all() const { return m_messages; }
    void forget() { m_messages.clear(); }

    /// The payload of the latest greeting; empty if there was none on this connection.
    const QJsonObject &greeting() const { return m_greeting; }
    /// The payload of the latest ACK.
    QJsonObject ack() const;
    QString clientId() const { return m_greeting[QLatin1String("clientId")].toString(); }
    /// The events of the shard that it has dealt with, and how often one was not the next.
    qint64 seq() const { return m_seq; }
    qint64 direct() const { return m_direct; }
    int gaps() const { return m_gaps; }
    /// The number of the latest emit of this session.
    qint64 emitted() const { return m_emitted; }
    /// The list of the greeting with all differences that have come.
    const QJsonObject &clients() const { return m_clients; }
    /// The keys and values of the shared state, by the latest greeting and all changes since.
    QJsonObject state() const;
    QWebSocket &socket() { return *m_socket; }
    int closeCode() const { return m_socket->closeCode(); }

Q_SIGNALS:
    /// A whole \a message of the server, which is kept.
    void received(const QJsonObject &message);
    void ponged();
    void disconnected();

private:
    void keep(const QString &text);
    void greeted(const QJsonObject &payload);
    void countEvent(const QJsonObject &message, const QString &eventName);
    void applyPresence(const QJsonObject &payload);

    std::unique_ptr<QWebSocket> m_socket;
    QList<QJsonObject> m_messages;
    QJsonObject m_greeting;
    QJsonObject m_clients;
    QString m_clientId; // also while it is not connected
    QString m_session;
    QString m_epoch;
    qint64 m_seq = 0;
    qint64 m_direct = 0;
    int m_gaps = 0;
    qint64 m_emitted = 0;
    QMap<qint64, QString> m_pending; // emits whose fate is not known
    bool m_isClosed = false;
};

inline const QString Ack = QStringLiteral("@@KOJI_DISPATCH/ACK");
inline const QString PresenceChanged = QStringLiteral("@@KOJI_DISPATCH/PRESENCE");
inline const QString StateChanged = QStringLiteral("@@KOJI_DISPATCH/STATE");
inline const QString SetState = QStringLiteral("@@KOJI_DISPATCH/SET_STATE");

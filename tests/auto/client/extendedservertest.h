// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "faultyservertest.h"

/// A client against a server that speaks the extended profile, well or badly.
class ExtendedServerTest : public FaultyServerTest {
    Q_OBJECT

protected:
    /// Of a client "me" in a room with "ann", where 41 events were emitted.
    static QJsonObject greeting();
    /// The same with other \a fields.
    static QJsonObject greeting(const QJsonObject &fields);
    static QJsonObject person(const QString &name);
    /// An event "x" with the number \a seq, which is its payload, too; 0: it has none.
    static QByteArray eventText(int seq, const QJsonObject &details = {});

    /// A greeting with a secret made of one digit.
    static QJsonObject session(int secret, const QJsonObject &more = {});

    /// Lets clients in with \a greeting from now on.
    void greetWith(const QJsonObject &greeting);
    void sendPresence(const QJsonObject &difference);
    void sendAck(int emit, int seq = 0);
    /// Refuses \a emit with \a code.
    void sendRefusal(int emit, const QString &code, bool isClosing = false);
    /// The events that the server got on its last connection, less those of the platform.
    QList<QJsonObject> emits() const;
    /// "ann" asks for a reply.
    void sendRequest(const QString &id, const QJsonObject &details = {});
    /// The second name that the last connection offered.
    QByteArray offered() const;
    /// The connection is lost, and there is another one.
    bool comeBack();
    /// The numbers of what came over the last connection.
    QList<QJsonValue> emitsAtServer() const;
    /// Waits until the client has dealt with all that was sent to it.
    bool waitUntilHeard();

    const QString m_connected = QStringLiteral("@@KOJI_DISPATCH/CONNECTED");
};

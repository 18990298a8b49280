// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatchtest_export.h"

#include <QtCore/qjsonobject.h>
#include <QtCore/qjsonvalue.h>
#include <QtCore/qobject.h>
#include <QtCore/qstringlist.h>

#include <memory>

class DispatchTestServer;

namespace Dispatch::TestKit {
class Hub;
}

/// Somebody in a room of a DispatchTestServer who does what a test says: another user, of whom an
/// app sees what it would see of a real one. Made by DispatchTestServer::join(), whose child it is.
///
/// What a person does reaches clients as all that a server sends: after the latency of the network,
/// and when time is moved on or the event loop runs. Lives on the thread of the server; a call on
/// another one ends the program.
/// \since 0.1
class DISPATCH_TEST_EXPORT DispatchTestPerson : public QObject {
    Q_OBJECT
    Q_PROPERTY(QString clientId READ clientId CONSTANT)
    Q_PROPERTY(QString userId READ userId WRITE setUserId NOTIFY userIdChanged)
    Q_PROPERTY(QJsonObject userInfo READ userInfo WRITE setUserInfo NOTIFY userInfoChanged)
    Q_PROPERTY(bool present READ isPresent NOTIFY presentChanged)

public:
    ~DispatchTestPerson() override;

    /// Given by the server, as that of any client.
    QString clientId() const;
    /// The user that the server takes this person for; empty: has not identified itself.
    QString userId() const;
    void setUserId(const QString &userId);
    /// What the others are told of this person. What the server refuses is left out, with a
    /// warning.
    QJsonObject userInfo() const;
    void setUserInfo(const QJsonObject &userInfo);
    /// False after leave(), and while there is no room to be in yet.
    bool isPresent() const;

    /// Emits an event to the room. False, with a warning, if the server refuses it.
    Q_INVOKABLE bool emitEvent(const QString &eventName,
                               const QJsonValue &payload = QJsonValue(QJsonObject()));
    /// Emits an event to \a recipients alone: client ids, or user ids.
    Q_INVOKABLE bool emitEvent(const QString &eventName, const QJsonValue &payload,
                               const QStringList &recipients);
    /// Sets \a key of the shared state of the room; an undefined \a value removes it. If \a owned
    /// nobody else may change it, and it goes with this person. False, with a warning, if the
    /// server refuses it.
    Q_INVOKABLE bool setState(const QString &key, const QJsonValue &value, bool owned = false);
    /// Answers each request named \a eventName from now on (DispatchClient::request()). An
    /// undefined \a payload answers no more.
    Q_INVOKABLE void answer(const QString &eventName, const QJsonValue &payload);
    /// Leaves for good.
    Q_INVOKABLE void leave();

Q_SIGNALS:
    /// This person hears an event of the room, or one for it as a recipient, from the client
    /// \a senderId; an empty one is the server. In an event of its own.
    void eventReceived(const QString &eventName, const QJsonValue &payload,
                       const QString &senderId);
    void userIdChanged();
    void userInfoChanged();
    void presentChanged();

private:
    friend class DispatchTestServer;
    DispatchTestPerson(Dispatch::TestKit::Hub &hub, const QJsonObject &userInfo,
                       const QString &shardName, DispatchTestServer *server);

    class Private;
    const std::unique_ptr<Private> d;
};

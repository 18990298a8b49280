// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatchtest_export.h"
#include "dispatchtestperson.h"

#include <QtCore/qbytearray.h>
#include <QtCore/qjsonobject.h>
#include <QtCore/qjsonvalue.h>
#include <QtCore/qobject.h>
#include <QtCore/qstringlist.h>
#include <QtCore/qurl.h>

#include <chrono>
#include <memory>

/// A Dispatch server for the tests of an app: in memory, without a socket, and with a clock that
/// stands still until the test moves it on. A DispatchClient that connects to url() talks to it in
/// both profiles of the protocol, and all its timers run by that clock: a minute of waiting for the
/// next attempt takes no time.
///
/// What is due at once happens when the event loop runs (QTRY_COMPARE(), in QML tryCompare()); what
/// is to be waited for happens in advance(). The functions that make something go wrong have the
/// clients know when they return, as far as that takes no time.
///
/// What a setting can't have, as a negative time, it does not get: a warning says what it can have,
/// and it stays as it was.
///
/// Lives on one thread, together with all its clients; a call on another one ends the program. If
/// it goes first, they find it offline. \since 0.1
class DISPATCH_TEST_EXPORT DispatchTestServer : public QObject {
    Q_OBJECT
    Q_PROPERTY(QUrl url READ url WRITE setUrl NOTIFY urlChanged)
    Q_PROPERTY(bool offline READ isOffline WRITE setOffline NOTIFY offlineChanged)
    Q_PROPERTY(bool silent READ isSilent WRITE setSilent NOTIFY silentChanged)
    Q_PROPERTY(int latency READ latency WRITE setLatency NOTIFY latencyChanged)
    Q_PROPERTY(bool drivesAnimations READ drivesAnimations WRITE setDrivesAnimations NOTIFY
                   drivesAnimationsChanged)
    Q_PROPERTY(double jitter READ jitter WRITE setJitter NOTIFY jitterChanged)
    Q_PROPERTY(int sessionWindow READ sessionWindow WRITE setSessionWindow NOTIFY settingsChanged)
    Q_PROPERTY(
        int maxReplayEvents READ maxReplayEvents WRITE setMaxReplayEvents NOTIFY settingsChanged)
    Q_PROPERTY(int maxHistory READ maxHistory WRITE setMaxHistory NOTIFY settingsChanged)
    Q_PROPERTY(int maxStateKeys READ maxStateKeys WRITE setMaxStateKeys NOTIFY settingsChanged)
    Q_PROPERTY(
        bool baseProfileOnly READ isBaseProfileOnly WRITE setBaseProfileOnly NOTIFY settingsChanged)
    Q_PROPERTY(int connections READ connections NOTIFY connectionsChanged)

public:
    explicit DispatchTestServer(QObject *parent = nullptr);
    ~DispatchTestServer() override;

    /// Where clients find it: a name of its own by default, that leads nowhere else. With the URL
    /// of a real server it stands in for that, so that an app need not be told, whether or not they
    /// name the port that is the scheme's; of several that do, the latest counts.
    QUrl url() const;
    void setUrl(const QUrl &url);

    // Time

    /// Moves the clock on: timers of clients fire, and messages arrive, each at its time and in
    /// order. Not from inside a handler that this calls.
    void advance(std::chrono::milliseconds time);
    /// The same, in ms.
    Q_INVOKABLE void advance(int ms) { advance(std::chrono::milliseconds(ms)); }
    /// Does all that is due without letting time pass.
    Q_INVOKABLE void settle();
    /// How far the clock was moved on.
    std::chrono::milliseconds elapsed() const;

    /// Whether the animations of the program run by this clock, too, and with them each Timer of Qt
    /// Quick: what a user interface shows for two seconds is over after advance(2000). False by
    /// default. One server of a program can do it, and with the render loops of Qt Quick that have
    /// no animation driver of their own: QT_QUICK_BACKEND=software, or QSG_RENDER_LOOP=basic.
    bool drivesAnimations() const;
    void setDrivesAnimations(bool drive);

    // The network

    /// Whether there is no network: connections break at once, and attempts fail.
    bool isOffline() const;
    void setOffline(bool offline);
    /// Whether nothing arrives any more, in either direction, while connections seem to be there: a
    /// heartbeat notices. What was sent arrives when it is over.
    bool isSilent() const;
    void setSilent(bool silent);
    /// Ms from a client to the server, and as many back; 0 by default. A join takes four of them.
    int latency() const;
    void setLatency(int ms);
    /// What clients draw where they wait at random (DispatchReconnectPolicy): from 0, no delay, to
    /// less than 1, the longest one; 0.5 by default.
    double jitter() const;
    void setJitter(double share);
    /// Breaks all connections, once. Clients come back to their sessions.
    Q_INVOKABLE void drop();

    // The server

    /// How long a lost session is kept, in ms; 30,000 by default.
    int sessionWindow() const;
    void setSessionWindow(int ms);
    /// How many events of a room, and how many for one client as a recipient, are kept for those
    /// who come back; 1,000 by default. Whoever missed more is not recovered.
    int maxReplayEvents() const;
    void setMaxReplayEvents(int events);
    /// How many events from before their join newcomers can have (DispatchClient::history()); 0 by
    /// default, as of a real server.
    int maxHistory() const;
    void setMaxHistory(int events);
    /// How many keys the shared state of a room may have (DispatchSharedState); 1,000 by default.
    /// 0: the server keeps none, as for who joins from then on.
    int maxStateKeys() const;
    void setMaxStateKeys(int keys);
    /// Whether it speaks the base profile alone, as the original service did. False by default.
    bool isBaseProfileOnly() const;
    void setBaseProfileOnly(bool only);
    /// How many messages of one client it takes a second, and how many at once. 0, the default, is
    /// no limit. Clients learn it when they join, and what they send faster waits in their queue,
    /// unless they don't pace; then it is refused (rate_limited).
    Q_INVOKABLE void setMessageRate(int perSecond, int burst);
    /// Has \a token stand for a user, of any project; an empty \a userId takes that back. All other
    /// tokens are refused.
    Q_INVOKABLE void setUserOfToken(const QString &token, const QString &userId);
    /// Nobody can go on with the session that he had.
    Q_INVOKABLE void forgetSessions();

    /// Refuses the next \a times joins with a \a code of docs/protocol.md ("Refusals") that has an
    /// HTTP status, as "banned", "unauthorized", "shard_full", "server_full", "draining". False,
    /// with a warning, if there is no such code.
    Q_INVOKABLE bool refuseJoins(const QString &code, int times = 1);
    /// Refuses the next \a times events named \a eventName that clients emit, or any if that is
    /// empty, with any \a code, as "rate_limited". Another try can help after \a retryAfter ms,
    /// unless that is negative.
    Q_INVOKABLE bool refuseEvents(const QString &eventName, const QString &code, int times = 1,
                                  int retryAfter = -1);
    /// The same of the next changes of the shared state, as with "state_full".
    Q_INVOKABLE bool refuseStateChanges(const QString &code, int times = 1, int retryAfter = -1);
    /// Ends the connections of a client or a user: "banned" and "disconnected" for good, "flooding"
    /// and others as the table says. False if there is none, or no such code.
    Q_INVOKABLE bool kick(const QString &clientIdOrUserId,
                          const QString &code = QStringLiteral("disconnected"));
    /// Sends all clients to the next server, as before a restart: this one again, that does not
    /// know their sessions. They come back after \a retryAfter ms, and up to a quarter more.
    Q_INVOKABLE void drain(int retryAfter = 0);

    // People

    /// Brings somebody into the room of the client that joined last. Before any has, he waits for
    /// the first one, and is there when that joins. Takes a seat. With a \a shardName he goes into
    /// that room. \a userInfo gets \a name as "name".
    Q_INVOKABLE DispatchTestPerson *join(const QString &name, const QJsonObject &userInfo = {},
                                         const QString &shardName = {});
    /// Publishes an event to the room of the client that joined last, as a back end does. False,
    /// with a warning, if there is none, or if the server refuses the event.
    Q_INVOKABLE bool emitEvent(const QString &eventName,
                               const QJsonValue &payload = QJsonValue(QJsonObject()));
    /// Plays a \a recording (DispatchTestRecorder), from now on, and emits replayed() at its end:
    /// people join as by join(), emit, change and leave. False, with a warning, if it is none.
    bool replay(const QByteArray &recording);
    /// The same with one that is in a \a file (file: or qrc:).
    Q_INVOKABLE bool replay(const QUrl &file);
    /// Clients that are connected now.
    int connections() const;

Q_SIGNALS:
    /// A client joined, or came back to its session.
    void clientJoined(const QString &clientId);
    /// A client left its room for good.
    void clientLeft(const QString &clientId);
    /// A client emitted an event, and was not refused. \a recipients is a list, or null for the
    /// room.
    void eventEmitted(const QString &clientId, const QString &eventName, const QJsonValue &payload,
                      const QJsonValue &recipients);
    /// A client changed the shared state of its room, and was not refused. \a value is undefined if
    /// it removed the key.
    void stateChanged(const QString &clientId, const QString &key, const QJsonValue &value);
    /// A recording has come to its end.
    void replayed();
    void urlChanged();
    void offlineChanged();
    void silentChanged();
    void latencyChanged();
    void drivesAnimationsChanged();
    void jitterChanged();
    void settingsChanged();
    void connectionsChanged();

private:
    class Private;
    const std::unique_ptr<Private> d;
};

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatchserver_export.h"
#include "dispatchserversettings.h"
#include "dispatchtlsidentity.h"

#include <QtCore/qobject.h>
#include <QtCore/qurl.h>
#include <QtCore/qvariant.h>
#include <QtNetwork/qhostaddress.h>

#include <memory>

class DispatchTokenVerifier;

/// What a server has done since it listens, and what it holds now.
/// \since 0.1
class DISPATCH_SERVER_EXPORT DispatchServerStatistics
{
    Q_GADGET
    Q_PROPERTY(qint64 connections MEMBER connections)
    Q_PROPERTY(qint64 shards MEMBER shards)
    Q_PROPERTY(qint64 joins MEMBER joins)
    Q_PROPERTY(qint64 refusedJoins MEMBER refusedJoins)
    Q_PROPERTY(qint64 failedHandshakes MEMBER failedHandshakes)
    Q_PROPERTY(qint64 eventsReceived MEMBER eventsReceived)
    Q_PROPERTY(qint64 eventsDelivered MEMBER eventsDelivered)
    Q_PROPERTY(qint64 bytesReceived MEMBER bytesReceived)
    Q_PROPERTY(qint64 bytesSent MEMBER bytesSent)
    Q_PROPERTY(qint64 refusedMessages MEMBER refusedMessages)
    Q_PROPERTY(qint64 slowClientsDropped MEMBER slowClientsDropped)
    Q_PROPERTY(qint64 deadClientsDropped MEMBER deadClientsDropped)
    Q_PROPERTY(qint64 presenceListsTruncated MEMBER presenceListsTruncated)
    Q_PROPERTY(qint64 sessionsAway MEMBER sessionsAway)
    Q_PROPERTY(qint64 resumesRecovered MEMBER resumesRecovered)
    Q_PROPERTY(qint64 resumesUnrecovered MEMBER resumesUnrecovered)
    Q_PROPERTY(qint64 resumesUnknown MEMBER resumesUnknown)
    Q_PROPERTY(qint64 eventsReplayed MEMBER eventsReplayed)
    Q_PROPERTY(QVariantMap refusals MEMBER refusals)

public:
    qint64 connections = 0;         ///< now
    qint64 shards = 0;              ///< now
    qint64 joins = 0;               ///< clients that were let in
    qint64 refusedJoins = 0;        ///< those that were not
    qint64 failedHandshakes = 0;    ///< of TLS: the client does not trust the certificate, is too old, or no client
    qint64 eventsReceived = 0;      ///< on WebSockets
    qint64 eventsDelivered = 0;     ///< one for each receiver
    qint64 bytesReceived = 0;       ///< on WebSockets
    qint64 bytesSent = 0;           ///< on WebSockets
    qint64 refusedMessages = 0;     ///< of clients that are there
    qint64 slowClientsDropped = 0;  ///< that did not take what they were to get
    qint64 deadClientsDropped = 0;  ///< of which no sign of life came
    qint64 presenceListsTruncated = 0; ///< lists that were too long for all user infos
    qint64 sessionsAway = 0;        ///< now: clients that lost their connection and may come back
    qint64 resumesRecovered = 0;    ///< clients that came back and missed nothing
    qint64 resumesUnrecovered = 0;  ///< that came back, and missed what was not kept
    qint64 resumesUnknown = 0;      ///< that came back too late, and joined anew
    qint64 eventsReplayed = 0;      ///< to clients that came back, or wished for history
    QVariantMap refusals;           ///< by code (docs/protocol.md, "Refusals"): how often
};

/// A Dispatch server inside any Qt application: hosts the shards of all projects that clients name.
/// Its sockets have threads of their own; this object and its signals live on the one it was made on,
/// which never sees a frame. Calls on others end the program, but for those that say they may be made.
/// \since 0.1
class DISPATCH_SERVER_EXPORT DispatchServer : public QObject
{
    Q_OBJECT
    Q_PROPERTY(bool listening READ isListening NOTIFY listeningChanged)
    Q_PROPERTY(bool draining READ isDraining NOTIFY drainingChanged)
    Q_PROPERTY(QUrl url READ url NOTIFY listeningChanged)
    Q_PROPERTY(quint16 port READ port NOTIFY listeningChanged)
    Q_PROPERTY(QString errorString READ errorString NOTIFY errorOccurred)
    Q_PROPERTY(DispatchServerSettings settings READ settings WRITE setSettings NOTIFY settingsChanged)

public:
    explicit DispatchServer(QObject *parent = nullptr);
    /// Closes, and tells nobody: a slot that hears of it may be what deletes the server.
    ~DispatchServer() override;

    /// Takes effect at once, also while it listens: for all that happens from then on. Only another
    /// number of threads waits for the next listen().
    DispatchServerSettings settings() const;
    void setSettings(const DispatchServerSettings &settings);

    /// Who decides about tokens. Without one each token is refused. Takes effect at
    /// once; the verifier is called on the server's threads, from several at once.
    void setTokenVerifier(std::shared_ptr<const DispatchTokenVerifier> verifier);

    /// Has it speak TLS (wss:// and https://) alone with \a identity, or none with a null one, the
    /// default. While it listens only another certificate takes effect at once, for new
    /// connections, and drops nobody; TLS instead of none, or none instead of TLS, waits for the
    /// next listen(). False if \a identity is not valid: then nothing changes, errorString() says why,
    /// and errorOccurred() is emitted.
    bool setTlsIdentity(const DispatchTlsIdentity &identity);
    /// Null while it speaks no TLS.
    DispatchTlsIdentity tlsIdentity() const;

    /// Has it serve the files of \a folder (a path, ":/..." of a resource, too) to browsers, on the
    /// port that clients connect to: index.html as "/", the others by their names, those in folders
    /// below not. A page from there may join: it has the origin of the server. All that it needs has
    /// to be in the folder, in files of its own: nothing that stands inside of the HTML, as a script
    /// or a style, is heeded (Content-Security-Policy). The files are read by listen(), and kept:
    /// 100 of 8 MiB in all at most, or listen() fails. Empty, the default: none. Takes effect with
    /// the next listen(). \since 0.1
    void setWebFolder(const QString &folder);
    /// The folder that is served to browsers; empty: none.
    QString webFolder() const;

    /// Listens on \a address and \a port; port 0 takes a free one. True if it does; else
    /// errorString() says why not, and errorOccurred() is emitted.
    bool listen(const QHostAddress &address = QHostAddress(QHostAddress::LocalHost), quint16 port = 0);
    /// Sends each client what it still has to get (for at most a second), tells it to come back
    /// later (1012), and stops. Does nothing if it does not listen.
    Q_INVOKABLE void close();
    /// Begins to stop without losing anybody or anything: lets nobody in any more (503), tells
    /// clients one by one to come back (1012), evenly and all of them soon enough to be back
    /// elsewhere within settings().drainTime (docs/protocol.md, "Drain"), sends each
    /// what it still has to get for at most settings().flushTimeout, and then stops. Emits drained()
    /// at the end, at the latest 4 s after both times. Those who are still there get all events until
    /// then. close() cuts it short. Does nothing unless isReady().
    Q_INVOKABLE void drain();

    /// Serves operators on another port until close(): a status page, health, readiness and metrics
    /// (docs/operations.md). They see all that goes on, so \a address should be one that nobody
    /// else reaches; port 0 takes a free one. Only while isListening(). True if it does; else
    /// errorString() says why not, and errorOccurred() is emitted.
    bool listenForOperators(const QHostAddress &address = QHostAddress(QHostAddress::LocalHost),
                            quint16 port = 0);

    /// From listen() until it has stopped.
    bool isListening() const;
    /// From drain() on until the server has stopped. May be called on any thread.
    bool isDraining() const;
    /// Whether clients that come now are let in: it listens and does not drain. May be called on any
    /// thread.
    bool isReady() const;
    /// That it listens on; null unless listening.
    QHostAddress address() const;
    /// That it listens on; 0 unless listening.
    quint16 port() const;
    /// Where clients of this machine connect to: "ws://127.0.0.1:1234", with TLS "wss://..."; empty
    /// unless listening.
    QUrl url() const;
    /// Where operators of this machine find it: "http://127.0.0.1:1234/"; empty unless it serves them.
    QUrl operatorsUrl() const;
    /// Why the last listen() failed, or another call; a sentence that says what to do.
    QString errorString() const;
    /// May be called on any thread.
    Q_INVOKABLE DispatchServerStatistics statistics() const;

Q_SIGNALS:
    void listeningChanged();
    void drainingChanged();
    /// The server has stopped after drain(); not emitted if close() came before.
    void drained();
    void settingsChanged();
    /// Something went wrong; \a message says what to do, as errorString().
    void errorOccurred(const QString &message);
    /// A client was let in.
    void clientJoined(const QString &projectId, const QString &shardName, const QString &clientId);
    /// \a reason is a slug: "closed", "lost", or a refusal's ("draining", "slow_consumer"...).
    void clientLeft(const QString &projectId, const QString &shardName, const QString &clientId,
                    const QString &reason);

private:
    class Private;
    const std::unique_ptr<Private> d;
};

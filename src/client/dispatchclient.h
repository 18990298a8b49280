// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatchclientsmodel.h"
#include "dispatchemitoptions.h"
#include "dispatcherror.h"
#include "dispatchevent.h"
#include "dispatchpendingeventsmodel.h"
#include "dispatchsubscription.h"
#include "dispatchtyped.h"
#include "dispatchtypes.h"
#include "dispatchusersmodel.h"

#include <QtCore/qfuture.h>
#include <QtCore/qobject.h>
#include <QtCore/qproperty.h>
#include <QtCore/qurl.h>
#include <QtNetwork/qnetworkproxy.h>
#include <QtNetwork/qsslconfiguration.h>

#include <chrono>
#include <concepts>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>

/// A client of a Dispatch server: joins a shard of a project, sees who else is there, emits and
/// hears events, and comes back by itself when the connection is lost.
///
/// What one wants is said by properties (url, projectId, shardName, userInfo, active); what is
/// the case is said by state, clientId, connectedClients and error, which are read-only. A number
/// that a property or a policy can't be (a time of less than 1 ms where there has to be one, a
/// negative count) is refused with a warning in the log that says what it can be, and changes
/// nothing.
///
/// Lives on one thread, which needs an event loop; all handlers, signals and ends of futures run
/// there, and may do anything with the client, delete it, too. A handler that runs an event loop of
/// its own holds up what comes in until it returns. emitEvent(), emitAcknowledged(), request() and
/// displayText() may be called on any thread; any other call on another thread than the client's
/// ends the program with a message that names it, in release builds, too. With moveToThread() the
/// client may change threads while it is Disconnected.
///
/// Each future ends, also when the client is destroyed (DispatchError::Cancelled). What is chained
/// by then() with a context runs on the context's thread; when the context is gone, it does not
/// run, and what was chained to it is cancelled. \since 0.1
class DISPATCH_CLIENT_EXPORT DispatchClient : public QObject {
    Q_OBJECT
    Q_PROPERTY(QUrl url READ url WRITE setUrl NOTIFY urlChanged)
    Q_PROPERTY(QString projectId READ projectId WRITE setProjectId NOTIFY projectIdChanged)
    Q_PROPERTY(QString shardName READ shardName WRITE setShardName NOTIFY shardNameChanged)
    Q_PROPERTY(int maxConnectionsPerShard READ maxConnectionsPerShard WRITE
                   setMaxConnectionsPerShard NOTIFY maxConnectionsPerShardChanged)
    Q_PROPERTY(QJsonObject userInfo READ userInfo WRITE setUserInfo NOTIFY userInfoChanged)
    Q_PROPERTY(bool active READ isActive WRITE setActive NOTIFY activeChanged)
    Q_PROPERTY(DispatchReconnectPolicy reconnect READ reconnectPolicy WRITE setReconnectPolicy
                   NOTIFY reconnectPolicyChanged)
    Q_PROPERTY(
        DispatchQueuePolicy queue READ queuePolicy WRITE setQueuePolicy NOTIFY queuePolicyChanged)
    Q_PROPERTY(DispatchRequestPolicy requests READ requestPolicy WRITE setRequestPolicy NOTIFY
                   requestPolicyChanged)
    Q_PROPERTY(
        bool allowInsecure READ allowInsecure WRITE setAllowInsecure NOTIFY allowInsecureChanged)
    Q_PROPERTY(QUrl caFile READ caFile WRITE setCaFile NOTIFY caFileChanged)
    Q_PROPERTY(DispatchIncomingLimits incomingLimits READ incomingLimits WRITE setIncomingLimits
                   NOTIFY incomingLimitsChanged)
    Q_PROPERTY(bool baseProfileOnly READ isBaseProfileOnly WRITE setBaseProfileOnly NOTIFY
                   baseProfileOnlyChanged)
    Q_PROPERTY(int history READ history WRITE setHistory NOTIFY historyChanged)
    Q_PROPERTY(
        bool networkHints READ heedsNetworkHints WRITE setNetworkHints NOTIFY networkHintsChanged)
    Q_PROPERTY(State state READ state NOTIFY stateChanged BINDABLE bindableState)
    Q_PROPERTY(QString clientId READ clientId NOTIFY clientIdChanged BINDABLE bindableClientId)
    Q_PROPERTY(QString currentShardName READ currentShardName NOTIFY currentShardNameChanged
                   BINDABLE bindableCurrentShardName)
    Q_PROPERTY(QList<DispatchConnectedClient> connectedClients READ connectedClients NOTIFY
                   connectedClientsChanged)
    Q_PROPERTY(
        bool connectedClientsStale READ isConnectedClientsStale NOTIFY connectedClientsStaleChanged)
    Q_PROPERTY(DispatchClientsModel *clients READ clients CONSTANT)
    Q_PROPERTY(DispatchUsersModel *users READ users CONSTANT)
    Q_PROPERTY(DispatchPendingEventsModel *pendingEvents READ pendingEvents CONSTANT)
    Q_PROPERTY(double latency READ latency NOTIFY latencyChanged BINDABLE bindableLatency)
    Q_PROPERTY(double clockOffset READ clockOffset NOTIFY clockOffsetChanged)
    Q_PROPERTY(int nextRetryIn READ nextRetryIn NOTIFY nextRetryInChanged)
    Q_PROPERTY(int queuedEvents READ queuedEvents NOTIFY queuedEventsChanged)
    Q_PROPERTY(DispatchError::Code error READ error NOTIFY errorChanged)
    Q_PROPERTY(QString errorString READ errorString NOTIFY errorChanged)

public:
    /// The fact, beside the wish that is active.
    enum State {
        Disconnected, ///< not connected and not trying
        Connecting, ///< the first attempt is under way
        Connected, ///< in a shard
        Recovering, ///< was in a shard, or failed before; another attempt is under way
        Waiting, ///< for the next attempt, see nextRetryIn
        Failed, ///< refused for good, see error; only a new wish helps
    };
    Q_ENUM(State)

    /// What became of an event that was emitted.
    enum SendStatus {
        Sent, ///< handed to the connection; lost if that breaks before it has arrived
        Queued, ///< will be sent when the client is connected
        Refused, ///< will not be sent; error and errorOccurred() say why
        /// can't be sent at once, and was not to wait (DispatchEmitOptions::Drop); eventDropped()
        /// says why, but it is no error
        Dropped,
    };
    Q_ENUM(SendStatus)

    explicit DispatchClient(QObject *parent = nullptr);
    ~DispatchClient() override;

    // The names of the original API hide those of QObject; these bring them back. Note that
    // disconnect() on a const client or through a QObject * is QObject's: it cuts all signal
    // connections. disconnectFromServer() can't be mistaken.
    using QObject::connect;
    using QObject::disconnect;

    /// The server, as ws:// or wss:// URL. Set while the wish is on it moves the client there.
    QUrl url() const;
    void setUrl(const QUrl &url);
    /// The project; empty stands for the server's default project.
    QString projectId() const;
    Q_INVOKABLE void setProjectId(const QString &projectId);
    /// The shard that is wished for; empty lets the server choose. Set while connected it moves the
    /// client there.
    QString shardName() const;
    void setShardName(const QString &shardName);
    /// How many clients a shard may have, 1 to 1000. Counts for the shard that this client opens;
    /// for one that is there already it can only be stricter.
    int maxConnectionsPerShard() const;
    void setMaxConnectionsPerShard(int maximum);
    /// What others are told of this client; replaces what was there. Announced at once, and again
    /// after each reconnect, before anything that was queued. What changes faster than the server
    /// allows is held back, and the newest is announced as soon as there is room.
    QJsonObject userInfo() const;
    Q_INVOKABLE void setUserInfo(const QJsonObject &userInfo);
    /// The wish to be connected.
    bool isActive() const;
    void setActive(bool active);

    /// When and how often the client tries to come back. Counts from the next delay on.
    DispatchReconnectPolicy reconnectPolicy() const;
    void setReconnectPolicy(const DispatchReconnectPolicy &policy);
    /// What becomes of events that can't be sent at once.
    DispatchQueuePolicy queuePolicy() const;
    void setQueuePolicy(const DispatchQueuePolicy &policy);
    /// How requests wait for their replies.
    DispatchRequestPolicy requestPolicy() const;
    void setRequestPolicy(const DispatchRequestPolicy &policy);

    /// Whether ws:// may lead to another machine than this one; false by default, which gives
    /// DispatchError::InsecureUrl. All who are on the way can read and change what goes over it,
    /// tokens, too: for a game in a local network at most.
    bool allowInsecure() const;
    void setAllowInsecure(bool allow);
    /// A file (file: or qrc:, in QML by Qt.resolvedUrl()) with CAs in PEM form that are trusted
    /// beside those of the system, or of sslConfiguration(). Read at each attempt. If it has none,
    /// the state is Failed (DispatchError::InvalidParameters).
    QUrl caFile() const;
    void setCaFile(const QUrl &file);
    /// TLS settings for wss://: an own CA, a client certificate. Counts from the next attempt on.
    /// Verification can't be turned off, and nothing below TLS 1.2 is spoken.
    QSslConfiguration sslConfiguration() const;
    void setSslConfiguration(const QSslConfiguration &configuration);
    /// The proxy on the way to the server; counts from the next attempt on. It has to be able to
    /// carry any connection: QNetworkProxy::HttpProxy (by CONNECT), Socks5Proxy, or NoProxy.
    /// QNetworkProxy::DefaultProxy, the default, is what the application says
    /// (QNetworkProxy::setApplicationProxy(), QNetworkProxyFactory) or, unless it says anything,
    /// the system; to this machine it is none.
    QNetworkProxy proxy() const;
    void setProxy(const QNetworkProxy &proxy);
    /// What the server may send at most. What one turn of the event loop may take, and how many
    /// clients a list may have, counts at once; the rest from the next attempt on.
    DispatchIncomingLimits incomingLimits() const;
    void setIncomingLimits(const DispatchIncomingLimits &limits);
    /// Whether to speak the base profile also with a server that speaks the extended one
    /// (DispatchConnectionInfo::extended): events do not say then who emitted them. False by
    /// default. Counts from the next attempt on.
    bool isBaseProfileOnly() const;
    void setBaseProfileOnly(bool only);
    /// How many events of the shard from before its join the client wishes for; 0 by default. They
    /// come first, in their order, as replayed (DispatchEventMetadata). A server gives what it
    /// keeps and allows, which is nothing unless its operator says so, and nothing in the base
    /// profile. Wished for whenever the client joins anew, not where it goes on with a session:
    /// events can have been heard before then. Counts from the next attempt on. \since 0.1
    int history() const;
    void setHistory(int events);
    /// Whether to look at once when the system (QNetworkInformation) says that the network came
    /// back, or is another one; true by default. Who is Waiting tries after the policy's first
    /// delay at the latest, unless the server has said when to come back; who is Connected asks
    /// whether the server is still there. A network that is said to be gone ends no connection.
    bool heedsNetworkHints() const;
    void setNetworkHints(bool heed);
    /// How long one attempt may take, in ms; 10,000 by default.
    int attemptTimeout() const;
    void setAttemptTimeout(DispatchMilliseconds ms);
    /// How long a connect() may wait for its end over all attempts, in ms; 30,000 by default.
    int connectTimeout() const;
    void setConnectTimeout(DispatchMilliseconds ms);
    /// A loss of the connection that is not mended within so many ms is told by lostConnection();
    /// 2,000 by default. \since 0.1
    int lossGrace() const;
    void setLossGrace(DispatchMilliseconds ms);
    /// A ping is sent every interval ms. The connection is given up when nothing came for timeout
    /// ms after it, or no answer for both together. 25,000 and 10,000 by default.
    int heartbeatInterval() const;
    /// See heartbeatInterval().
    int heartbeatTimeout() const;
    void setHeartbeat(DispatchMilliseconds interval, DispatchMilliseconds timeout);

    // Those with a bindable are followed by bindings of QProperty; what is told by one change comes
    // in one step, before the signals. The bindables are read-only.
    /// What is the case, whatever is wished.
    State state() const;
    QBindable<State> bindableState() const;
    /// Empty unless connected.
    QString clientId() const;
    QBindable<QString> bindableClientId() const;
    /// The shard that the client is in; empty unless connected.
    QString currentShardName() const;
    QBindable<QString> bindableCurrentShardName() const;
    /// All of the shard, this client included. Kept while the client recovers.
    QList<DispatchConnectedClient> connectedClients() const;
    /// Whether these may be out of date: the connection was lost, and the list has not come again.
    /// \since 0.1
    bool isConnectedClientsStale() const;
    /// The connected clients as a model, for views.
    DispatchClientsModel *clients() const;
    /// The users that they are, as a model: several connections of one user are one row. \since 0.1
    DispatchUsersModel *users() const;
    /// Half the last round trip to the server in ms; -1 while it is not known.
    double latency() const;
    QBindable<double> bindableLatency() const;
    /// The server's clock minus ours in ms: what is added to our time (Date.now()) is comparable to
    /// DispatchEventMetadata::serverTime. NaN while the server has not told its time, as in the
    /// base profile. Estimated from the greeting and events, to about half a round trip. \since 0.1
    double clockOffset() const;
    /// Ms until the next attempt; 0 unless Waiting. Told about four times a second.
    int nextRetryIn() const;
    /// Own events that have not arrived yet, or did not, as a model for views. Made when it is
    /// first asked for, without what failed before. From then on the server is asked to acknowledge
    /// each event at once. \since 0.1
    DispatchPendingEventsModel *pendingEvents() const;
    /// The number of events that wait for a connection.
    int queuedEvents() const;
    /// The last error; NoError after a successful join.
    DispatchError::Code error() const;
    /// Its sentence, which says what to do; empty with NoError.
    QString errorString() const;
    /// All that is known of it.
    DispatchError lastError() const;

    /// Wishes to be connected. The future ends with the info when the client has joined, with a
    /// DispatchError when it was refused for good or did not get through within
    /// connectTimeout(), and is cancelled (DispatchError::Cancelled) by disconnectFromServer().
    /// While connected, options that change nothing give the present info. With a shardName it is
    /// also the way to know when a move has come to its end.
    QFuture<DispatchConnectionInfo> connectToServer(const DispatchConnectOptions &options = {});
    /// Says good-bye and stops wishing. Queued events are dropped and reported. There is nothing to
    /// wait for: the state is Disconnected when it returns.
    void disconnectFromServer();
    /// Does not wait for nextRetryIn but tries at once, and gives Failed another chance. Does
    /// nothing in other states.
    Q_INVOKABLE void retryNow();

    /// As in the original API: \a config may have shardName, maxConnectionsPerShard (a number or
    /// text) and authorization.
    Q_INVOKABLE QFuture<DispatchConnectionInfo> connect(const QVariantMap &config);
    /// connectToServer(), under the name of the original API.
    QFuture<DispatchConnectionInfo> connect() { return connectToServer(); }
    /// disconnectFromServer(), under the name of the original API.
    Q_INVOKABLE void disconnect();

    /// Emits an event to all of the shard, this client included. Queued while not connected, as the
    /// queue policy says. May be called on any thread; then the answer is Queued, and the true
    /// one comes by signal.
    Q_INVOKABLE DispatchClient::SendStatus
    emitEvent(const QString &eventName,
              const QJsonValue &payload = QJsonValue(QJsonValue::Undefined));
    /// Emits an event to \a recipients alone: client ids, or user ids of identified clients, in any
    /// shard of the project. Unknown ones are skipped; an empty list reaches nobody.
#ifdef Q_MOC_RUN
    Q_INVOKABLE DispatchClient::SendStatus
    emitEvent(const QString &eventName, const QJsonValue &payload, const QStringList &recipients);
#else
    // For GCC 12 a QStringList could be made of {.ifDelayed = ...}, too; a template comes last.
    template<std::same_as<QStringList> Recipients = QStringList>
    SendStatus emitEvent(const QString &eventName, const QJsonValue &payload,
                         const std::type_identity_t<Recipients> &recipients);
#endif
    /// Emits an event as \a options say: to whom, and what is to become of it if it can't be sent
    /// at once, as in {.ifDelayed = DispatchEmitOptions::Drop}. Any thread may call it. \since 0.1
    SendStatus emitEvent(const QString &eventName, const QJsonValue &payload,
                         const DispatchEmitOptions &options);
    // {} could mean to nobody, or to all.
    SendStatus emitEvent(const QString &, const QJsonValue &, std::nullptr_t) = delete;
    /// Emits an event whose payload is a \a value of a type of the application. That is a Q_GADGET,
    /// whose properties it becomes; a type with a QJsonObject toJson() const; one that
    /// DispatchConverter is specialised for; a list of gadgets or of plain values; or a plain value
    /// that is no QJsonValue. One that JSON can't carry is refused (DispatchError::InvalidPayload).
    /// Any thread may call it. \since 0.1
    template<Dispatch::NoJson T>
    SendStatus emitEvent(const QString &eventName, const T &value,
                         const DispatchEmitOptions &options = {});

    /// Emits an event like emitEvent(), to all of the shard or to \a recipients, and tells what
    /// became of it. The future ends with the acknowledgement when the server has taken the event,
    /// and fails with a DispatchError: RefusedByServer with the server's reason; what emitEvent()
    /// refuses and eventDropped() reports; or FateUnknown, if it was sent and may have arrived or
    /// not, because the connection was lost or the server speaks the base profile
    /// (DispatchConnectionInfo::extended). May be called on any thread; the future ends on the
    /// client's. \since 0.1
    template<std::same_as<QStringList> Recipients = QStringList>
    QFuture<DispatchAcknowledgement>
    emitAcknowledged(const QString &eventName,
                     const QJsonValue &payload = QJsonValue(QJsonValue::Undefined),
                     const std::optional<std::type_identity_t<Recipients>> &recipients = {});
    /// The same as \a options say. What may be dropped (DispatchEmitOptions::Drop) is not
    /// acknowledged: InvalidOptions. \since 0.1
    QFuture<DispatchAcknowledgement> emitAcknowledged(const QString &eventName,
                                                      const QJsonValue &payload,
                                                      const DispatchEmitOptions &options);
    /// The same with a \a value as emitEvent() takes it. \since 0.1
    template<Dispatch::NoJson T>
    QFuture<DispatchAcknowledgement> emitAcknowledged(const QString &eventName, const T &value,
                                                      const DispatchEmitOptions &options = {});

    /// Emits an event that asks all others of the shard, or some, for a reply, which they give by
    /// onRequest(). Queued like others while not connected; one that waits still when its time is
    /// over is not sent, but what was lost on the way is sent again after a resume. The future
    /// always ends: with the first reply, or with a DispatchError: NoReply, when none came in time;
    /// NotSupported, where the base profile is spoken; FateUnknown, if the session was lost, and
    /// with it the way of the reply; Cancelled, by disconnectFromServer(), or Discarded, if it was
    /// not sent yet; QueueFull, if requestPolicy() allows no other one; or as that of
    /// emitAcknowledged(). on() and eventReceived() do not tell of replies. Whoever knows of the
    /// request can reply, see DispatchEventMetadata::senderId. Any thread may call it. \since 0.1
    QFuture<DispatchEvent> request(const QString &eventName,
                                   const QJsonValue &payload = QJsonValue(QJsonValue::Undefined),
                                   const DispatchRequestOptions &options = {});
    /// The same with a \a value as emitEvent() takes it, or a QJsonValue, as the payload, and the
    /// reply's payload as a Reply, which is what on<T>() takes for T. The future fails with
    /// DispatchError::UnreadablePayload if the reply is none. \since 0.1
    template<typename Reply = DispatchEvent, typename T = QJsonValue>
    QFuture<Reply> request(const QString &eventName,
                           const T &value = QJsonValue(QJsonValue::Undefined),
                           const DispatchRequestOptions &options = {});

    /// Answers requests named \a eventName, as long as \a context lives and the subscription is not
    /// undone. The handler takes what that of on() takes, and gives the reply's payload (a
    /// QJsonValue, or what emitEvent() takes as a value), or a QFuture of it. Nothing is answered
    /// if that is undefined, if the future fails or is cancelled, or if the handler throws. Of
    /// several handlers each answers. on() and eventReceived() tell of requests, too. Own ones are
    /// not answered, nor what was asked before this client came. \since 0.1
    template<typename Handler>
    DispatchSubscription onRequest(const QString &eventName, QObject *context, Handler &&handler);
    /// The same for a handler that takes what on<T>() hands over. A request whose payload is no T
    /// is reported like such an event, and not answered. \since 0.1
    template<typename T, typename Handler>
    DispatchSubscription onRequest(const QString &eventName, QObject *context, Handler &&handler);

    /// Tells the server who the user is, by a token that its verifier accepts; now if connected,
    /// and after each reconnect. An empty token forgets it: the server goes on taking this client
    /// for the user until the connection ends, and the next one is nobody's. A refusal comes as
    /// errorOccurred() with the reason "invalid_token". With a token provider, this token takes the
    /// place of the provider's until the provider is asked next, at the latest before the next
    /// attempt.
    Q_INVOKABLE void identify(const QString &token);

    /// Has \a provider asked for a token: before each attempt, when a token nears its end (if it is
    /// a JSON Web Token with `exp`: a tenth of its time before, but 30 s at least), and when the
    /// server refuses one. An attempt joins with it, in a header; while connected it is sent by
    /// IDENTIFY. If the join has an authorization of its own (connectToServer()), that says who may
    /// join, and the provider's token goes out by IDENTIFY.
    ///
    /// A provider that fails, throws, is cancelled, gives no token, or does not answer within
    /// tokenTimeout() is DispatchError::TokenUnavailable: an attempt ends with it, and the next
    /// one comes after the delay of reconnectPolicy(); a connection goes on, and the provider is
    /// asked again after such a delay. With a provider, a refused token is no reason to give up.
    /// Called on the client's thread, from its event loop; null removes the provider, as identify()
    /// does with an empty token. A provider that is set while connected is asked at once. \since
    /// 0.1
    void setTokenProvider(std::function<QFuture<QString>()> provider);
    /// The same with a \a provider that gives a token (QString), or a QFuture of one. When
    /// \a context is gone it is not called any more: that counts as failure, so that nobody joins
    /// without the token that he should have.
    template<typename Provider>
    void setTokenProvider(QObject *context, Provider &&provider);
    /// The same with a \a provider that gives a token.
    template<typename Provider>
    requires std::is_invocable_r_v < QString, std::decay_t<Provider>
    & > void setTokenProvider(Provider &&provider);
    /// Whether a token provider is set.
    bool hasTokenProvider() const;
    /// How long the token provider may take to answer, in ms; 10,000 by default. Is not part of
    /// attemptTimeout().
    int tokenTimeout() const;
    void setTokenTimeout(DispatchMilliseconds ms);

    /// Asks the server for the project's shards. Needs a url, but no connection.
    Q_INVOKABLE QFuture<QList<DispatchShardInfo>> info();

    /// Calls \a handler for each event named \a eventName, as long as \a context lives and the
    /// subscription is not undone. It takes a DispatchEvent, or a payload (QJsonValue, QJsonObject,
    /// QVariantMap, or by on<T>() a type of the application) and, if it wants it, a
    /// DispatchEventMetadata; or nothing.
    template<typename Handler>
    DispatchSubscription on(const QString &eventName, QObject *context, Handler &&handler);
    /// The same with the payload as a T: a Q_GADGET, whose properties are set from the keys of the
    /// same name; a type with a static T fromJson(const QJsonObject &), or a std::optional<T> of it
    /// that is empty for what it can't read; one that DispatchConverter is specialised for; a list
    /// of gadgets or of plain values; or a plain value. Keys that a gadget does not know are
    /// ignored; a property whose key is missing keeps its default, unless it is REQUIRED. What does
    /// not fit in any other way is not handed over at all: errorOccurred() tells it once an event
    /// (DispatchError::UnreadablePayload). \since 0.1
    template<typename T, typename Handler>
    DispatchSubscription on(const QString &eventName, QObject *context, Handler &&handler);

    /// \a text that others wrote, such as a name, as one line that can stand among others: without
    /// control characters, what turns text around and what can't be seen, with four marks on a
    /// letter at most, and cut to \a longest UTF-16 code units. It is plain text still, to be shown
    /// as such (Qt::PlainText, Text.PlainText): markup is left as it is. Can be called on any
    /// thread. \since 0.1
    Q_INVOKABLE static QString displayText(const QString &text, int longest = 1'000);

    /// \internal The type-erased form of on().
    DispatchSubscription subscribe(const QString &eventName, QObject *context,
                                   std::function<void(const DispatchEvent &)> handler);
    /// \internal That of onRequest().
    using RequestHandler = std::function<QFuture<QJsonValue>(const DispatchEvent &)>;
    /// \internal The type-erased form of onRequest().
    DispatchSubscription answerRequests(const QString &eventName, QObject *context,
                                        RequestHandler handler);

Q_SIGNALS:
    void urlChanged();
    void projectIdChanged();
    void shardNameChanged();
    void maxConnectionsPerShardChanged();
    void userInfoChanged();
    void activeChanged();
    void reconnectPolicyChanged();
    void queuePolicyChanged();
    void requestPolicyChanged();
    void allowInsecureChanged();
    void caFileChanged();
    void proxyChanged();
    void incomingLimitsChanged();
    void baseProfileOnlyChanged();
    void historyChanged();
    void networkHintsChanged();
    void stateChanged(DispatchClient::State state);
    void clientIdChanged();
    void currentShardNameChanged();
    void latencyChanged();
    /// The estimate has become another one. Not told when our own clock is set.
    void clockOffsetChanged();
    void nextRetryInChanged();
    void queuedEventsChanged();
    void errorChanged();

    /// The client has joined a shard, for the first time or again.
    void connected(const DispatchConnectionInfo &info);
    /// The connection was lost, and is not back after lossGrace() ms: now it is time to tell
    /// people. Not told of a client that is Failed by then; failed() is. \since 0.1
    void lostConnection();
    /// The connection that was lost, for however short a time, is back. Unless \a info says
    /// recovered, events may have been missed: what is shown has to be loaded anew. \since 0.1
    void connectionRestored(const DispatchConnectionInfo &info);
    /// The connection ended, by wish or not; \a error is NoError if by wish.
    void disconnected(const DispatchError &error);
    /// The client tries no more; the state is Failed. A new wish can help if \a error is retryable.
    void failed(const DispatchError &error);
    /// Anything that went wrong: a lost connection, a refused event, a refused token.
    void errorOccurred(const DispatchError &error);
    /// The list of connected clients, or something about one of them, changed.
    void connectedClientsChanged(const QList<DispatchConnectedClient> &clients);
    void connectedClientsStaleChanged();
    /// Any event but the platform's and replies. The payload is decoded if somebody is connected.
    void eventReceived(const QString &eventName, const QJsonValue &payload,
                       const DispatchEventMetadata &metadata);
    /// An event that was Queued, or that was not to wait, will not be sent; or one that was sent
    /// was refused by the server (RefusedByServer). \a error says why.
    void eventDropped(const QString &eventName, const QJsonValue &payload,
                      const DispatchError &error);
    /// An event that was Sent may have arrived or not: the connection was lost before the server
    /// had acknowledged it, and its session could not be resumed. Whether to emit it again is for
    /// the application to decide. Not told with a server that speaks the base profile. \since 0.1
    void eventUncertain(const QString &eventName, const QJsonValue &payload,
                        const DispatchError &error);

protected:
    /// \internal For front ends that take payloads of their own kinds: reports \a error like that
    /// of a refused event, and gives Refused.
    SendStatus refuseEvent(const DispatchError &error);

private:
    friend class DispatchEventModel;
    friend class DispatchSharedState;
    SendStatus refuseValue(const QString &eventName, const QString &why);
    void reportUnreadable(const QString &eventName, const QString &why);
    void setTokenProviderOf(QObject *context, std::function<QFuture<QString>()> provider);

    class Private;
    const std::shared_ptr<Private> d;
};

#include "dispatchclient_impl.h"

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "answers_p.h"
#include "bindablefacts_p.h"
#include "clientmessage_p.h"
#include "clockoffset_p.h"
#include "deletionguard_p.h"
#include "dispatchclient.h"
#include "dispatchclientsmodel.h"
#include "dispatchpendingeventsmodel.h"
#include "dispatchsharedstate.h"
#include "extendedreader_p.h"
#include "heartbeat_p.h"
#include "inbox_p.h"
#include "inflight_p.h"
#include "internednames_p.h"
#include "latestinfo_p.h"
#include "messagetext_p.h"
#include "outbox_p.h"
#include "outgoing_p.h"
#include "owneventwatcher_p.h"
#include "pace_p.h"
#include "presence_p.h"
#include "promises_p.h"
#include "requests_p.h"
#include "servermessage_p.h"
#include "session_p.h"
#include "sleepdetector_p.h"
#include "stream_p.h"
#include "subscriptions_p.h"
#include "timer_p.h"
#include "tokenkeeper_p.h"
#include "tokenquestion_p.h"
#include "transport_p.h"
#include "wiretap_p.h"
#include "wish_p.h"

#include <QtCore/qpointer.h>

#include <deque>
#include <utility>
#include <variant>

class QNetworkAccessManager;

namespace Dispatch {
class StateHub;
} // namespace Dispatch

/// What the client is made of, put together. Lives as long as somebody is inside of it, so that
/// any handler may delete the client: by then q is null and all is shut down.
class Q_DECL_HIDDEN DispatchClient::Private final
    : public Dispatch::TransportListener,
      public std::enable_shared_from_this<DispatchClient::Private> {
public:
    /// Keeps the parts alive while code of theirs is on the stack.
    class Hold {
    public:
        explicit Hold(Private *d)
            : m_d(d->shared_from_this())
            , m_scope(*m_d->m_guard)
        {
        }
        Q_DISABLE_COPY_MOVE(Hold)

    private:
        std::shared_ptr<Private> m_d;
        Dispatch::DeletionGuard::Scope m_scope;
    };

    using Wish = Dispatch::Wish;

    explicit Private(DispatchClient *client);
    void start();
    void shutDown();

    void notify(auto signal, const auto &...args)
    {
        if (q)
            Q_EMIT(q->*signal)(args...);
    }

    // The wish
    void setUrl(const QUrl &url);
    template<typename T, typename Signal>
    void setWish(T Wish::*member, const T &value, Signal signal)
    {
        if (std::exchange(wish.*member, value) == value)
            return;
        m_moveDue = true;
        scheduleStep();
        notify(signal);
    }
    void setActive(bool active);
    void retryNow();
    void setNetworkHints(bool heed);
    QFuture<DispatchConnectionInfo> connectTo(const DispatchConnectOptions &options);
    QFuture<QList<DispatchShardInfo>> requestInfo();

    // Outgoing (dispatchclient_outgoing.cpp)
    /// \a promise is of what becomes of the event, if somebody waits to hear it.
    SendStatus emitEvent(const QString &eventName, const QJsonValue &payload,
                         const DispatchEmitOptions &options,
                         const Dispatch::SharedPromise<DispatchAcknowledgement> &promise = {});
    SendStatus emitEvent(Dispatch::OutgoingEvent &&event, const QJsonValue &payload,
                         const DispatchEmitOptions &options,
                         const Dispatch::EmitDetails &details = {});
    void setUserInfo(const QJsonObject &info);
    void setQueuePolicy(const DispatchQueuePolicy &policy);
    void setReconnectPolicy(const DispatchReconnectPolicy &policy);
    void setHeartbeat(int interval, int timeout);
    void setIncomingLimits(const DispatchIncomingLimits &limits);
    void report(const DispatchError &newError);
    void reportUnreadable(const DispatchError &reason);

    // Events on their way, as models (dispatchclient_pending.cpp)
    DispatchPendingEventsModel *pendingEvents();
    /// Has \a watcher told of own events, those that are on their way among them.
    void watch(const std::shared_ptr<Dispatch::OwnEventWatcher> &watcher);
    void unwatch(const std::shared_ptr<Dispatch::OwnEventWatcher> &watcher);
    /// What retry() of a model does.
    void emitAgain(Dispatch::OutgoingEvent event);

    // Who the user is (dispatchclient_identity.cpp)
    void identify(const QString &token);
    void setTokenProvider(Dispatch::TokenProvider provider);
    void setTokenTimeout(int ms);

    // Requests and their replies (dispatchclient_requests.cpp)
    void request(const Dispatch::SharedPromise<DispatchEvent> &promise, const QString &eventName,
                 const QJsonValue &payload, const DispatchRequestOptions &options);
    DispatchSubscription answerRequests(const QString &eventName, QObject *context,
                                        RequestHandler handler);
    void setRequestPolicy(const DispatchRequestPolicy &policy);

    // The shared state (dispatchclient_state.cpp)
    /// Sets \a key to \a value, or removes it; \a promise is of what becomes of that.
    void changeState(const Dispatch::SharedPromise<DispatchAcknowledgement> &promise,
                     const QString &key, const std::optional<QJsonValue> &value,
                     const DispatchStateOptions &options);

    // Incoming (dispatchclient_incoming.cpp)
    DispatchSubscription subscribe(const QString &eventName, QObject *context,
                                   Dispatch::EventHandler handler);
    const QList<DispatchConnectedClient> &connectedClients();
    bool isPresenceStale();
    template<typename Model>
    Model *presenceModel(QPointer<Model> &model);

    int nextRetryIn() const;
    std::optional<double> clockOffset() const;

    DispatchClient *q;
    Wish wish;
    Dispatch::LatestInfo userInfo;
    std::optional<QSslConfiguration> sslConfiguration;
    DispatchIncomingLimits incomingLimits;
    QNetworkProxy proxy{QNetworkProxy::DefaultProxy};
    int attemptTimeout = 10'000;
    int connectTimeout = 30'000;
    int tokenTimeout = 10'000;
    int lossGrace = 2'000;
    bool baseProfileOnly = false;
    int history = 0;
    bool networkHints = true;
    Dispatch::TokenProvider tokenProvider;
    State state = Disconnected;
    DispatchConnectionInfo info;
    double latency = -1;
    Dispatch::BindableFacts bindable;
    DispatchError error;
    DispatchReconnectPolicy reconnectPolicy;
    DispatchRequestPolicy requestPolicy;
    Dispatch::Session session;
    Dispatch::Outbox outbox;
    Dispatch::Heartbeat heartbeat;
    QPointer<DispatchClientsModel> clients; ///< from when somebody wants it; users may delete it
    QPointer<DispatchUsersModel> users; ///< likewise
    Dispatch::StateHub *sharedState = nullptr;
    QNetworkAccessManager *network = nullptr;

private:
    // The session's life (dispatchclient_session.cpp, dispatchclient_transport.cpp)
    void perform(const Dispatch::SessionActions &actions);
    void run(const Dispatch::SessionAction &action);
    void setState(State newState);
    std::variant<QSslConfiguration, DispatchError> security() const;
    std::variant<Dispatch::TransportRequest, DispatchError> composeRequest() const;
    void beginAttempt();
    void openTransport(const QString &token);
    void dropTransport(bool politely);
    void sessionTimerFired();
    void countDown();
    void setError(const DispatchError &newError);
    void announceConnected();
    void endPendingConnects(const DispatchError &reason);
    void connectTimedOut();
    void armConnectTimer();
    void scheduleStep();
    void step();
    void beat();
    bool hasSlept(Dispatch::Milliseconds interval);
    void wokeUp();
    void probe();
    void followNetwork();
    void networkChanged();

    void transportOpened() override;
    void transportHeard() override;
    void transportMessage(const QString &text) override;
    void transportPong(const QByteArray &payload) override;
    void transportWritten() override;
    void transportRefused(const Dispatch::StatusLine &answer) override;
    void transportEnded(const Dispatch::Verdict &verdict) override;
    void end(const Dispatch::Verdict &verdict);

    // Outgoing
    bool canSendNow() const;
    bool sendPlatformEvent(std::string_view eventName, const QJsonObject &payload);
    void flush();
    void flushQueue();
    void ping();
    SendStatus submit(Dispatch::OutgoingEvent &&event);
    SendStatus enqueue(Dispatch::OutgoingEvent &&event);
    SendStatus drop(const Dispatch::OutgoingEvent &event);
    void reportDropped(const std::vector<Dispatch::Outbox::Dropped> &dropped);
    DispatchError errorOf(DispatchError::Code code, const Dispatch::OutgoingEvent &event) const;
    SendStatus refuse(const Dispatch::OutgoingEvent &event, const DispatchError &reason);
    void queueChanged();
    void expireQueue();

    // By the server's rates (dispatchclient_pace.cpp)
    void sendUserInfo();
    bool send(const std::string &message);
    bool isDue(const std::string &message);
    void goOnSending();
    void sendInFlightAgain();

    // What becomes of events (dispatchclient_delivery.cpp)
    enum class Abandoned { ByWish, ByLoss };
    bool hasRoomInFlight() const;
    bool isStuck(const Dispatch::Verdict &verdict);
    bool wantsAcknowledgement(const Dispatch::OutgoingEvent &event) const;
    DispatchError transmit(Dispatch::OutgoingEvent &event);
    void acknowledged(std::string_view payload);
    void emitRefused(std::uint64_t number, const DispatchError &reason);
    void settleResumed(const Dispatch::ReceivedGreeting &greeting);
    void abandonInFlight(Abandoned why);
    void settleAccepted(const std::vector<Dispatch::InFlight::Accepted> &accepted);
    void settleRefused(const Dispatch::OutgoingEvent &event, const DispatchError &reason);
    void settleUncertain(const Dispatch::OutgoingEvent &event, const DispatchError &reason);
    void settleFailed(const Dispatch::OutgoingEvent &event,
                      DispatchPendingEventsModel::Status status, const DispatchError &reason);
    void finishAwaited(const Dispatch::OutgoingEvent &event, std::uint64_t seq);
    void failAwaited(const Dispatch::OutgoingEvent &event, const DispatchError &reason);
    using EventSignal = decltype(&DispatchClient::eventDropped);
    void tell(EventSignal signal, const Dispatch::OutgoingEvent &event,
              const DispatchError &reason);

    // Events on their way, as models
    std::vector<std::pair<Dispatch::OutgoingEvent, DispatchPendingEventsModel::Status>>
    onTheirWay() const;
    bool isShowing() const { return !m_pending.isNull() || !m_watchers.empty(); }
    bool isFollowed(const Dispatch::OutgoingEvent &event) const;
    void show(const Dispatch::OutgoingEvent &event, DispatchPendingEventsModel::Status status,
              const DispatchError &reason = {});
    void showSent(std::uint64_t id, const Dispatch::OutgoingEvent &event);
    void showHandedOver(const std::vector<std::uint64_t> &ids);
    void showArrived(const std::vector<std::uint64_t> &ids);
    void showFailed(std::uint64_t id, DispatchPendingEventsModel::Status status,
                    const DispatchError &reason);
    void showGone(std::uint64_t id);
    void tellWatchers(auto tell) const;

    // Requests
    void takeReply(const Dispatch::ServerMessage &message);
    void failRequest(std::uint64_t ticket, const DispatchError &reason);
    void abandonRequests(Abandoned why);
    void expireRequests();
    void armRequestTimer();
    Dispatch::Subscriptions::BucketPointer
    handlersOfRequest(const Dispatch::ServerMessage &message) const;
    void answer(const DispatchEvent &request, const RequestHandler &handler);
    void reply(const DispatchEventMetadata &request, const QFuture<QJsonValue> &answer);

    // The shared state
    DispatchError compose(Dispatch::OutgoingEvent &event, QByteArray &text,
                          const std::optional<QJsonValue> &value,
                          const DispatchStateOptions &options) const;
    bool takeGreetedState(const Dispatch::ReceivedGreeting &greeting, bool goesOn);
    bool takeWholeState(std::string_view text);
    void deliverPlatformEvent(const Dispatch::ServerMessage &message);
    void takeState(std::string_view payload);
    void passEvent(std::uint64_t seq);
    void changeFailed(const Dispatch::OutgoingEvent &event, const DispatchError &reason);
    void settleChanges();
    void finishChanges();
    void announceState();
    void forgetState();

    // Identity
    void sendIdentity(const QString &token);
    QString tokenToIdentifyWith() const;
    void askForAttempt();
    void take(const Dispatch::TokenStep &step);
    void tokenRefused(const QString &reason);
    void checkToken();
    void armTokenTimer();

    // Incoming
    DispatchSubscription subscribeIn(Dispatch::Subscriptions &table, const QString &eventName,
                                     QObject *context, Dispatch::EventHandler handler);
    void scheduleTurn();
    void nextTurn();
    void process(const QString &text, Dispatch::Instant time);
    void greet(std::string_view payload, Dispatch::Instant time);
    void refused(std::string_view payload);
    void deliver(const Dispatch::ServerMessage &message, Dispatch::Instant time);
    QString outOfTurn(std::uint64_t seq) const;
    void callHandlers(const Dispatch::ServerMessage &message);
    DispatchEvent toEvent(const Dispatch::ServerMessage &message, const QString &name);
    void refreshPresence();
    void announcePresence();
    void presenceChanged();
    void presenceLost();
    void announceStaleness();
    void showStaleness();
    void complain(const char *what);
    static constexpr auto TooLongAList = "too long a list of connected clients (incomingLimits)";
    QString displayed(const QString &text) const;
    QStringList secrets() const;

    // The extended profile (dispatchclient_extended.cpp)
    QStringList subprotocols() const;
    bool speaksExtendedProfile() const;
    bool takeExtendedGreeting(const Dispatch::ReceivedGreeting &greeting, bool goesOn);
    bool countsAsWeDo(const Dispatch::ReceivedGreeting &greeting, bool goesOn) const;
    bool goesOnWith(const Dispatch::ReceivedGreeting &greeting) const;
    void loseThread(const QString &why);
    void applyPresence(std::string_view payload);
    void clockOffsetChanged();
    void describeSender(const Dispatch::EventDetails &details, DispatchEventMetadata &metadata);

    // Losses of the connection, as people see them (dispatchclient_loss.cpp)
    void noteLoss();
    void graceOver();
    void sessionOver();
    void noteReturn();
    void forgetLoss();

    // What is around the client (dispatchclient_environment.cpp)
    void lookAround(const QUrl &url);
    Dispatch::Moment moment() const;
    Dispatch::Instant now() const;
    double randomShare() const;
    std::unique_ptr<Dispatch::Transport> makeTransport();
    Dispatch::Timer *makeTimer(Dispatch::Timer::Kind kind, void (Private::*slot)(),
                               Qt::TimerType type = Qt::CoarseTimer);

    /// Of the timers and the model, which may be what called the handler that destroys the client.
    const Dispatch::DeletionGuard::Pointer m_guard = std::make_shared<Dispatch::DeletionGuard>();
    std::shared_ptr<Dispatch::Environment> m_environment; ///< null: the machine and its network
    std::unique_ptr<Dispatch::Transport> m_transport;
    Dispatch::WireTap *const m_tap;
    Wish m_joinedWish; ///< of the last attempt
    QString m_token; ///< of identify()
    Dispatch::TokenKeeper m_tokens;
    Dispatch::TokenQuestion m_tokenQuestion{m_guard};
    bool m_moveDue = false; ///< the wish may have changed since the last attempt
    bool m_openDue = false;
    bool m_stepDue = false;
    bool m_flushed = false; ///< identity, user info and queue had their turn on this connection

    std::deque<Dispatch::SessionAction> m_actions;
    bool m_performing = false;
    std::vector<Dispatch::PendingConnect> m_connects;
    DispatchConnectionInfo m_greeting;

    Dispatch::Inbox m_inbox;
    std::optional<Dispatch::Verdict> m_endDue; ///< it ended, but not all of it is worked off
    bool m_paused = false;
    bool m_working = false;
    QMetaObject::Connection m_turnWatch;
    QMetaObject::Connection m_networkWatch;
    Dispatch::ServerMessageParser m_parser;
    Dispatch::MessageText m_text;
    DispatchError m_lastRefusal; ///< that ends the connection
    std::optional<Dispatch::Milliseconds> m_retryAfter; ///< that came with it
    bool m_complained = false; ///< about this connection

    Dispatch::SleepDetector m_sleep; ///< while connected, or waiting for the next attempt
    Dispatch::Stream m_stream; ///< of the extended profile
    Dispatch::ClockOffset m_clockOffset;
    bool m_clockOffsetDirty = false;
    bool m_offeredSession = false; ///< in the present attempt
    bool m_isLost = false; ///< the connection is, and will come back
    /// After its loss; nobody can resume the session later than that.
    Dispatch::Milliseconds m_sessionKeptFor{0};
    Dispatch::Pace m_pace;
    Dispatch::InFlight m_inFlight;
    std::uint64_t m_nextAgain = 0; ///< the first in flight to be sent again; 0: none is
    Dispatch::MessageLimits m_messageLimits; ///< of the server
    std::uint64_t m_lastNext = 0; ///< the first in flight when a connection ended last
    int m_endsAtNext = 0; ///< how often in a row the server has ended one over it
    QHash<std::uint64_t, Dispatch::SharedPromise<DispatchAcknowledgement>> m_awaited; ///< by event
    std::uint64_t m_lastEventId = 0;
    std::uint64_t m_delivery = 0; ///< counts the events that were handed to handlers
    std::uint64_t m_unreadableDelivery = 0; ///< the last that was told to be unreadable
    QPointer<DispatchPendingEventsModel> m_pending; ///< null until somebody asks for it
    std::vector<std::weak_ptr<Dispatch::OwnEventWatcher>> m_watchers;
    Dispatch::InternedNames m_senders;

    std::uint64_t m_stateKeys = 0; ///< that the shared state may have; 0: there is none
    bool m_isStateNew = false; ///< all of it may be different, and nobody was told yet
    QStringList m_stateNews; ///< keys, likewise
    QList<std::pair<QString, DispatchError>> m_failedChanges; ///< of keys, likewise

    Dispatch::Requests m_requests;
    QHash<std::uint64_t, Dispatch::SharedPromise<DispatchEvent>> m_replies; ///< by ticket
    Dispatch::Subscriptions m_requestHandlers;
    Dispatch::Answers m_answers{m_guard};

    Dispatch::Subscriptions m_subscriptions;
    Dispatch::Presence m_presence;
    std::optional<std::string> m_newPresence; ///< came, but nobody looked at it yet
    bool m_presenceDirty = false;
    QList<DispatchConnectedClient> m_announcedClients;
    bool m_presenceStale = false; ///< what it says is from before the connection was lost
    bool m_announcedStale = false;
    bool m_shownStale = false; ///< by the models
    qsizetype m_announcedQueue = 0;

    Dispatch::Timer *m_sessionTimer = nullptr;
    Dispatch::Timer *m_heartbeatTimer = nullptr;
    Dispatch::Timer *m_expiryTimer = nullptr;
    Dispatch::Timer *m_paceTimer = nullptr;
    Dispatch::Timer *m_userInfoTimer = nullptr;
    Dispatch::Timer *m_countdownTimer = nullptr;
    Dispatch::Timer *m_connectTimer = nullptr;
    Dispatch::Timer *m_turnTimer = nullptr;
    Dispatch::Timer *m_tokenTimer = nullptr;
    Dispatch::Timer *m_graceTimer = nullptr;
    Dispatch::Timer *m_staleTimer = nullptr;
    Dispatch::Timer *m_sessionEndTimer = nullptr;
    Dispatch::Timer *m_requestTimer = nullptr;
    std::vector<Dispatch::Timer *> m_timers;
};

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatchclient.h"
#include "dispatchclientsmodel.h"
#include "jsengine_p.h"
#include "valuetypes.h"

#include <QtQml/qjsvalue.h>
#include <QtQml/qqmllist.h>
#include <QtQml/qqmlparserstatus.h>

#include <optional>
#include <variant>
#include <vector>

namespace Dispatch {

/// DispatchClient as QML sees it: promises for futures, functions for handlers, JavaScript values
/// for payloads, and nothing happens before the component is complete.
class QmlClient : public DispatchClient, public QQmlParserStatus {
    Q_OBJECT
    Q_INTERFACES(QQmlParserStatus)
    Q_PROPERTY(bool active READ wantsActive WRITE setWantsActive NOTIFY activeChanged)
    Q_PROPERTY(QJSValue userInfo READ jsUserInfo WRITE setUserInfo NOTIFY userInfoChanged)
    Q_PROPERTY(QJSValue connectedClients READ connectedClientList NOTIFY connectedClientsChanged)
    Q_PROPERTY(double attemptTimeout READ attemptTimeout WRITE setAttemptTimeout NOTIFY
                   attemptTimeoutChanged)
    Q_PROPERTY(double connectTimeout READ connectTimeout WRITE setConnectTimeout NOTIFY
                   connectTimeoutChanged)
    Q_PROPERTY(QUrl proxy READ proxyUrl WRITE setProxyUrl NOTIFY proxyChanged)
    Q_PROPERTY(double lossGrace READ lossGrace WRITE setLossGrace NOTIFY lossGraceChanged)
    Q_PROPERTY(QJSValue tokenProvider READ tokenProvider WRITE setTokenProvider NOTIFY
                   tokenProviderChanged)
    Q_PROPERTY(
        double tokenTimeout READ tokenTimeout WRITE setTokenTimeout NOTIFY tokenTimeoutChanged)
    Q_PROPERTY(QQmlListProperty<QObject> data READ data)
    Q_CLASSINFO("DefaultProperty", "data")
    QML_NAMED_ELEMENT(DispatchClient)

public:
    explicit QmlClient(QObject *parent = nullptr);
    ~QmlClient() override;

    void classBegin() override;
    void componentComplete() override;

    bool wantsActive() const;
    void setWantsActive(bool active);
    QJSValue jsUserInfo() const;
    QJSValue connectedClientList();
    // Times are numbers of JavaScript: as an int what has no end would be 0.
    void setAttemptTimeout(double ms);
    void setConnectTimeout(double ms);
    /// The proxy as http://[user:password@]host:port or socks5://...; "direct:" for none, empty for
    /// that of the application or the system. Another text is an error, and changes nothing.
    QUrl proxyUrl() const;
    void setProxyUrl(const QUrl &url);
    void setLossGrace(double ms);
    /// A token, or a function that gives one, or a promise of one; see
    /// DispatchClient::setTokenProvider(). Undefined, null and an empty text are no provider. A
    /// text that changes while connected is sent at once.
    QJSValue tokenProvider() const;
    void setTokenProvider(const QJSValue &provider);
    void setTokenTimeout(double ms);
    QQmlListProperty<QObject> data();

    /// What is sent is what JSON.stringify makes of \a userInfo.
    Q_INVOKABLE void setUserInfo(const QJSValue &userInfo);

    /// Promise of an object with what DispatchConnectionInfo has; \a config may have shardName,
    /// maxConnectionsPerShard and authorization. Rejected with {code, message, reason, retryable,
    /// retryAfter}; the last is in ms, or -1.
    Q_INVOKABLE QJSValue connect(const QJSValue &config = {});
    Q_INVOKABLE void disconnect();

    /// What is sent is what JSON.stringify makes of \a payload. \a recipientsOrOptions is an array
    /// of ids, [] being nobody, or an object with what DispatchEmitOptions have; without recipients
    /// the event goes to all of the shard.
    Q_INVOKABLE DispatchClient::SendStatus emitEvent(const QString &eventName,
                                                     const QJSValue &payload = {},
                                                     const QJSValue &recipientsOrOptions = {});

    /// The same with a promise of {sequence}, which ends when the server has taken the event, or is
    /// rejected as the future of DispatchClient::emitAcknowledged() fails.
    Q_INVOKABLE QJSValue emitAcknowledged(const QString &eventName, const QJSValue &payload = {},
                                          const QJSValue &recipientsOrOptions = {});

    /// Asks the shard, or those whom \a options name, for a reply: a promise of {payload,
    /// metadata}, or rejected as the future of DispatchClient::request() fails. \a options may have
    /// recipients (an array of ids) and timeout (ms).
    Q_INVOKABLE QJSValue request(const QString &eventName, const QJSValue &payload = {},
                                 const QJSValue &options = {});

    /// Answers requests named \a eventName by what \a handler gives for (payload, metadata), or by
    /// what the promise that it gives is fulfilled with. Undefined, something thrown and a promise
    /// that is rejected answer nothing; see DispatchClient::onRequest(). Gives a function that
    /// undoes it, and takes a \a context as on() does.
    Q_INVOKABLE QJSValue onRequest(const QString &eventName, const QJSValue &handler,
                                   QObject *context = nullptr);

    /// Promise of [{shardName, numConnectedClients}].
    Q_INVOKABLE QJSValue info();

    /// Calls \a handler with (payload, metadata) for each event named \a eventName; gives a
    /// function that undoes it. The handler is for the client's life, or for that of \a context
    /// if one is given: a page that goes before the client should give itself, or use EventHandler.
    Q_INVOKABLE QJSValue on(const QString &eventName, const QJSValue &handler,
                            QObject *context = nullptr);

Q_SIGNALS:
    void attemptTimeoutChanged();
    void connectTimeoutChanged();
    void lossGraceChanged();
    void tokenProviderChanged();
    void tokenTimeoutChanged();
    void connectedClientsChanged(const QJSValue &clients);

private:
    /// What has to wait until the component is complete, and who waits for it.
    struct Deferred {
        JsPromise promise;
        std::function<void()> action;
    };

    void whenComplete(const JsPromise &promise, std::function<void()> action);
    /// What emitEvent() is given, as values that DispatchClient takes.
    struct Emission {
        QJsonValue payload;
        DispatchEmitOptions options;
    };
    std::variant<Emission, DispatchError> read(const QString &eventName, const QJSValue &payload,
                                               const QJSValue &recipientsOrOptions) const;
    QJSValue rejected(const JsPromise &promise, const DispatchError &reason);
    void callHandler(JsEngine *js, const QJSValue &caller, const DispatchEvent &event);
    QFuture<QJsonValue> askHandler(const QJSValue &handler, const QJSValueList &arguments,
                                   const QString &eventName);
    void warnOf(const QJSValue &thrown, const QString &eventName) const;
    bool isHandler(const QJSValue &handler, const QString &method) const;
    QFuture<QString> askTokenProvider();

    static void appendChild(QQmlListProperty<QObject> *list, QObject *child);
    static qsizetype childCount(QQmlListProperty<QObject> *list);
    static QObject *childAt(QQmlListProperty<QObject> *list, qsizetype index);
    static void clearChildren(QQmlListProperty<QObject> *list);

    QUrl m_proxyUrl;
    QJSValue m_tokenProvider;
    bool m_complete = true; ///< unless a component is making it
    bool m_wantsActive = false;
    std::vector<Deferred> m_afterCompletion;
    QObjectList m_children;
    QList<DispatchConnectedClient> m_listedClients; ///< that m_clientList was made of
    QJSValue m_clientList;
};

} // namespace Dispatch

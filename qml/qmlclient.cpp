// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "qmlclient.h"

#include "../src/threadcheck/threadcheck_p.h"
#include "jsengine_p.h"
#include "jsfuture_p.h"
#include "jsoptions_p.h"
#include "jsundo_p.h"
#include "policybounds_p.h"

#include <QtQml/qjsengine.h>
#include <QtQml/qqmlinfo.h>

#include <cmath>
#include <utility>

using namespace Qt::StringLiterals;

namespace Dispatch {

namespace {

/// The proxy that \a url stands for; nothing if it stands for none.
std::optional<QNetworkProxy> toProxy(const QUrl &url)
{
    if (url.isEmpty())
        return QNetworkProxy(QNetworkProxy::DefaultProxy);
    if (url == QUrl(u"direct:"_s))
        return QNetworkProxy(QNetworkProxy::NoProxy);
    const bool isHttp = url.scheme() == "http"_L1;
    if (url.host().isEmpty() || url.port() < 1 || (!isHttp && url.scheme() != "socks5"_L1))
        return std::nullopt;
    return QNetworkProxy(isHttp ? QNetworkProxy::HttpProxy : QNetworkProxy::Socks5Proxy, url.host(),
                         quint16(url.port()), url.userName(QUrl::FullyDecoded),
                         url.password(QUrl::FullyDecoded));
}

/// The time that \a client is given as its \a property; nothing, and a warning, if it is none.
std::optional<DispatchMilliseconds> toTime(const QmlClient *client, const char *property, double ms,
                                           int present)
{
    if (std::isfinite(ms))
        return DispatchMilliseconds(std::chrono::duration<double, std::milli>(ms));
    qmlWarning(client).noquote() << nonsense(QLatin1StringView(property), QString::number(ms),
                                             u"a number of ms"_s, QString::number(present));
    return std::nullopt;
}

QJSValue toJs(QJSEngine *engine, const DispatchConnectionInfo &info)
{
    QJSValue object = engine->newObject();
    object.setProperty(u"clientId"_s, info.clientId);
    object.setProperty(u"shardName"_s, info.shardName);
    object.setProperty(u"extended"_s, info.extended);
    object.setProperty(u"recovered"_s, info.recovered);
    object.setProperty(u"epoch"_s, info.epoch);
    object.setProperty(u"sequence"_s, double(info.sequence));
    return object;
}

QJSValue toJs(QJSEngine *engine, const QList<DispatchShardInfo> &shards)
{
    QJSValue array = engine->newArray(uint(shards.size()));
    for (qsizetype i = 0; i < shards.size(); ++i) {
        QJSValue object = engine->newObject();
        object.setProperty(u"shardName"_s, shards[i].shardName);
        object.setProperty(u"numConnectedClients"_s, shards[i].numConnectedClients);
        array.setProperty(quint32(i), object);
    }
    return array;
}

QJSValue toJs(QJSEngine *engine, const QList<DispatchConnectedClient> &clients)
{
    QJSValue array = engine->newArray(uint(clients.size()));
    for (qsizetype i = 0; i < clients.size(); ++i) {
        const DispatchConnectedClient &client = clients[i];
        QJSValue object = engine->newObject();
        object.setProperty(u"clientId"_s, client.clientId);
        object.setProperty(u"userId"_s, client.userId);
        object.setProperty(u"lastPing"_s, engine->toScriptValue(client.lastPing));
        object.setProperty(u"userInfo"_s, engine->toScriptValue(client.userInfo));
        object.setProperty(u"isSelf"_s, client.isSelf);
        array.setProperty(quint32(i), object);
    }
    return array;
}

} // namespace

QmlClient::QmlClient(QObject *parent)
    : DispatchClient(parent)
{
    QObject::connect(this, &DispatchClient::connectedClientsChanged, this, [this] {
        static const auto signal = QMetaMethod::fromSignal(&QmlClient::connectedClientsChanged);
        if (isSignalConnected(signal))
            Q_EMIT connectedClientsChanged(connectedClientList());
    });
}

QmlClient::~QmlClient() = default;

void QmlClient::classBegin()
{
    m_complete = false;
}

void QmlClient::componentComplete()
{
    m_complete = true;
    // Whoever hears of what begins now may delete this.
    const QPointer<QObject> self(this);
    if (m_wantsActive)
        setActive(true);
    if (!self)
        return;
    for (const Deferred &deferred : std::exchange(m_afterCompletion, {})) {
        if (self)
            deferred.action();
    }
}

void QmlClient::whenComplete(const JsPromise &promise, std::function<void()> action)
{
    if (m_complete)
        action();
    else
        m_afterCompletion.push_back({promise, std::move(action)});
}

bool QmlClient::wantsActive() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return m_complete ? isActive() : m_wantsActive;
}

void QmlClient::setWantsActive(bool active)
{
    requireThreadOf(this, Q_FUNC_INFO);
    if (m_complete)
        return setActive(active);
    if (std::exchange(m_wantsActive, active) != active)
        Q_EMIT activeChanged();
}

QJSValue QmlClient::jsUserInfo() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    QJSEngine *engine = qjsEngine(this);
    return engine ? engine->toScriptValue(userInfo()) : QJSValue();
}

QJSValue QmlClient::connectedClientList()
{
    requireThreadOf(this, Q_FUNC_INFO);
    QJSEngine *engine = qjsEngine(this);
    if (!engine)
        return {};
    const QList<DispatchConnectedClient> clients = connectedClients();
    if (!m_clientList.isArray() || !clients.isSharedWith(m_listedClients)) {
        m_clientList = toJs(engine, clients);
        m_listedClients = clients;
    }
    return m_clientList;
}

void QmlClient::setAttemptTimeout(double ms)
{
    requireThreadOf(this, Q_FUNC_INFO);
    const int before = attemptTimeout();
    if (const auto time = toTime(this, "attemptTimeout", ms, before))
        DispatchClient::setAttemptTimeout(*time);
    if (attemptTimeout() != before)
        Q_EMIT attemptTimeoutChanged();
}

void QmlClient::setConnectTimeout(double ms)
{
    requireThreadOf(this, Q_FUNC_INFO);
    const int before = connectTimeout();
    if (const auto time = toTime(this, "connectTimeout", ms, before))
        DispatchClient::setConnectTimeout(*time);
    if (connectTimeout() != before)
        Q_EMIT connectTimeoutChanged();
}

QUrl QmlClient::proxyUrl() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return m_proxyUrl;
}

void QmlClient::setProxyUrl(const QUrl &url)
{
    requireThreadOf(this, Q_FUNC_INFO);
    const auto proxy = toProxy(url);
    if (!proxy) {
        refuseEvent({DispatchError::InvalidParameters,
                     u"proxy is http://host:port, socks5://host:port, direct: or empty."_s});
        return;
    }
    m_proxyUrl = url;
    setProxy(*proxy);
}

void QmlClient::setLossGrace(double ms)
{
    requireThreadOf(this, Q_FUNC_INFO);
    const int before = lossGrace();
    if (const auto time = toTime(this, "lossGrace", ms, before))
        DispatchClient::setLossGrace(*time);
    if (lossGrace() != before)
        Q_EMIT lossGraceChanged();
}

QJSValue QmlClient::tokenProvider() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return m_tokenProvider;
}

void QmlClient::setTokenProvider(const QJSValue &provider)
{
    requireThreadOf(this, Q_FUNC_INFO);
    if (m_tokenProvider.strictlyEquals(provider))
        return;
    m_tokenProvider = provider;
    if (isMissing(provider) || (provider.isString() && provider.toString().isEmpty()))
        DispatchClient::setTokenProvider(nullptr);
    else
        DispatchClient::setTokenProvider([this] { return askTokenProvider(); });
    Q_EMIT tokenProviderChanged();
}

QFuture<QString> QmlClient::askTokenProvider()
{
    JsEngine *js = JsEngine::of(this);
    if (!js || (!m_tokenProvider.isCallable() && !m_tokenProvider.isString()))
        throw DispatchError(DispatchError::TokenUnavailable,
                            u"tokenProvider is neither a text nor a function"_s, true);
    const auto promise = startPromise<QString>();
    const auto unavailable = [](const QString &why) {
        return DispatchError(DispatchError::TokenUnavailable, why, true);
    };
    // The copy outlives another provider that this one may set.
    js->ask(
        QJSValue(m_tokenProvider), {},
        [promise, unavailable](const QJSValue &text) {
            if (text.isString())
                promise->addResult(text.toString());
            else
                promise->setException(unavailable(u"it gave something that is no text"_s));
            promise->finish();
        },
        [promise, unavailable](const QJSValue &reason) {
            promise->setException(unavailable(
                isMissing(reason) ? u"it was rejected without a reason"_s : reason.toString()));
            promise->finish();
        });
    return promise->future();
}

void QmlClient::setTokenTimeout(double ms)
{
    requireThreadOf(this, Q_FUNC_INFO);
    const int before = tokenTimeout();
    if (const auto time = toTime(this, "tokenTimeout", ms, before))
        DispatchClient::setTokenTimeout(*time);
    if (tokenTimeout() != before)
        Q_EMIT tokenTimeoutChanged();
}

QJSValue QmlClient::connect(const QJSValue &config)
{
    requireThreadOf(this, Q_FUNC_INFO);
    JsEngine *js = JsEngine::of(this);
    if (!js)
        return {};
    const JsPromise promise = js->makePromise();
    const QVariant options = config.toVariant();
    if (!isMissing(config) && options.typeId() != QMetaType::QVariantMap) {
        promise.reject.call({js->makeError(
            {DispatchError::InvalidParameters,
             u"connect() takes an object: { shardName, maxConnectionsPerShard, authorization }."_s})});
        return promise.promise;
    }
    whenComplete(promise, [this, js, promise, options = options.toMap()] {
        settle(
            promise, this, js, [&] { return DispatchClient::connect(options); },
            [](JsEngine &in, const auto &info) { return toJs(in.engine(), info); });
    });
    return promise.promise;
}

void QmlClient::disconnect()
{
    requireThreadOf(this, Q_FUNC_INFO);
    if (m_complete)
        return disconnectFromServer();
    if (JsEngine *js = JsEngine::of(this)) {
        const QJSValue error = js->makeError({DispatchError::Cancelled, u"Told to disconnect."_s});
        for (const Deferred &deferred : std::exchange(m_afterCompletion, {}))
            deferred.promise.reject.call({error});
    }
    setWantsActive(false);
}

QJSValue QmlClient::info()
{
    requireThreadOf(this, Q_FUNC_INFO);
    JsEngine *js = JsEngine::of(this);
    if (!js)
        return {};
    const JsPromise promise = js->makePromise();
    whenComplete(promise, [this, js, promise] {
        settle(
            promise, this, js, [this] { return DispatchClient::info(); },
            [](JsEngine &in, const auto &shards) { return toJs(in.engine(), shards); });
    });
    return promise.promise;
}

QJSValue QmlClient::on(const QString &eventName, const QJSValue &handler, QObject *context)
{
    requireThreadOf(this, Q_FUNC_INFO);
    JsEngine *js = JsEngine::of(this);
    if (!js)
        return {};
    if (!isHandler(handler, u"on"_s))
        return {};
    const auto subscription =
        subscribe(eventName, context ? context : this,
                  [this, js = QPointer(js),
                   caller = js->caller(handler, eventName)](const DispatchEvent &event) {
                      if (js)
                          callHandler(js, caller, event);
                  });
    return js->makeUndo(new JsUndo(subscription));
}

void QmlClient::callHandler(JsEngine *js, const QJSValue &caller, const DispatchEvent &event)
{
    // The handler may delete the client. What it can't delete is itself: the subscription that
    // holds it outlives the call, also if it is undone meanwhile.
    const QPointer<QmlClient> self(this);
    const QJSValue result = js->call(caller, event);
    if (result.isError() && self)
        warnOf(result, event.name());
}

void QmlClient::warnOf(const QJSValue &thrown, const QString &eventName) const
{
    const QString where = thrown.isError()
        ? u"%1:%2: "_s.arg(thrown.property(u"fileName"_s).toString(),
                           thrown.property(u"lineNumber"_s).toString())
        : QString();
    qmlWarning(this) << "handler of '" << eventName << "': " << where << thrown.toString();
}

/// Throws in JavaScript if \a handler, which \a method was given, is none.
bool QmlClient::isHandler(const QJSValue &handler, const QString &method) const
{
    if (handler.isCallable())
        return true;
    qjsEngine(this)->throwError(QJSValue::TypeError,
                                u"%1(eventName, handler) needs a function"_s.arg(method));
    return false;
}

QQmlListProperty<QObject> QmlClient::data()
{
    requireThreadOf(this, Q_FUNC_INFO);
    return {this, nullptr, appendChild, childCount, childAt, clearChildren};
}

void QmlClient::appendChild(QQmlListProperty<QObject> *list, QObject *child)
{
    if (!child)
        return;
    auto *self = static_cast<QmlClient *>(list->object);
    if (!child->parent())
        child->setParent(self);
    self->m_children.append(child);
    QObject::connect(child, &QObject::destroyed, self,
                     [self, child] { self->m_children.removeAll(child); });
}

qsizetype QmlClient::childCount(QQmlListProperty<QObject> *list)
{
    return static_cast<QmlClient *>(list->object)->m_children.size();
}

QObject *QmlClient::childAt(QQmlListProperty<QObject> *list, qsizetype index)
{
    return static_cast<QmlClient *>(list->object)->m_children.value(index);
}

void QmlClient::clearChildren(QQmlListProperty<QObject> *list)
{
    static_cast<QmlClient *>(list->object)->m_children.clear();
}

} // namespace Dispatch

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "dispatchclient.h"

#include "../threadcheck/threadcheck_p.h"
#include "dispatchclient_p.h"
#include "dispatchclientlog_p.h"
#include "displaytext_p.h"
#include "limits_p.h"

#include <QtCore/qthread.h>

using namespace Qt::StringLiterals;
using Dispatch::Bounds;
using Dispatch::requireThreadOf;
using Dispatch::requireThreadOfDying;
using Dispatch::usable;

namespace {

/// What connect() of the original API may be given: a number, or text that is one.
std::optional<int> toNumber(const QVariant &value)
{
    bool ok = false;
    const double number = value.toDouble(&ok);
    if (!ok || number != int(number))
        return std::nullopt;
    return int(number);
}

bool isGiven(const QVariantMap &config, const QString &key)
{
    const QVariant value = config.value(key);
    return value.isValid() && !value.isNull();
}

} // namespace

DispatchClient::DispatchClient(QObject *parent)
    : QObject(parent)
    , d(std::make_shared<Private>(this))
{
    d->start();
}

DispatchClient::~DispatchClient()
{
    requireThreadOfDying(this, Q_FUNC_INFO);
    d->shutDown();
}

QUrl DispatchClient::url() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return d->wish.url;
}

void DispatchClient::setUrl(const QUrl &url)
{
    requireThreadOf(this, Q_FUNC_INFO);
    const Private::Hold hold(d.get());
    d->setUrl(url);
}

QString DispatchClient::projectId() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return d->wish.projectId;
}

void DispatchClient::setProjectId(const QString &projectId)
{
    requireThreadOf(this, Q_FUNC_INFO);
    d->setWish(&Private::Wish::projectId, projectId, &DispatchClient::projectIdChanged);
}

QString DispatchClient::shardName() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return d->wish.shardName;
}

void DispatchClient::setShardName(const QString &shardName)
{
    requireThreadOf(this, Q_FUNC_INFO);
    d->setWish(&Private::Wish::shardName, shardName, &DispatchClient::shardNameChanged);
}

int DispatchClient::maxConnectionsPerShard() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return d->wish.maxConnectionsPerShard;
}

void DispatchClient::setMaxConnectionsPerShard(int maximum)
{
    requireThreadOf(this, Q_FUNC_INFO);
    const Bounds bounds{"maxConnectionsPerShard"_L1, 1,
                        Dispatch::Limits::MaximumConnectionsPerShard};
    d->setWish(&Private::Wish::maxConnectionsPerShard,
               usable(this, maximum, d->wish.maxConnectionsPerShard, bounds),
               &DispatchClient::maxConnectionsPerShardChanged);
}

QJsonObject DispatchClient::userInfo() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return d->userInfo.newest();
}

void DispatchClient::setUserInfo(const QJsonObject &userInfo)
{
    requireThreadOf(this, Q_FUNC_INFO);
    const Private::Hold hold(d.get());
    d->setUserInfo(userInfo);
}

bool DispatchClient::isActive() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return d->session.isActive();
}

void DispatchClient::setActive(bool active)
{
    requireThreadOf(this, Q_FUNC_INFO);
    const Private::Hold hold(d.get());
    d->setActive(active);
}

DispatchReconnectPolicy DispatchClient::reconnectPolicy() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return d->reconnectPolicy;
}

void DispatchClient::setReconnectPolicy(const DispatchReconnectPolicy &policy)
{
    requireThreadOf(this, Q_FUNC_INFO);
    d->setReconnectPolicy(policy);
}

DispatchQueuePolicy DispatchClient::queuePolicy() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return d->outbox.policy();
}

void DispatchClient::setQueuePolicy(const DispatchQueuePolicy &policy)
{
    requireThreadOf(this, Q_FUNC_INFO);
    const Private::Hold hold(d.get());
    d->setQueuePolicy(policy);
}

int DispatchClient::attemptTimeout() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return d->attemptTimeout;
}

void DispatchClient::setAttemptTimeout(DispatchMilliseconds ms)
{
    requireThreadOf(this, Q_FUNC_INFO);
    d->attemptTimeout = usable<int>(this, ms, d->attemptTimeout, Bounds{"attemptTimeout"_L1, 1});
    d->session.setAttemptTimeout(Dispatch::Milliseconds(d->attemptTimeout));
}

int DispatchClient::connectTimeout() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return d->connectTimeout;
}

void DispatchClient::setConnectTimeout(DispatchMilliseconds ms)
{
    requireThreadOf(this, Q_FUNC_INFO);
    d->connectTimeout = usable<int>(this, ms, d->connectTimeout, Bounds{"connectTimeout"_L1, 1});
}

int DispatchClient::heartbeatInterval() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return int(d->heartbeat.interval().count());
}

int DispatchClient::heartbeatTimeout() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return int(d->heartbeat.timeout().count());
}

void DispatchClient::setHeartbeat(DispatchMilliseconds interval, DispatchMilliseconds timeout)
{
    requireThreadOf(this, Q_FUNC_INFO);
    d->setHeartbeat(interval, timeout);
}

DispatchClient::State DispatchClient::state() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return d->bindable.state;
}

QBindable<DispatchClient::State> DispatchClient::bindableState() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return &std::as_const(d->bindable.state);
}

QString DispatchClient::clientId() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return d->bindable.clientId;
}

QBindable<QString> DispatchClient::bindableClientId() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return &std::as_const(d->bindable.clientId);
}

QString DispatchClient::currentShardName() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return d->bindable.shardName;
}

QBindable<QString> DispatchClient::bindableCurrentShardName() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return &std::as_const(d->bindable.shardName);
}

QList<DispatchConnectedClient> DispatchClient::connectedClients() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return d->connectedClients();
}

double DispatchClient::latency() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return d->bindable.latency;
}

QBindable<double> DispatchClient::bindableLatency() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return &std::as_const(d->bindable.latency);
}

int DispatchClient::nextRetryIn() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return d->nextRetryIn();
}

int DispatchClient::queuedEvents() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return int(d->outbox.size());
}

DispatchError::Code DispatchClient::error() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return d->error.code();
}

QString DispatchClient::errorString() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return d->error.message();
}

DispatchError DispatchClient::lastError() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return d->error;
}

QFuture<DispatchConnectionInfo>
DispatchClient::connectToServer(const DispatchConnectOptions &options)
{
    requireThreadOf(this, Q_FUNC_INFO);
    const Private::Hold hold(d.get());
    return d->connectTo(options);
}

void DispatchClient::disconnectFromServer()
{
    requireThreadOf(this, Q_FUNC_INFO);
    setActive(false);
}

void DispatchClient::retryNow()
{
    requireThreadOf(this, Q_FUNC_INFO);
    const Private::Hold hold(d.get());
    d->retryNow();
}

QFuture<DispatchConnectionInfo> DispatchClient::connect(const QVariantMap &config)
{
    requireThreadOf(this, Q_FUNC_INFO);
    DispatchConnectOptions options;
    if (isGiven(config, u"shardName"_s))
        options.shardName = config.value(u"shardName"_s).toString();
    if (isGiven(config, u"authorization"_s))
        options.authorization = config.value(u"authorization"_s).toString();
    if (isGiven(config, u"maxConnectionsPerShard"_s)) {
        options.maxConnectionsPerShard = toNumber(config.value(u"maxConnectionsPerShard"_s));
        if (!options.maxConnectionsPerShard) {
            const auto promise = Dispatch::startedPromise<DispatchConnectionInfo>();
            Dispatch::failLater(
                promise,
                {DispatchError::InvalidParameters,
                 u"maxConnectionsPerShard is no whole number: give one from 1 to 1000."_s});
            return promise->future();
        }
    }
    return connectToServer(options);
}

void DispatchClient::disconnect()
{
    disconnectFromServer();
}

DispatchClient::SendStatus DispatchClient::emitEvent(const QString &eventName,
                                                     const QJsonValue &payload)
{
    return emitEvent(eventName, payload, DispatchEmitOptions());
}

DispatchClient::SendStatus DispatchClient::emitEvent(const QString &eventName,
                                                     const QJsonValue &payload,
                                                     const DispatchEmitOptions &options)
{
    if (thread() != QThread::currentThread()) {
        QMetaObject::invokeMethod(
            this, [=, this] { emitEvent(eventName, payload, options); }, Qt::QueuedConnection);
        return Queued;
    }
    const Private::Hold hold(d.get());
    return d->emitEvent(eventName, payload, options);
}

DispatchClient::SendStatus DispatchClient::refuseEvent(const DispatchError &error)
{
    requireThreadOf(this, Q_FUNC_INFO);
    const Private::Hold hold(d.get());
    d->report(error);
    return Refused;
}

QFuture<QList<DispatchShardInfo>> DispatchClient::info()
{
    requireThreadOf(this, Q_FUNC_INFO);
    return d->requestInfo();
}

QString DispatchClient::displayText(const QString &text, int longest)
{
    return Dispatch::displayText(text, longest);
}

DispatchSubscription DispatchClient::subscribe(const QString &eventName, QObject *context,
                                               std::function<void(const DispatchEvent &)> handler)
{
    requireThreadOf(this, Q_FUNC_INFO);
    return d->subscribe(eventName, context, std::move(handler));
}

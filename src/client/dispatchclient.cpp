// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "dispatchclient.h"

#include "dispatchclient_p.h"
#include "displaytext_p.h"

#include <QtCore/qthread.h>

using namespace Qt::StringLiterals;

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
    d->shutDown();
}

QUrl DispatchClient::url() const
{
    return d->wish.url;
}

void DispatchClient::setUrl(const QUrl &url)
{
    const Private::Hold hold(d.get());
    d->setUrl(url);
}

QString DispatchClient::projectId() const
{
    return d->wish.projectId;
}

void DispatchClient::setProjectId(const QString &projectId)
{
    d->setWish(&Private::Wish::projectId, projectId, &DispatchClient::projectIdChanged);
}

QString DispatchClient::shardName() const
{
    return d->wish.shardName;
}

void DispatchClient::setShardName(const QString &shardName)
{
    d->setWish(&Private::Wish::shardName, shardName, &DispatchClient::shardNameChanged);
}

int DispatchClient::maxConnectionsPerShard() const
{
    return d->wish.maxConnectionsPerShard;
}

void DispatchClient::setMaxConnectionsPerShard(int maximum)
{
    d->setWish(&Private::Wish::maxConnectionsPerShard, maximum,
               &DispatchClient::maxConnectionsPerShardChanged);
}

QJsonObject DispatchClient::userInfo() const
{
    return d->userInfo;
}

void DispatchClient::setUserInfo(const QJsonObject &userInfo)
{
    const Private::Hold hold(d.get());
    d->setUserInfo(userInfo);
}

bool DispatchClient::isActive() const
{
    return d->session.isActive();
}

void DispatchClient::setActive(bool active)
{
    const Private::Hold hold(d.get());
    d->setActive(active);
}

DispatchReconnectPolicy DispatchClient::reconnectPolicy() const
{
    return d->reconnectPolicy;
}

void DispatchClient::setReconnectPolicy(const DispatchReconnectPolicy &policy)
{
    d->setReconnectPolicy(policy);
}

DispatchQueuePolicy DispatchClient::queuePolicy() const
{
    return d->outbox.policy();
}

void DispatchClient::setQueuePolicy(const DispatchQueuePolicy &policy)
{
    const Private::Hold hold(d.get());
    d->setQueuePolicy(policy);
}

int DispatchClient::attemptTimeout() const
{
    return d->attemptTimeout;
}

void DispatchClient::setAttemptTimeout(int ms)
{
    d->attemptTimeout = std::max(ms, 1);
    d->session.setAttemptTimeout(Dispatch::Milliseconds(d->attemptTimeout));
}

int DispatchClient::connectTimeout() const
{
    return d->connectTimeout;
}

void DispatchClient::setConnectTimeout(int ms)
{
    d->connectTimeout = std::max(ms, 1);
}

int DispatchClient::heartbeatInterval() const
{
    return int(d->heartbeat.interval().count());
}

int DispatchClient::heartbeatTimeout() const
{
    return int(d->heartbeat.timeout().count());
}

void DispatchClient::setHeartbeat(int interval, int timeout)
{
    d->setHeartbeat(interval, timeout);
}

DispatchClient::State DispatchClient::state() const
{
    return d->state;
}

QString DispatchClient::clientId() const
{
    return d->info.clientId;
}

QString DispatchClient::currentShardName() const
{
    return d->info.shardName;
}

QList<DispatchConnectedClient> DispatchClient::connectedClients() const
{
    return d->connectedClients();
}

DispatchClientsModel *DispatchClient::clients() const
{
    return d->model;
}

double DispatchClient::latency() const
{
    return d->latency;
}

int DispatchClient::nextRetryIn() const
{
    return d->nextRetryIn();
}

int DispatchClient::queuedEvents() const
{
    return int(d->outbox.size());
}

DispatchError::Code DispatchClient::error() const
{
    return d->error.code();
}

QString DispatchClient::errorString() const
{
    return d->error.message();
}

DispatchError DispatchClient::lastError() const
{
    return d->error;
}

QFuture<DispatchConnectionInfo>
DispatchClient::connectToServer(const DispatchConnectOptions &options)
{
    const Private::Hold hold(d.get());
    return d->connectTo(options);
}

void DispatchClient::disconnectFromServer()
{
    setActive(false);
}

void DispatchClient::retryNow()
{
    const Private::Hold hold(d.get());
    d->retryNow();
}

QFuture<DispatchConnectionInfo> DispatchClient::connect(const QVariantMap &config)
{
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
    const Private::Hold hold(d.get());
    d->report(error);
    return Refused;
}

QFuture<QList<DispatchShardInfo>> DispatchClient::info()
{
    return d->requestInfo();
}

QString DispatchClient::displayText(const QString &text, int longest)
{
    return Dispatch::displayText(text, longest);
}

DispatchSubscription DispatchClient::subscribe(const QString &eventName, QObject *context,
                                               std::function<void(const DispatchEvent &)> handler)
{
    return d->subscribe(eventName, context, std::move(handler));
}

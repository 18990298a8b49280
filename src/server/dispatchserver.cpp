// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "dispatchserver.h"

#include "../threadcheck/threadcheck_p.h"
#include "backendapi_p.h"
#include "dispatchtlsidentity_p.h"
#include "dispatchtokenverifier.h"
#include "enginesettings_p.h"
#include "filebudget_p.h"
#include "hub_p.h"
#include "inforoute_p.h"
#include "listenaddress_p.h"
#include "listener_p.h"
#include "logging_p.h"
#include "operatorroutes_p.h"
#include "usablesettings_p.h"
#include "webfolder_p.h"
#include "worker_p.h"

#include <QtCore/qpointer.h>
#include <QtCore/qtimer.h>

#include <algorithm>
#include <deque>
#include <limits>

using namespace Qt::StringLiterals;
using Dispatch::requireThreadOf;
using Dispatch::requireThreadOfDying;

namespace {

// In ms: who does not answer in time is looked for once a second.
constexpr int DrainMargin = 3'000;

Dispatch::Router routesForClients(Dispatch::Hub &hub, std::vector<Dispatch::WebFile> files)
{
    Dispatch::Router router;
    router.setJoinable(true);
    router.setHint("connect by WebSocket, or ask for /info/<projectId>");
    addInfoRoute(router, hub);
    addBackendApi(router, hub);
    addWebRoutes(router, hub, std::move(files));
    return router;
}

/// Called from the server's threads, heard on the thread of its owner.
class Waker : public QObject {
    Q_OBJECT

Q_SIGNALS:
    void woken();
};

} // namespace

class Q_DECL_HIDDEN DispatchServer::Private {
public:
    explicit Private(DispatchServer *server)
        : q(server)
    {
        QObject::connect(
            &waker, &Waker::woken, q, [this] { takeNotices(); }, Qt::QueuedConnection);
        drainEnd.setSingleShot(true);
        QObject::connect(&drainEnd, &QTimer::timeout, q, [this] { endDrain(); });
    }

    void fail(const QString &message);
    void takeNotices();
    void endDrain();
    void reconfigure();
    void announce(Dispatch::Hub &from);

    DispatchServer *const q;
    Waker waker;
    QTimer drainEnd{q}; // then it stops, whoever is still there
    DispatchServerSettings settings;
    std::shared_ptr<const DispatchTokenVerifier> verifier;
    DispatchTlsIdentity tlsIdentity;
    QString webFolder;
    bool speaksTls = false; // since listen()
    QHostAddress address;
    quint16 port = 0;
    int maxConnections = 0; // that there are files for, since it listens
    QString errorString;

    // Statistics are asked for on any thread, also while close() takes the hub away.
    mutable std::mutex hubMutex;
    std::shared_ptr<Dispatch::Hub> hub;
    std::deque<Dispatch::Notice> notices;
    std::unique_ptr<Dispatch::Listener> listener;
    std::unique_ptr<Dispatch::Listener> operatorsListener;
    QHostAddress operatorsAddress;
};

void DispatchServer::Private::fail(const QString &message)
{
    errorString = message;
    Q_EMIT q->errorOccurred(message);
}

void DispatchServer::Private::reconfigure()
{
    if (!listener)
        return;
    const DispatchServerSettings now = Dispatch::usable(settings, maxConnections);
    listener->reconfigure(now);
    if (operatorsListener)
        operatorsListener->reconfigure(now);
    hub->reconfigure(now, verifier);
}

void DispatchServer::Private::takeNotices()
{
    if (!hub)
        return;
    // What is announced may change everything.
    const QPointer<DispatchServer> alive(q);
    announce(*hub);
    if (alive && hub && hub->hasDrained())
        endDrain();
}

void DispatchServer::Private::endDrain()
{
    const QPointer<DispatchServer> alive(q);
    q->close();
    if (alive)
        Q_EMIT q->drained();
}

void DispatchServer::Private::announce(Dispatch::Hub &from)
{
    for (Dispatch::Notice &notice : from.notices.take())
        notices.push_back(std::move(notice));
    // A slot may close the server, which goes on with the same queue, or delete it.
    const QPointer<DispatchServer> alive(q);
    while (alive && !notices.empty()) {
        const Dispatch::Notice notice = std::move(notices.front());
        notices.pop_front();
        const QString project = QString::fromStdString(notice.projectId);
        const QString shard = QString::fromStdString(notice.shardName);
        const QString client = QString::fromStdString(notice.clientId);
        if (notice.joined)
            Q_EMIT q->clientJoined(project, shard, client);
        else
            Q_EMIT q->clientLeft(project, shard, client, QString::fromStdString(notice.reason));
    }
}

DispatchServer::DispatchServer(QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>(this))
{
}

DispatchServer::~DispatchServer()
{
    requireThreadOfDying(this, Q_FUNC_INFO);
    // Who would hear of it may be what deletes it.
    const QSignalBlocker silence(this);
    close();
}

DispatchServerSettings DispatchServer::settings() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return d->settings;
}

void DispatchServer::setSettings(const DispatchServerSettings &settings)
{
    requireThreadOf(this, Q_FUNC_INFO);
    if (d->settings == settings)
        return;
    d->settings = settings;
    d->reconfigure();
    if (isListening())
        Dispatch::warnOf(settings);
    Q_EMIT settingsChanged();
}

void DispatchServer::setTokenVerifier(std::shared_ptr<const DispatchTokenVerifier> verifier)
{
    requireThreadOf(this, Q_FUNC_INFO);
    d->verifier = std::move(verifier);
    d->reconfigure();
}

bool DispatchServer::setTlsIdentity(const DispatchTlsIdentity &identity)
{
    requireThreadOf(this, Q_FUNC_INFO);
    if (!identity.isNull() && !identity.isValid()) {
        d->fail(identity.errorString());
        return false;
    }
    if (const QString warning = identity.warning(); !warning.isEmpty())
        qCWarning(Dispatch::lcServer).noquote() << warning;
    d->tlsIdentity = identity;
    if (d->listener && d->speaksTls && identity.isValid())
        d->listener->setTls(identity.d->context);
    return true;
}

DispatchTlsIdentity DispatchServer::tlsIdentity() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return d->tlsIdentity;
}

void DispatchServer::setWebFolder(const QString &folder)
{
    requireThreadOf(this, Q_FUNC_INFO);
    d->webFolder = folder;
}

QString DispatchServer::webFolder() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return d->webFolder;
}

bool DispatchServer::listen(const QHostAddress &address, quint16 port)
{
    requireThreadOf(this, Q_FUNC_INFO);
    if (isListening()) {
        d->fail(u"The server listens already: close it first."_s);
        return false;
    }
    if (address.isNull()) {
        d->fail(u"There is no such address to listen on."_s);
        return false;
    }
    if (const auto problems = Dispatch::engineProblems(d->settings); !problems.isEmpty()) {
        d->fail(problems.firstKey() + u' ' + problems.first());
        return false;
    }
    auto files = Dispatch::readWebFolder(d->webFolder);
    if (const auto *problem = std::get_if<QString>(&files)) {
        d->fail(*problem);
        return false;
    }
    const auto wake = [waker = &d->waker] { Q_EMIT waker->woken(); };
    const int maxConnections =
        Dispatch::connectionsForThisProcess(Dispatch::usable(d->settings, 1).threads);
    const DispatchServerSettings settings = Dispatch::usable(d->settings, maxConnections);
    auto engine = Dispatch::Engine::makeStore(Dispatch::engineChoice(d->settings));
    auto hub = std::make_shared<Dispatch::Hub>(
        settings, d->verifier, wake, std::get<Dispatch::Engine::NodeThread::MakeStore>(engine));
    const bool speaksTls = d->tlsIdentity.isValid();
    auto listener =
        std::make_unique<Dispatch::Listener>(*hub, hub->listenerCounters, settings,
                                             routesForClients(*hub, std::get<0>(std::move(files))),
                                             speaksTls ? d->tlsIdentity.d->context : nullptr);
    if (const auto error = listener->listen(address, port)) {
        d->fail(Dispatch::listenError(address, port, error));
        return false;
    }
    Dispatch::warnOf(settings);
    // Who left the default alone did not ask for so many.
    const int wanted = d->settings.maxConnections;
    if (settings.maxConnections < wanted && wanted != DispatchServerSettings().maxConnections) {
        qCWarning(Dispatch::lcServer,
                  "Takes at most %d connections, not %d: let this process open more files",
                  settings.maxConnections, wanted);
    }
    for (const auto &worker : hub->workers)
        worker->start();
    {
        const std::lock_guard lock(d->hubMutex);
        d->hub = std::move(hub);
    }
    d->listener = std::move(listener);
    d->maxConnections = maxConnections;
    d->speaksTls = speaksTls;
    d->address = address;
    d->port = d->listener->port();
    d->errorString.clear();
    Q_EMIT listeningChanged();
    return true;
}

bool DispatchServer::listenForOperators(const QHostAddress &address, quint16 port)
{
    requireThreadOf(this, Q_FUNC_INFO);
    if (!isListening() || d->operatorsListener) {
        d->fail(isListening() ? u"The server serves operators already: close it first."_s
                              : u"The server does not listen: call listen() first."_s);
        return false;
    }
    if (address.isNull()) {
        d->fail(u"There is no such address to listen on."_s);
        return false;
    }
    Dispatch::Router router;
    addOperatorRoutes(router, {*d->hub, d->listener->pulse(), address.isLoopback()});
    auto listener = std::make_unique<Dispatch::Listener>(
        *d->hub, d->hub->operatorsCounters, Dispatch::usable(d->settings, d->maxConnections),
        std::move(router));
    if (const auto error = listener->listen(address, port)) {
        d->fail(u"For operators: "_s + Dispatch::listenError(address, port, error));
        return false;
    }
    d->operatorsListener = std::move(listener);
    d->operatorsAddress = address;
    d->errorString.clear();
    return true;
}

void DispatchServer::close()
{
    // The destructor calls it.
    requireThreadOfDying(this, Q_FUNC_INFO);
    if (!d->listener)
        return;
    // First nobody comes in any more, then all are sent away; operators see it to its end.
    d->drainEnd.stop();
    d->hub->isClosing = true;
    d->listener.reset();
    for (const auto &worker : d->hub->workers)
        worker->close();
    for (const auto &worker : d->hub->workers)
        worker->join();
    d->operatorsListener.reset();
    // What slots find is a server that is closed, which they may open again, or delete.
    std::shared_ptr<Dispatch::Hub> closed;
    {
        const std::lock_guard lock(d->hubMutex);
        closed = std::move(d->hub);
    }
    d->address.clear();
    d->port = 0;
    const QPointer<DispatchServer> alive(this);
    d->announce(*closed);
    if (alive)
        Q_EMIT listeningChanged();
    if (alive && closed->isDraining())
        Q_EMIT drainingChanged();
}

void DispatchServer::drain()
{
    requireThreadOf(this, Q_FUNC_INFO);
    if (!isReady())
        return;
    d->hub->drain();
    const DispatchServerSettings settings = d->hub->settings();
    const qint64 longest = qint64(settings.drainTime) + settings.flushTimeout + DrainMargin;
    d->drainEnd.start(int(std::min<qint64>(longest, std::numeric_limits<int>::max())));
    Q_EMIT drainingChanged();
}

bool DispatchServer::isListening() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return d->listener != nullptr;
}

bool DispatchServer::isDraining() const
{
    const std::lock_guard lock(d->hubMutex);
    return d->hub && d->hub->isDraining();
}

bool DispatchServer::isReady() const
{
    const std::lock_guard lock(d->hubMutex);
    return d->hub && d->hub->isReady();
}

QHostAddress DispatchServer::address() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return d->address;
}

quint16 DispatchServer::port() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return d->port;
}

QUrl DispatchServer::url() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return isListening()
        ? Dispatch::localUrl(d->speaksTls ? u"wss"_s : u"ws"_s, d->address, d->port)
        : QUrl();
}

QUrl DispatchServer::operatorsUrl() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    if (!d->operatorsListener)
        return {};
    QUrl url = Dispatch::localUrl(u"http"_s, d->operatorsAddress, d->operatorsListener->port());
    url.setPath(u"/"_s);
    return url;
}

QString DispatchServer::errorString() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return d->errorString;
}

DispatchServerStatistics DispatchServer::statistics() const
{
    std::shared_ptr<const Dispatch::Hub> hub;
    {
        const std::lock_guard lock(d->hubMutex);
        hub = d->hub;
    }
    DispatchServerStatistics sum;
    if (!hub)
        return sum;
    Dispatch::Counters counters;
    hub->addCounters(counters);
    sum.joins = counters.joins.value();
    sum.refusedJoins = counters.refusedJoins.total();
    sum.failedHandshakes = counters.failedHandshakes.value();
    sum.eventsReceived = counters.eventsReceived.value();
    sum.eventsDelivered = counters.eventsDelivered.value();
    sum.bytesReceived = counters.bytesReceived.value();
    sum.bytesSent = counters.bytesSent.value();
    sum.refusedMessages = counters.refusedMessages.total();
    sum.slowClientsDropped = counters.departures.of(info(Dispatch::Refusal::SlowConsumer).slug);
    sum.deadClientsDropped = counters.departures.of(info(Dispatch::Refusal::HeartbeatTimeout).slug);
    sum.presenceListsTruncated = counters.presenceListsTruncated.value();
    sum.sessionsAway = counters.sessionsAway.value();
    sum.resumesRecovered = counters.resumesRecovered.value();
    sum.resumesUnrecovered = counters.resumesUnrecovered.value();
    sum.resumesUnknown = counters.resumesUnknown.value();
    sum.eventsReplayed = counters.eventsReplayed.value();
    for (const Dispatch::RefusalInfo &row : Dispatch::refusals()) {
        const QString slug =
            QString::fromLatin1(row.slug.data(), static_cast<qsizetype>(row.slug.size()));
        sum.refusals[slug] =
            qint64(counters.refusedJoins.of(row.refusal) + counters.refusedRequests.of(row.refusal)
                   + counters.refusedMessages.of(row.refusal));
    }
    const Dispatch::Placement::Figures figures = hub->placementFigures();
    sum.connections = figures.connections;
    sum.shards = figures.shards;
    return sum;
}

#include "dispatchserver.moc"

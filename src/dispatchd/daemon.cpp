// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "daemon_p.h"

#include "daemonlog_p.h"

namespace Dispatch {

using namespace Qt::StringLiterals;

namespace {

constexpr std::chrono::milliseconds ProgressInterval{5'000};
// For the end of threads, beyond what clients are given.
constexpr std::chrono::milliseconds EndTime{10'000};

} // namespace

Daemon::Daemon(const ConfigurationSources &sources, const ServiceManager &manager, QObject *parent)
    : QObject(parent)
    , m_sources(sources)
    , m_manager(manager)
{
    connect(&m_server, &DispatchServer::clientJoined, this,
            [](const QString &project, const QString &shard, const QString &client) {
                qCDebug(lcDaemon).nospace() << "Joined: client " << client << ", project "
                                            << project << ", shard " << shard;
            });
    connect(&m_server, &DispatchServer::clientLeft, this,
            [](const QString &project, const QString &shard, const QString &client,
               const QString &reason) {
                qCDebug(lcDaemon).nospace() << "Left: client " << client << ", project " << project
                                            << ", shard " << shard << ", reason " << reason;
            });
    connect(&m_server, &DispatchServer::drained, this, &Daemon::drained);
    connect(&m_progress, &QTimer::timeout, this, &Daemon::tellProgress);
}

ExitCode Daemon::start(const Configuration &configuration, const Credentials &credentials)
{
    m_started = configuration;
    m_startedEnginePassword = credentials.enginePassword;
    apply(configuration, credentials);
    const DaemonSettings &daemon = configuration.daemon;
    if (!m_server.listen(QHostAddress(daemon.address), quint16(daemon.port))) {
        qCCritical(lcDaemon).noquote() << m_server.errorString();
        return ExitCode::CannotListen;
    }
    qCInfo(lcDaemon).noquote().nospace()
        << "Serves " << m_server.url().toString() << ", threads: " << configuration.server.threads;
    if (!serveOperators(daemon))
        return ExitCode::CannotListen;
    m_manager.ready();
    m_manager.startWatchdog(m_watchdog);
    return ExitCode::Clean;
}

bool Daemon::serveOperators(const DaemonSettings &settings)
{
    if (settings.operatorsAddress.isEmpty())
        return true;
    if (!m_server.listenForOperators(QHostAddress(settings.operatorsAddress),
                                     quint16(settings.operatorsPort))) {
        qCCritical(lcDaemon).noquote() << m_server.errorString()
                + u" Give another one, --operators-port, or do without, "
                  "--operators-address=''."_s;
        return false;
    }
    qCInfo(lcDaemon).noquote() << u"Serves operators on"_s << m_server.operatorsUrl().toString();
    return true;
}

void Daemon::apply(const Configuration &configuration, const Credentials &credentials)
{
    installLog(configuration.daemon);
    DispatchServerSettings server = configuration.server;
    server.enginePassword = credentials.enginePassword;
    m_server.setSettings(server);
    m_server.setTokenVerifier(credentials.verifier);
    m_server.setTlsIdentity(credentials.tlsIdentity);
}

/// How many there are, in words.
QString Daemon::clients() const
{
    const qint64 number = m_server.statistics().connections;
    return number == 1 ? u"1 client"_s : u"%1 clients"_s.arg(number);
}

void Daemon::reload()
{
    if (!m_server.isReady()) {
        qCWarning(lcDaemon, "The configuration is not read again: dispatchd ends");
        return;
    }
    m_manager.reloading();
    readAgain();
    m_manager.ready();
}

void Daemon::readAgain()
{
    const LoadedConfiguration loaded = loadConfiguration(m_sources);
    Credentials credentials;
    QStringList problems = loaded.problems;
    if (problems.isEmpty()) {
        credentials = readCredentials(loaded);
        problems = credentials.problems;
    }
    for (const QString &problem : std::as_const(problems))
        qCCritical(lcDaemon).noquote() << problem;
    if (!problems.isEmpty()) {
        qCCritical(lcDaemon, "The configuration stays as it was");
        return;
    }
    for (const QString &warning : loaded.warnings + credentials.warnings)
        qCWarning(lcDaemon).noquote() << warning;
    for (const QString &name : needRestart(m_started, loaded.configuration))
        qCWarning(lcDaemon).noquote() << name << "changes at the next start only";
    if (credentials.enginePassword != m_startedEnginePassword)
        qCWarning(lcDaemon, "The password for the engine changes at the next start only");
    apply(loaded.configuration, credentials);
    qCInfo(lcDaemon, "The configuration was read again");
}

void Daemon::end()
{
    const DispatchServerSettings settings = m_server.settings();
    m_manager.stopping(std::chrono::milliseconds(settings.drainTime)
                       + std::chrono::milliseconds(settings.flushTimeout) + EndTime);
    qCInfo(lcDaemon).noquote() << u"Draining %1, over %2 ms at most"_s.arg(clients()).arg(
        settings.drainTime);
    m_drainTime.start();
    m_progress.start(ProgressInterval);
    m_server.drain();
}

void Daemon::endNow()
{
    qCInfo(lcDaemon).noquote() << "Ends at once; still there:" << clients();
    m_server.close();
    Q_EMIT ended();
}

void Daemon::tellProgress()
{
    qCInfo(lcDaemon).noquote() << "Draining; still there:" << clients();
}

void Daemon::drained()
{
    qCInfo(lcDaemon, "Drained in %lld ms", m_drainTime.elapsed());
    Q_EMIT ended();
}

} // namespace Dispatch

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "daemon_p.h"
#include "daemonlog_p.h"
#include "filelimit_p.h"
#include "processsignals_p.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qprocess.h>

#include <cstdio>

using namespace Dispatch;
using namespace Qt::StringLiterals;

namespace {

void print(std::FILE *stream, const QString &text)
{
    std::fprintf(stream, "%s\n", qUtf8Printable(text));
    std::fflush(stream);
}

int finish(ExitCode code, const QString &text)
{
    print(code == ExitCode::Clean ? stdout : stderr, text);
    return int(code);
}

ConfigurationSources sourcesOf(const CommandLine &line)
{
    ConfigurationSources sources;
    sources.flags = line.flags;
    const QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const QString &name : environment.keys())
        sources.environment.insert(name, environment.value(name));
    sources.file =
        line.configFile.isEmpty() ? environment.value(u"DISPATCHD_CONFIG"_s) : line.configFile;
    sources.defaultFile = QStringLiteral(DISPATCH_CONFIG_FILE);
    return sources;
}

int complain(const QStringList &problems)
{
    for (const QString &problem : problems)
        print(stderr, u"dispatchd: "_s + problem);
    return int(ExitCode::BadOptions);
}

int serve(const ConfigurationSources &sources, const LoadedConfiguration &loaded,
          const Credentials &credentials)
{
    raiseFileLimit();
    for (const QString &warning : loaded.warnings + credentials.warnings)
        qCWarning(lcDaemon).noquote() << warning;
    ProcessSignals processSignals;
    Daemon daemon(sources, ServiceManager::fromEnvironment());
    QObject::connect(&processSignals, &ProcessSignals::endRequested, &daemon, &Daemon::end);
    QObject::connect(&processSignals, &ProcessSignals::endNowRequested, &daemon, &Daemon::endNow);
    QObject::connect(&processSignals, &ProcessSignals::reloadRequested, &daemon, &Daemon::reload);
    QObject::connect(&daemon, &Daemon::ended, qApp, &QCoreApplication::quit);
    if (const ExitCode code = daemon.start(loaded.configuration, credentials);
        code != ExitCode::Clean)
        return int(code);
    print(stdout, u"Listening on "_s + daemon.url().toString());
    if (const QUrl url = daemon.operatorsUrl(); !url.isEmpty())
        print(stdout, u"Operators: "_s + url.toString());
    return QCoreApplication::exec();
}

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    const auto parsed =
        parseCommandLine(QCoreApplication::arguments(), QStringLiteral(DISPATCH_VERSION));
    if (const auto *exit = std::get_if<EarlyExit>(&parsed))
        return finish(exit->code, exit->text);
    const auto &line = std::get<CommandLine>(parsed);
    const ConfigurationSources sources = sourcesOf(line);
    const LoadedConfiguration loaded = loadConfiguration(sources);
    if (!loaded.problems.isEmpty())
        return complain(loaded.problems);
    if (line.task == Task::PrintConfig)
        return finish(ExitCode::Clean, toToml(loaded.configuration).trimmed());

    const Credentials credentials = readCredentials(loaded);
    if (!credentials.problems.isEmpty())
        return complain(credentials.problems);
    if (line.task == Task::CheckConfig) {
        // Who serves is told by the server.
        if (const QString warning = credentials.tlsIdentity.warning(); !warning.isEmpty())
            print(stderr, u"dispatchd: "_s + warning);
        for (const QString &warning : loaded.warnings + credentials.warnings)
            print(stderr, u"dispatchd: "_s + warning);
        return finish(ExitCode::Clean,
                      loaded.file.isEmpty() ? u"The configuration is good."_s
                                            : u"%1 is good."_s.arg(loaded.file));
    }
    installLog(loaded.configuration.daemon);
    return serve(sources, loaded, credentials);
}

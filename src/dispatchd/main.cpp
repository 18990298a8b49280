// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "filelimit_p.h"
#include "options_p.h"
#include "secretfile_p.h"
#include "terminationsignals_p.h"

#include "dispatchserver.h"
#include "dispatchtokenverifier.h"

#include <QtCore/qcoreapplication.h>

#include <cstdio>

using namespace Dispatch;

namespace {

int finish(ExitCode code, const QString &text)
{
    std::FILE *stream = code == ExitCode::Clean ? stdout : stderr;
    std::fprintf(stream, "%s\n", qUtf8Printable(text));
    std::fflush(stream);
    return int(code);
}

int run(const Options &options)
{
    raiseFileLimit();
    DispatchServer server;
    DispatchServerSettings settings;
    settings.threads = options.threads;
    server.setSettings(settings);
    if (!options.secretFile.isEmpty()) {
        const SecretFile file = readSecretFile(options.secretFile);
        if (!file.error.isEmpty())
            return finish(ExitCode::BadOptions, QStringLiteral("dispatchd: %1").arg(file.error));
        server.setTokenVerifier(DispatchTokenVerifier::sharedSecret(file.secret));
    }

    TerminationSignals signalWatcher;
    QObject::connect(&signalWatcher, &TerminationSignals::requested, &server, [&server] {
        server.close();
        QCoreApplication::quit();
    });
    if (!server.listen(options.address, options.port))
        return finish(ExitCode::CannotListen,
                      QStringLiteral("dispatchd: %1").arg(server.errorString()));
    finish(ExitCode::Clean, QStringLiteral("Listening on %1").arg(server.url().toString()));
    return QCoreApplication::exec();
}

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    const auto parsed =
        parseOptions(QCoreApplication::arguments(), QStringLiteral(DISPATCH_VERSION));
    if (const auto *exit = std::get_if<EarlyExit>(&parsed))
        return finish(exit->code, exit->text);
    return run(std::get<Options>(parsed));
}

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "application_p.h"

#include "interruption_p.h"
#include "invocation_p.h"
#include "printable_p.h"

#include <QtCore/qcoreapplication.h>

#include <cstdio>

using namespace Qt::StringLiterals;

namespace Dispatch::Ctl {

namespace {

int finish(const EarlyExit &exit)
{
    std::FILE *stream = exit.code == ExitCode::Fine ? stdout : stderr;
    for (const QString &line : exit.text.split(u'\n'))
        std::fprintf(stream, "%s\n", printable(line).toUtf8().constData());
    return int(exit.code);
}

int execute(Command &command, Console &console)
{
    Interruption interruption;
    QObject::connect(&interruption, &Interruption::requested, &command, &Command::interrupt);
    // Like a program that SIGPIPE ends: whoever read has read enough.
    QObject::connect(&console, &Console::closed, &command, [&command] { command.finish(); });
    QObject::connect(
        &command, &Command::finished, &command,
        [](ExitCode code) { QCoreApplication::exit(int(code)); }, Qt::QueuedConnection);
    QMetaObject::invokeMethod(
        &command, [&command] { command.start(); }, Qt::QueuedConnection);
    return QCoreApplication::exec();
}

} // namespace

int run(const QStringList &arguments, const QProcessEnvironment &environment,
        const QString &version)
{
    const auto parsed = parseInvocation(arguments, version);
    if (const auto *exit = std::get_if<EarlyExit>(&parsed))
        return finish(*exit);
    const auto &[info, given] = std::get<Invocation>(parsed);
    OptionReader read(given);
    Console console({.json = read.isSet(u"json"_s), .quiet = read.isSet(u"quiet"_s)});
    const Settings settings = readSettings(info->shared, read, environment);
    const auto command = info->make(settings, read, console);
    if (!read.problem().isEmpty())
        return finish(usageError(info, read.problem()));
    return execute(*command, console);
}

} // namespace Dispatch::Ctl

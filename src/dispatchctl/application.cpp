// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "application_p.h"

#include "interruption_p.h"
#include "invocation_p.h"

#include <QtCore/qcoreapplication.h>

using namespace Qt::StringLiterals;

namespace Dispatch::Ctl {

namespace {

/// How the program ends that would end with \a code, if nothing of its answer got lost.
int end(Console &console, ExitCode code)
{
    const bool isWritten = console.close();
    return int(code == ExitCode::Fine && !isWritten ? ExitCode::Failed : code);
}

int end(const EarlyExit &exit)
{
    Console console({});
    for (const QString &line : exit.text.split(u'\n'))
        exit.code == ExitCode::Fine ? console.print(line) : console.note(line);
    return end(console, exit.code);
}

ExitCode execute(Command &command, Console &console)
{
    Interruption interruption;
    QObject::connect(&interruption, &Interruption::requested, &command, &Command::interrupt);
    // Nobody would get the rest of the answer.
    QObject::connect(&console, &Console::broken, &command, [&command] { command.finish(); });
    QObject::connect(
        &command, &Command::finished, &command,
        [](ExitCode code) { QCoreApplication::exit(int(code)); }, Qt::QueuedConnection);
    QMetaObject::invokeMethod(
        &command, [&command] { command.start(); }, Qt::QueuedConnection);
    return ExitCode(QCoreApplication::exec());
}

} // namespace

int run(const QStringList &arguments, const QProcessEnvironment &environment,
        const QString &version)
{
    const auto parsed = parseInvocation(arguments, version);
    if (const auto *exit = std::get_if<EarlyExit>(&parsed))
        return end(*exit);
    const auto &[info, given] = std::get<Invocation>(parsed);
    OptionReader read(given);
    Console console({.json = read.isSet(u"json"_s), .quiet = read.isSet(u"quiet"_s)});
    const Settings settings = readSettings(info->shared, read, environment);
    const auto command = info->make(settings, read, console);
    if (!read.problem().isEmpty())
        return end(usageError(info, read.problem()));
    return end(console, execute(*command, console));
}

} // namespace Dispatch::Ctl

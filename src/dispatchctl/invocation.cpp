// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "invocation_p.h"

#include "failure_p.h"
#include "helptext_p.h"

#include <QtCore/qcommandlineparser.h>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Dispatch::Ctl {

namespace {

/// The command that \a words begin with; the longest name wins.
const CommandInfo *findCommand(const QStringList &words)
{
    const CommandInfo *found = nullptr;
    for (const CommandInfo &command : commandTable()) {
        const QStringList name = command.name.split(u' ');
        if (words.mid(0, name.size()) == name)
            found = &command;
    }
    return found;
}

/// "token" alone is the first word of two commands.
QString problemWith(const QStringList &words)
{
    if (words.isEmpty())
        return u"Name a command."_s;
    QStringList meant;
    for (const CommandInfo &command : commandTable()) {
        if (command.name.section(u' ', 0, 0) == words.first())
            meant += u"'%1'"_s.arg(command.name);
    }
    return meant.isEmpty() ? u"There is no command '%1'."_s.arg(words.first())
                           : u"Say %1."_s.arg(meant.join(u" or "_s));
}

QList<OptionInfo> allOptions(const CommandInfo &command)
{
    return command.options + sharedOptions(command.shared);
}

std::variant<Invocation, EarlyExit> parseCommand(const CommandInfo &command,
                                                 const QStringList &words)
{
    QCommandLineParser parser;
    const QCommandLineOption help(QStringList{u"h"_s, u"help"_s});
    parser.addOption(help);
    const QList<OptionInfo> options = allOptions(command);
    for (const OptionInfo &option : options)
        parser.addOption(QCommandLineOption(option.name, option.help, option.value));
    if (!parser.parse(QStringList{u"dispatchctl"_s} + words)) {
        const QStringList unknown = parser.unknownOptionNames();
        return usageError(&command,
                          unknown.isEmpty() ? asSentence(parser.errorText())
                                            : u"There is no option '--%1' for '%2'."_s.arg(
                                                unknown.first(), command.name));
    }
    if (parser.isSet(help))
        return EarlyExit{ExitCode::Fine, commandHelp(command)};

    Invocation result{&command, {parser.positionalArguments(), {}}};
    for (const OptionInfo &option : options) {
        if (parser.isSet(option.name))
            result.arguments.options.insert(option.name, parser.values(option.name));
    }
    const qsizetype count = result.arguments.positional.size();
    if (count < command.minArguments)
        return usageError(&command, u"Something is missing: %1."_s.arg(command.arguments));
    if (count > command.maxArguments)
        return usageError(&command,
                          u"'%1' is one argument too many."_s.arg(
                              result.arguments.positional[command.maxArguments]));
    return result;
}

} // namespace

EarlyExit usageError(const CommandInfo *command, const QString &problem)
{
    const QString name = command ? command->name + u' ' : QString();
    return {ExitCode::BadUsage,
            u"dispatchctl: %1\nTry 'dispatchctl %2--help'."_s.arg(problem, name)};
}

std::variant<Invocation, EarlyExit> parseInvocation(const QStringList &arguments,
                                                    const QString &version)
{
    const QStringList words = arguments.mid(1);
    const QString first = words.value(0);
    if (first == "--help"_L1 || first == "-h"_L1 || first == "help"_L1)
        return EarlyExit{ExitCode::Fine, mainHelp()};
    if (first == "--version"_L1 || first == "-v"_L1)
        return EarlyExit{ExitCode::Fine, u"dispatchctl "_s + version};
    const CommandInfo *command = findCommand(words);
    if (!command)
        return usageError(nullptr, problemWith(words));
    return parseCommand(*command, words.mid(command->name.count(u' ') + 1));
}

} // namespace Dispatch::Ctl

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "commandline_p.h"

#include <QtCore/qcommandlineparser.h>

namespace Dispatch {

using namespace Qt::StringLiterals;

namespace {

QString valueName(const Option &option)
{
    switch (option.type) {
    case OptionType::Flag:
        return {};
    case OptionType::Number:
        return u"number"_s;
    case OptionType::List:
        return u"list"_s;
    case OptionType::Text:
        break;
    }
    switch (option.row.kind) {
    case TextKind::Address:
    case TextKind::AddressOrNone:
        return u"ip"_s;
    case TextKind::Choice:
        return QString::fromLatin1(option.row.choices);
    case TextKind::File:
        return u"path"_s;
    case TextKind::Any:
        break;
    }
    return u"text"_s;
}

QString describe(const Option &option)
{
    QString text = QString::fromUtf8(option.row.comment);
    if (option.type == OptionType::List)
        text += u" Separated by commas, or given again."_s;
    else if (option.type != OptionType::Flag && !option.defaultValue.toString().isEmpty())
        text += u" The default is %1."_s.arg(option.defaultValue.toString());
    return text;
}

/// A flag that is on by default, or in the file, is switched off by this.
QString off(const Option &option)
{
    return u"no-"_s + option.flag;
}

struct Parser {
    QCommandLineOption config{
        u"config"_s,
        u"Read this file (TOML). The default is /etc/dispatchd/dispatchd.toml, if it is there."_s,
        u"path"_s};
    QCommandLineOption check{
        u"check-config"_s,
        u"Say what is wrong with the configuration, and where, and end: 0 if it is good, else 2."_s};
    QCommandLineOption print{
        u"print-config"_s,
        u"Print the configuration as a file, with each option, its default and what it means."_s};
    QCommandLineOption help{{u"h"_s, u"help"_s}, u"Show this help."_s};
    QCommandLineOption version{{u"v"_s, u"version"_s}, u"Show the version."_s};
    QList<QCommandLineOption> all{config, check, print, help, version};
    QCommandLineParser line;

    Parser()
    {
        line.setApplicationDescription(
            u"Serves rooms for Dispatch clients until SIGTERM or SIGINT; a second one does not "
            "wait for them. SIGHUP reads the configuration again.\n"
            "Each option can be set in a file (max_connections = 1000) and in the environment "
            "(DISPATCHD_MAX_CONNECTIONS=1000), too; the command line wins, then the environment."_s);
        for (const Option &option : allOptions()) {
            all.append({option.flag, describe(option), valueName(option)});
            if (option.type == OptionType::Flag) {
                QCommandLineOption negative(off(option));
                negative.setFlags(QCommandLineOption::HiddenFromHelp);
                all.append(negative);
            }
        }
        line.addOptions(all);
    }
};

EarlyExit bad(const QString &message)
{
    return {ExitCode::BadOptions,
            u"dispatchd: %1\nTry 'dispatchd --help' for the options."_s.arg(message)};
}

QString textOf(const Parser &parser, const Option &option)
{
    if (option.type == OptionType::Flag)
        return parser.line.isSet(off(option)) ? u"false"_s : u"true"_s;
    if (option.type == OptionType::List)
        return parser.line.values(option.flag).join(u',');
    return parser.line.value(option.flag);
}

ConfigurationLayer flagsOf(const Parser &parser)
{
    ConfigurationLayer layer;
    for (const Option &option : allOptions()) {
        const bool isOff = option.type == OptionType::Flag && parser.line.isSet(off(option));
        if (!isOff && !parser.line.isSet(option.flag))
            continue;
        const QString name = u"--"_s + option.flag;
        const QString text = textOf(parser, option);
        const auto value = option.fromText(text);
        if (const auto *problem = std::get_if<OptionProblem>(&value))
            layer.problems += name + u' ' + problem->text;
        else if (option.row.kind == TextKind::File && text.isEmpty())
            layer.problems += name + u" must be %1, not ''."_s.arg(option.expectation());
        else
            layer.assignments.append({&option, std::get<QVariant>(value), {name, {}}});
    }
    return layer;
}

QString explain(const Parser &parser)
{
    const QStringList unknown = parser.line.unknownOptionNames();
    if (unknown.isEmpty())
        return parser.line.errorText();
    QStringList known{u"config"_s, u"check-config"_s, u"print-config"_s, u"help"_s, u"version"_s};
    for (const Option &option : allOptions())
        known += option.flag;
    const QString meant = nearest(unknown.first(), known);
    return meant.isEmpty()
        ? u"there is no option '--%1'."_s.arg(unknown.first())
        : u"there is no option '--%1'; did you mean '--%2'?"_s.arg(unknown.first(), meant);
}

} // namespace

QList<QCommandLineOption> commandLineOptions()
{
    return Parser().all;
}

std::variant<CommandLine, EarlyExit> parseCommandLine(const QStringList &arguments,
                                                      const QString &version)
{
    Parser parser;
    if (!parser.line.parse(arguments))
        return bad(explain(parser));
    if (parser.line.isSet(parser.help))
        return EarlyExit{ExitCode::Clean, parser.line.helpText().trimmed()};
    if (parser.line.isSet(parser.version))
        return EarlyExit{ExitCode::Clean, u"dispatchd %1"_s.arg(version)};
    if (const QStringList rest = parser.line.positionalArguments(); !rest.isEmpty())
        return bad(u"unexpected argument '%1'."_s.arg(rest.first()));

    CommandLine result;
    result.configFile = parser.line.value(parser.config);
    if (parser.line.isSet(parser.config) && result.configFile.isEmpty())
        return bad(u"--config must be the path of a file, not ''."_s);
    if (parser.line.isSet(parser.check))
        result.task = Task::CheckConfig;
    else if (parser.line.isSet(parser.print))
        result.task = Task::PrintConfig;
    result.flags = flagsOf(parser);
    return result;
}

} // namespace Dispatch

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "helptext_p.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Dispatch::Ctl {

namespace {

constexpr qsizetype Width = 80;

/// The words of \a text in lines of at most \a width characters.
QStringList wrapped(const QString &text, qsizetype width)
{
    QStringList lines{QString()};
    for (const QString &word : text.split(u' ')) {
        QString &line = lines.last();
        if (line.isEmpty())
            line = word;
        else if (line.size() + 1 + word.size() <= width)
            line += u' ' + word;
        else
            lines += word;
    }
    return lines;
}

QString section(const QString &title, const QList<HelpEntry> &entries)
{
    qsizetype column = 0;
    for (const HelpEntry &entry : entries)
        column = std::max(column, entry.name.size() + 4);
    QString text = title + u":\n"_s;
    for (const HelpEntry &entry : entries) {
        QString lead = (u"  "_s + entry.name).leftJustified(column);
        for (const QString &line : wrapped(entry.help, Width - column)) {
            text += lead + line + u'\n';
            lead = QString(column, u' ');
        }
    }
    return text;
}

} // namespace

QList<HelpEntry> optionHelp(const QList<OptionInfo> &options)
{
    QList<HelpEntry> entries;
    for (const OptionInfo &option : options) {
        const QString value = option.value.isEmpty() ? QString() : u' ' + option.value;
        entries.append({u"--"_s + option.name + value, option.help});
    }
    return entries;
}

QList<HelpEntry> environmentHelp()
{
    return {{u"DISPATCH_URL"_s, u"For --url"_s},
            {u"DISPATCH_PROJECT"_s, u"For --project"_s},
            {u"DISPATCH_TOKEN"_s, u"The token itself, for --token-file"_s},
            {u"DISPATCH_PROJECT_TOKEN"_s, u"The token itself, for --project-token-file"_s}};
}

QList<HelpEntry> exitCodeHelp()
{
    return {{u"0"_s, u"Fine"_s},
            {u"1"_s, u"What was asked for did not come about"_s},
            {u"2"_s, u"The options are wrong"_s},
            {u"3"_s, u"No server could be reached, or none that speaks the protocol"_s},
            {u"4"_s, u"The server refused it"_s},
            {u"5"_s, u"It took too long"_s}};
}

QString mainHelp()
{
    QList<HelpEntry> commands;
    for (const CommandInfo &command : commandTable())
        commands.append({command.name, command.summary});
    return u"Usage: dispatchctl COMMAND [OPTION...] [ARGUMENT...]\n\n"
           "Talks to a Dispatch server.\n\n"_s
        + section(u"Commands"_s, commands)
        + u"\n'dispatchctl COMMAND --help' has the options of a command. A TIME is a number\n"
          "with ms, s, m, h or d; s if it has none.\n\n"_s
        + section(u"Options"_s,
                  {{u"--help"_s, u"Show this, or what there is to say of a command"_s},
                   {u"--version"_s, u"Show the version"_s}})
        + u'\n' + section(u"Environment"_s, environmentHelp()) + u'\n'
        + section(u"Exit codes"_s, exitCodeHelp()).chopped(1);
}

QString commandHelp(const CommandInfo &command)
{
    QString usage = u"Usage: dispatchctl %1 [OPTION...]"_s.arg(command.name);
    if (!command.arguments.isEmpty())
        usage += u' ' + command.arguments;
    QString text = usage + u"\n\n"_s;
    for (const QString &paragraph : command.description.split(u"\n"_s))
        text += wrapped(paragraph, Width).join(u'\n') + u'\n';
    if (!command.options.isEmpty())
        text += u'\n' + section(u"Options"_s, optionHelp(command.options));
    QList<OptionInfo> shared = sharedOptions(command.shared);
    shared.append({u"help"_s, {}, u"Show this"_s});
    return text + u'\n' + section(u"Common options"_s, optionHelp(shared)).chopped(1);
}

} // namespace Dispatch::Ctl

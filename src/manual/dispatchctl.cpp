// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

// dispatchctl-manual <folder> writes the manual of dispatchctl.

#include "helptext_p.h"
#include "manualwriter_p.h"

using namespace Dispatch;
using namespace Dispatch::Manual;
using namespace Qt::StringLiterals;

namespace {

const Ctl::OptionInfo Help{u"help"_s, {}, u"Show what there is to say of a command"_s};
const Ctl::OptionInfo Version{u"version"_s, {}, u"Show the version"_s};

QString sentence(const QString &text)
{
    return text.endsWith(u'.') ? text : text + u'.';
}

QList<Entry> entriesOf(const QList<Ctl::HelpEntry> &help)
{
    QList<Entry> entries;
    for (const Ctl::HelpEntry &entry : help)
        entries.append({entry.name, sentence(entry.help)});
    return entries;
}

Section sectionOf(const Ctl::CommandInfo &command)
{
    Section section{.title = command.name, .isSub = true};
    section.paragraphs += u"dispatchctl %1 [OPTION...] %2"_s.arg(command.name, command.arguments);
    section.paragraphs += command.description.split(u'\n');
    section.entries = entriesOf(Ctl::optionHelp(command.options));
    QStringList shared;
    for (const Ctl::OptionInfo &option : Ctl::sharedOptions(command.shared))
        shared += u"--"_s + option.name;
    if (!shared.isEmpty())
        section.entries.append({u"Common options"_s, shared.join(u", "_s)});
    return section;
}

Section commonOptions()
{
    const QList<Ctl::OptionInfo> options =
        Ctl::sharedOptions(Ctl::SharedOptions::fromInt(-1)) + QList{Help, Version};
    return {.title = u"Common options"_s, .entries = entriesOf(Ctl::optionHelp(options))};
}

Page page()
{
    Page page{.name = u"dispatchctl"_s,
              .section = 1,
              .summary = u"talk to a Dispatch server from a terminal"_s,
              .version = QStringLiteral(DISPATCH_VERSION),
              .synopsis = {u"dispatchctl COMMAND [OPTION...] [ARGUMENT...]"_s}};
    page.sections.append(
        {.title = u"Description"_s,
         .paragraphs = {u"dispatchctl is a client of a server for real-time rooms: it listens, "
                        "emits, looks who is there, makes tokens, measures and finds faults."_s,
                        u"A TIME is a number with ms, s, m, h or d; s if it has none."_s}});
    page.sections.append({.title = u"Commands"_s});
    for (const Ctl::CommandInfo &command : Ctl::commandTable())
        page.sections += sectionOf(command);
    page.sections += {commonOptions(),
                      {.title = u"Environment"_s, .entries = entriesOf(Ctl::environmentHelp())},
                      {.title = u"Exit status"_s, .entries = entriesOf(Ctl::exitCodeHelp())}};
    page.seeAlso = {u"dispatchd(8)"_s};
    return page;
}

CompletedOption completedOf(const Ctl::OptionInfo &option)
{
    return {option.name, option.value};
}

CompletedProgram completion()
{
    CompletedProgram program{.name = u"dispatchctl"_s,
                             .commands = {{.options = {completedOf(Help), completedOf(Version)}}}};
    for (const Ctl::CommandInfo &command : Ctl::commandTable()) {
        CompletedCommand completed{.name = command.name};
        for (const Ctl::OptionInfo &option :
             command.options + Ctl::sharedOptions(command.shared) + QList{Help})
            completed.options += completedOf(option);
        program.commands += completed;
    }
    return program;
}

} // namespace

int main(int argc, char *argv[])
{
    if (argc != 2)
        return 2;
    return write(QString::fromLocal8Bit(argv[1]), {page()}, completion()) ? 0 : 1;
}

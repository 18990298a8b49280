// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

// dispatchd-manual <folder> writes the manual of dispatchd and of its configuration file, and such
// a file.

#include "commandline_p.h"
#include "configfile_p.h"
#include "configprinter_p.h"
#include "manualwriter_p.h"

#include <QtCore/qregularexpression.h>

using namespace Dispatch;
using namespace Dispatch::Manual;
using namespace Qt::StringLiterals;

namespace {

Section options()
{
    Section section{.title = u"Options"_s};
    for (const QCommandLineOption &option : commandLineOptions()) {
        if (option.flags().testFlag(QCommandLineOption::HiddenFromHelp))
            continue;
        QStringList names;
        for (const QString &name : option.names())
            names += (name.size() == 1 ? u"-"_s : u"--"_s) + name;
        const QString value =
            option.valueName().isEmpty() ? QString() : u" <%1>"_s.arg(option.valueName());
        section.entries.append({names.join(u", "_s) + value, option.description()});
    }
    section.paragraphs +=
        u"What is on by default, or in the file, is switched off by --no- and its "
        "name, as in --no-require-project-id."_s;
    return section;
}

Page daemonPage()
{
    return {
        .name = u"dispatchd"_s,
        .section = 8,
        .summary = u"server for real-time rooms"_s,
        .version = QStringLiteral(DISPATCH_VERSION),
        .synopsis = {u"dispatchd [OPTION...]"_s},
        .sections =
            {{.title = u"Description"_s,
              .paragraphs =
                  {u"dispatchd serves rooms for clients of Dispatch: who names a project lands in "
                   "a room of it, sees who else is there, and emits events to all of them or to "
                   "some. It listens on this machine alone, at port 8090, unless told otherwise, "
                   "and shows operators at port 8091 how it goes."_s,
                   u"Each option can be set by a flag (--max-connections 1000), in the environment "
                   "(DISPATCHD_MAX_CONNECTIONS=1000) and in a file (max_connections = 1000). The "
                   "flag wins, then the environment."_s}},
             options(),
             {.title = u"Environment"_s,
              .entries = {{u"DISPATCHD_CONFIG"_s, u"For --config."_s},
                          {u"DISPATCHD_..."_s,
                           u"Each option, in capitals, with underscores for dashes."_s}}},
             {.title = u"Files"_s,
              .entries = {{QStringLiteral(DISPATCH_CONFIG_FILE),
                           u"The configuration, if --config names no other."_s}}},
             {.title = u"Signals"_s,
              .entries =
                  {{u"SIGTERM, SIGINT"_s,
                    u"Take no more clients, have those that are there leave, and end. A "
                    "second one does not wait for them."_s},
                   {u"SIGHUP"_s,
                    u"Read the configuration again, for clients that are there, too. If "
                    "anything is wrong with it, that is logged and all stays as it was."_s}}},
             {.title = u"Exit status"_s,
              .entries = {{u"0"_s, u"Ended by a signal, or the configuration is good."_s},
                          {u"1"_s, u"The address, or that for operators, can't be listened on."_s},
                          {u"2"_s,
                           u"The configuration, or a file that it names, is wrong; nothing was "
                           "started."_s}}}},
        .seeAlso = {u"dispatchd.toml(5)"_s, u"dispatchctl(1)"_s}};
}

Section keysOf(const QString &table)
{
    Section section{.title = table.isEmpty() ? u"Options"_s : u"[%1]"_s.arg(table),
                    .isSub = !table.isEmpty()};
    for (const Option &option : allOptions()) {
        if (option.section == table)
            section.entries.append({option.key, describeForFile(option)});
    }
    return section;
}

Section sectionOf(const EntryTable &table)
{
    return {.title = u"[[%1]]"_s.arg(table.name), .paragraphs = {table.about}, .isSub = true};
}

Page configPage()
{
    Page page{.name = u"dispatchd.toml"_s,
              .section = 5,
              .summary = u"configuration of dispatchd"_s,
              .version = QStringLiteral(DISPATCH_VERSION)};
    page.sections.append(
        {.title = u"Description"_s,
         .paragraphs = {
             u"A file in TOML. dispatchd reads %1 unless --config or DISPATCHD_CONFIG name another "
             "one. Paths are relative to the file. What is not there has its default; what is not "
             "known is an error."_s.arg(QStringLiteral(DISPATCH_CONFIG_FILE)),
             u"SIGHUP has it read again. 'dispatchd --check-config' says what is wrong with it, "
             "and 'dispatchd --print-config' prints it with all that can be set."_s}});
    page.sections += keysOf({});
    for (const QString &table : sections())
        page.sections += keysOf(table);
    page.sections += {sectionOf(keysTable()), sectionOf(projectTokensTable())};
    page.seeAlso = {u"dispatchd(8)"_s};
    return page;
}

CompletedProgram completion()
{
    CompletedCommand command;
    for (const QCommandLineOption &option : commandLineOptions())
        command.options.append({option.names().constLast(), option.valueName()});
    return {u"dispatchd"_s, {command}};
}

/// A file to begin with: all that can be set, and nothing that is.
QString sampleConfig()
{
    QString text = toToml(Configuration());
    static const QRegularExpression assignment(u"^(?=[a-z_]+ = )"_s,
                                               QRegularExpression::MultilineOption);
    return text.replace(assignment, u"#"_s);
}

} // namespace

int main(int argc, char *argv[])
{
    if (argc != 2)
        return 2;
    const QString folder = QString::fromLocal8Bit(argv[1]);
    const bool allWritten = write(folder, {daemonPage(), configPage()}, completion())
        && writeFile(folder + u"/dispatchd.toml"_s, sampleConfig());
    return allWritten ? 0 : 1;
}

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "completion_p.h"

using namespace Qt::StringLiterals;

namespace Dispatch::Manual {

namespace {

bool namesFile(const CompletedOption &option)
{
    return option.value == "FILE"_L1 || option.value == "path"_L1;
}

/// Offers \a words.
QString offer(const CompletedProgram &program, const QString &words)
{
    return u"_%1_words '%2'"_s.arg(program.name, words);
}

/// A branch for \a names, if there are any.
QString branch(const QStringList &names, const QString &action)
{
    return names.isEmpty() ? QString()
                           : u"            %1) %2 ;;\n"_s.arg(names.join(u" | "_s), action);
}

/// What completes the value of an option of \a command that stands before the cursor.
QString valueBranches(const CompletedProgram &program, const CompletedCommand &command)
{
    QStringList files;
    QStringList others;
    QString out;
    for (const CompletedOption &option : command.options) {
        const QString name = u"--"_s + option.name;
        if (namesFile(option))
            files += name;
        else if (option.value.contains(u'|'))
            out += branch(
                {name}, offer(program, QString(option.value).replace(u'|', u' ')) + u"; return"_s);
        else if (!option.value.isEmpty())
            others += name;
    }
    return out + branch(files, u"_%1_files; return"_s.arg(program.name))
        + branch(others, u"return"_s);
}

/// The words that go on from what is there: of "token make" that is "make" behind "token".
QStringList wordsBehind(const CompletedProgram &program, const QString &words)
{
    const QString start = words.isEmpty() ? QString() : words + u' ';
    QStringList next;
    for (const CompletedCommand &command : program.commands) {
        if (!command.name.startsWith(start))
            continue;
        const QString word = command.name.mid(start.size()).section(u' ', 0, 0);
        if (!word.isEmpty() && !next.contains(word))
            next += word;
    }
    return next;
}

QString commandBranch(const CompletedProgram &program, const CompletedCommand &command)
{
    QStringList words = wordsBehind(program, command.name);
    for (const CompletedOption &option : command.options)
        words += u"--"_s + option.name;
    // A program without commands has options wherever the cursor is.
    const QString pattern = program.commands.size() == 1 ? u"*"_s
        : command.name.isEmpty()                         ? u"''"_s
                                                         : u"'%1' | '%1 '*"_s.arg(command.name);
    QString out = u"    %1)\n"_s.arg(pattern);
    if (const QString values = valueBranches(program, command); !values.isEmpty())
        out += u"        case $previous in\n"_s + values + u"        esac\n"_s;
    return out + u"        %1\n        ;;\n"_s.arg(offer(program, words.join(u' ')));
}

/// Words that begin a command, and are none: "token".
QString startBranches(const CompletedProgram &program)
{
    QStringList starts;
    for (const CompletedCommand &command : program.commands) {
        const QString start = command.name.section(u' ', 0, -2);
        if (!start.isEmpty() && !starts.contains(start))
            starts += start;
    }
    QString out;
    for (const QString &start : starts) {
        const QString words = wordsBehind(program, start).join(u' ');
        out += u"    '%1')\n        %2\n        ;;\n"_s.arg(start, offer(program, words));
    }
    return out;
}

constexpr auto Template = R"(# bash completion for %1, made of the table of its options
_%1_words() { mapfile -t COMPREPLY < <(compgen -W "$1" -- "$current"); }
_%1_files()
{
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -f -- "$current")
}
_%1()
{
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
    # --option=value is three words.
    if [[ $current == = ]]; then
        current=
    elif [[ $previous == = ]]; then
        previous=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    local before="${COMP_WORDS[*]:1:COMP_CWORD - 1}"
    COMPREPLY=()
    case $before in
%2    esac
}
complete -F _%1 %1
)"_L1;

} // namespace

QString toBash(const CompletedProgram &program)
{
    QString branches = startBranches(program);
    for (const CompletedCommand &command : program.commands)
        branches += commandBranch(program, command);
    return QString(Template).arg(program.name, branches);
}

} // namespace Dispatch::Manual

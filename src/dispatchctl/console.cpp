// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "console_p.h"

#include "printable_p.h"

#include <cstdio>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace Dispatch::Ctl {

Console::Console(OutputMode mode, QObject *parent)
    : QObject(parent)
    , m_mode(mode)
    , m_output(stdout)
    , m_showsProgress(!mode.quiet && !mode.json && ::isatty(STDERR_FILENO))
{
}

bool Console::close()
{
    if (m_output.close() || m_output.isUnread())
        return true;
    writeToStderr(u"dispatchctl: stdout can't be written: %1."_s.arg(m_output.reason()));
    return false;
}

void Console::writeToStdout(const QString &line)
{
    clearProgress();
    if (!m_output.write(printable(line).toUtf8() + '\n'))
        Q_EMIT broken();
}

void Console::writeToStderr(const QString &line)
{
    clearProgress();
    std::fprintf(stderr, "%s\n", printable(line).toUtf8().constData());
}

void Console::print(const QString &line)
{
    if (!m_mode.json)
        writeToStdout(line);
}

void Console::print(const QStringList &lines)
{
    for (const QString &line : lines)
        print(line);
}

void Console::record(const QJsonObject &object)
{
    if (m_mode.json)
        writeToStdout(compactJson(object));
}

void Console::answer(const QString &line)
{
    writeToStdout(line);
}

void Console::note(const QString &line)
{
    if (!m_mode.quiet && !m_mode.json)
        writeToStderr(line);
}

void Console::complain(const Failure &failure)
{
    QJsonObject error{{u"message"_s, failure.message}, {u"exitCode"_s, int(failure.exitCode)}};
    if (!failure.code.isEmpty())
        error.insert(u"code"_s, failure.code);
    record({{u"error"_s, error}});
    writeToStderr(u"dispatchctl: "_s + failure.message);
}

void Console::progress(const QString &line)
{
    if (!m_showsProgress)
        return;
    const QString text = shortened(printable(line), 79);
    const QString shown = text.leftJustified(m_progressLength, u' ');
    m_progressLength = text.size();
    std::fprintf(stderr, "\r%s", shown.toUtf8().constData());
    std::fflush(stderr);
}

void Console::clearProgress()
{
    if (m_progressLength == 0)
        return;
    std::fprintf(stderr, "\r%*s\r", int(m_progressLength), "");
    m_progressLength = 0;
}

} // namespace Dispatch::Ctl

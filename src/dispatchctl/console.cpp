// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "console_p.h"

#include "printable_p.h"

#include <unistd.h>

using namespace Qt::StringLiterals;

namespace Dispatch::Ctl {

Console::Console(OutputMode mode, QObject *parent)
    : QObject(parent)
    , m_mode(mode)
    , m_showsProgress(!mode.quiet && !mode.json && ::isatty(STDERR_FILENO))
{
}

void Console::write(std::FILE *stream, const QString &line)
{
    clearProgress();
    const QByteArray bytes = printable(line).toUtf8() + '\n';
    const bool isWritten = std::fwrite(bytes.constData(), 1, std::size_t(bytes.size()), stream)
            == std::size_t(bytes.size())
        && std::fflush(stream) == 0;
    if (!isWritten && stream == stdout)
        Q_EMIT closed();
}

void Console::print(const QString &line)
{
    if (!m_mode.json)
        write(stdout, line);
}

void Console::print(const QStringList &lines)
{
    for (const QString &line : lines)
        print(line);
}

void Console::record(const QJsonObject &object)
{
    if (m_mode.json)
        write(stdout, compactJson(object));
}

void Console::answer(const QString &line)
{
    write(stdout, line);
}

void Console::note(const QString &line)
{
    if (!m_mode.quiet && !m_mode.json)
        write(stderr, line);
}

void Console::complain(const Failure &failure)
{
    QJsonObject error{{u"message"_s, failure.message}, {u"exitCode"_s, int(failure.exitCode)}};
    if (!failure.code.isEmpty())
        error.insert(u"code"_s, failure.code);
    record({{u"error"_s, error}});
    write(stderr, u"dispatchctl: "_s + failure.message);
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

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "optionreader_p.h"

using namespace Qt::StringLiterals;

namespace Dispatch::Ctl {

QString OptionReader::text(const QString &name) const
{
    const QStringList values = texts(name);
    return values.isEmpty() ? QString() : values.last();
}

std::optional<qint64> OptionReader::number(const QString &name, qint64 least, qint64 most)
{
    if (!isSet(name))
        return std::nullopt;
    bool ok = false;
    const qint64 value = text(name).toLongLong(&ok);
    if (ok && value >= least && value <= most)
        return value;
    complain(u"--%1 is a whole number from %2 to %3, not '%4'."_s.arg(
        name, QString::number(least), QString::number(most), text(name)));
    return std::nullopt;
}

std::optional<double> OptionReader::decimal(const QString &name, double least, double most)
{
    if (!isSet(name))
        return std::nullopt;
    bool ok = false;
    const double value = text(name).toDouble(&ok);
    if (ok && value >= least && value <= most)
        return value;
    complain(u"--%1 is a number from %2 to %3, not '%4'."_s.arg(name, QString::number(least),
                                                                QString::number(most), text(name)));
    return std::nullopt;
}

std::optional<Milliseconds> OptionReader::duration(const QString &name, Milliseconds least,
                                                   Milliseconds most)
{
    if (!isSet(name))
        return std::nullopt;
    const auto value = parseDuration(text(name));
    if (value && *value >= least && *value <= most)
        return value;
    complain(u"--%1 is a time such as 10, 500ms, 5m or 1h, from %2 to %3, not '%4'."_s.arg(
        name, formatDuration(least), formatDuration(most), text(name)));
    return std::nullopt;
}

void OptionReader::complain(const QString &problem)
{
    if (m_problem.isEmpty())
        m_problem = problem;
}

} // namespace Dispatch::Ctl

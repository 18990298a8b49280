// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "duration_p.h"

#include <QtCore/qhash.h>
#include <QtCore/qstringlist.h>

#include <optional>

namespace Dispatch::Ctl {

/// What stands behind the name of a command.
struct Arguments {
    QStringList positional = {};
    QHash<QString, QStringList> options = {}; ///< by name, with each value that was given
};

/// Reads values of options. What can't be read is absent, and problem() says why.
class OptionReader {
public:
    explicit OptionReader(const Arguments &arguments)
        : m_arguments(arguments)
    {
    }

    const QStringList &positional() const { return m_arguments.positional; }
    bool isSet(const QString &name) const { return m_arguments.options.contains(name); }
    /// The last value of the option, or an empty text.
    QString text(const QString &name) const;
    QStringList texts(const QString &name) const { return m_arguments.options.value(name); }
    std::optional<qint64> number(const QString &name, qint64 least, qint64 most);
    std::optional<double> decimal(const QString &name, double least, double most);
    std::optional<Milliseconds> duration(const QString &name, Milliseconds least,
                                         Milliseconds most);

    /// Notes a problem down, unless there was one before.
    void complain(const QString &problem);
    /// The first problem, as a sentence; empty if all is well.
    const QString &problem() const { return m_problem; }

private:
    Arguments m_arguments;
    QString m_problem;
};

} // namespace Dispatch::Ctl

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "failure_p.h"
#include "output_p.h"

#include <QtCore/qjsonobject.h>
#include <QtCore/qobject.h>
#include <QtCore/qstringlist.h>

namespace Dispatch::Ctl {

/// What a user wants to read.
struct OutputMode {
    bool json = false; ///< JSON lines instead of text
    bool quiet = false; ///< only what was asked for, and errors
};

/// Where a command speaks to: stdout for what was asked for, stderr for all else. Each line is
/// made printable, since most of what there is to tell was written by strangers.
class Console : public QObject {
    Q_OBJECT

public:
    explicit Console(OutputMode mode, QObject *parent = nullptr);

    bool isJson() const { return m_mode.json; }

    /// A line of the answer for people; nothing in JSON mode.
    void print(const QString &line);
    void print(const QStringList &lines);
    /// A line of the answer for programs; nothing but in JSON mode.
    void record(const QJsonObject &object);
    /// A line of the answer that is the same for both.
    void answer(const QString &line);
    /// What happens meanwhile: on stderr, unless it shall be quiet.
    void note(const QString &line);
    /// What went wrong and what to do: on stderr, and in JSON mode as a record, too.
    void complain(const Failure &failure);

    /// A line that the next one replaces; only on a terminal, and unless it shall be quiet.
    void progress(const QString &line);
    void clearProgress();

    /// Says nothing more, and tells whether all of the answer is written; if not, stderr has the
    /// reason. That nobody reads it to its end is no failure.
    bool close();

Q_SIGNALS:
    /// stdout takes no more; what is said from now on is lost.
    void broken();

private:
    void writeToStdout(const QString &line);
    void writeToStderr(const QString &line);

    OutputMode m_mode;
    Output m_output;
    bool m_showsProgress;
    qsizetype m_progressLength = 0;
};

} // namespace Dispatch::Ctl

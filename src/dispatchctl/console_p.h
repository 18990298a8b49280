// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "failure_p.h"

#include <QtCore/qjsonobject.h>
#include <QtCore/qobject.h>
#include <QtCore/qstringlist.h>

#include <cstdio>

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

Q_SIGNALS:
    /// Nobody reads stdout any more.
    void closed();

private:
    void write(std::FILE *stream, const QString &line);

    OutputMode m_mode;
    bool m_showsProgress;
    qsizetype m_progressLength = 0;
};

} // namespace Dispatch::Ctl

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qbytearray.h>
#include <QtCore/qdatetime.h>
#include <QtCore/qlogging.h>
#include <QtCore/qstring.h>

namespace Dispatch {

/// How a line of the log is written.
enum class LogFormat {
    Text, ///< time, level, category, message
    Json, ///< an object with these four
};

/// What is to be said.
struct LogRecord {
    QDateTime time{};
    QtMsgType type = QtInfoMsg;
    QString category{};
    QString message{}; ///< may hold what strangers wrote
};

/// One line of printable UTF-8 that ends with a line feed and has at most MaximumLogLine bytes,
/// whatever is in \a record. In it C0 and C1 controls, line and paragraph separators, marks and
/// overrides of direction, and lone surrogates are written as \u202e.
QByteArray formatLogLine(LogFormat format, const LogRecord &record);

/// A pipe takes as many bytes at once or none (PIPE_BUF of Linux).
inline constexpr qsizetype MaximumLogLine = 4096;

/// How bad something is, from 0 for debug to 4 for fatal: QtMsgType is not in that order.
int severityOf(QtMsgType type);
/// "debug", "info", "warning", "error", "fatal".
const char *levelName(QtMsgType type);

} // namespace Dispatch

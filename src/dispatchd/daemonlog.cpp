// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "daemonlog_p.h"

#include "logline_p.h"
#include "logwriter_p.h"

#include "loglimiter_p.h"

#include <QtCore/qhash.h>

#include <mutex>
#include <unistd.h>

namespace Dispatch {

using namespace Qt::StringLiterals;

Q_LOGGING_CATEGORY(lcDaemon, "dispatch.daemon", QtInfoMsg)

namespace {

/// What all threads write to.
struct Log {
    std::mutex mutex;
    LogFormat format = LogFormat::Text;
    QHash<QByteArray, LogLimiter> limiters; // one for each place in the source
    LogWriter writer{STDERR_FILENO};
};

Log &log()
{
    static Log instance;
    return instance;
}

LogRecord record(QtMsgType type, const QString &category, const QString &message)
{
    return {QDateTime::currentDateTimeUtc(), type, category, message};
}

/// Where in the source a message is from.
QByteArray siteOf(QtMsgType type, const QMessageLogContext &context, const QString &category)
{
    if (context.file)
        return QByteArray(context.file) + ':' + QByteArray::number(context.line);
    return category.toUtf8() + ':' + levelName(type);
}

void handleMessage(QtMsgType type, const QMessageLogContext &context, const QString &message)
{
    Log &to = log();
    const QString category = QString::fromUtf8(context.category ? context.category : "default");
    const std::lock_guard lock(to.mutex);
    const auto leftOut = to.limiters[siteOf(type, context, category)].admit(Clock::now());
    if (!leftOut && type != QtFatalMsg)
        return;
    QString text = message;
    if (leftOut.value_or(0) > 0)
        text += u" (%1 such lines were left out before)"_s.arg(*leftOut);
    if (!to.writer.write(formatLogLine(to.format, record(type, category, text))))
        return;
    if (const int lost = to.writer.takeLost(); lost > 0) {
        const QString notice = u"%1 lines of the log could not be written before"_s.arg(lost);
        to.writer.write(formatLogLine(to.format, record(QtWarningMsg, category, notice)));
    }
}

/// Categories that are off cost next to nothing, unlike lines that are thrown away.
QString rulesFor(const QString &level)
{
    QString rules;
    bool isOn = false;
    for (const QtMsgType type : {QtDebugMsg, QtInfoMsg, QtWarningMsg, QtCriticalMsg}) {
        const QString name = QString::fromLatin1(levelName(type));
        isOn = isOn || name == level;
        const QString key = type == QtCriticalMsg ? u"critical"_s : name;
        // What Qt has to say for its own developers is not for operators.
        rules += u"dispatch.*.%1=%2\n"_s.arg(key, isOn ? u"true"_s : u"false"_s);
    }
    return rules;
}

} // namespace

void installLog(const DaemonSettings &settings)
{
    QLoggingCategory::setFilterRules(rulesFor(settings.logLevel));
    {
        const std::lock_guard lock(log().mutex);
        log().format = settings.logFormat == "json"_L1 ? LogFormat::Json : LogFormat::Text;
    }
    qInstallMessageHandler(handleMessage);
}

} // namespace Dispatch

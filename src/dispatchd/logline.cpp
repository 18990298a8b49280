// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "logline_p.h"

#include <QtCore/qstringconverter.h>

#include <algorithm>
#include <array>

namespace Dispatch {

using namespace Qt::StringLiterals;

namespace {

// Room for the other fields, and for the mark of what was cut off.
constexpr qsizetype MaximumMessage = MaximumLogLine - 256;
constexpr qsizetype MaximumCategory = 64;

bool isHidden(char32_t c)
{
    return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x2028 || c == 0x2029 // other lines
        || c == 0x061c || c == 0x200e || c == 0x200f // other directions
        || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff
        || (c >= 0xfff9 && c <= 0xfffb) || (c >= 0xd800 && c <= 0xdfff);
}

void appendEscape(QByteArray &out, char32_t c)
{
    out += "\\u" + QByteArray::number(uint(c), 16).rightJustified(4, '0');
}

/// Stops before \a most bytes are there, at the border of a character.
QByteArray escaped(const QString &text, LogFormat format, qsizetype most)
{
    QByteArray out;
    for (qsizetype i = 0; i < text.size(); ++i) {
        QByteArray next;
        char32_t c = text[i].unicode();
        if (text[i].isHighSurrogate() && i + 1 < text.size() && text[i + 1].isLowSurrogate())
            c = QChar::surrogateToUcs4(text[i], text[i + 1]);
        if (c > 0xffff)
            ++i;
        if (isHidden(c))
            appendEscape(next, c);
        else if (format == LogFormat::Json && (c == '"' || c == '\\'))
            next = QByteArray("\\") + char(c);
        else
            next = QString::fromUcs4(&c, 1).toUtf8();
        if (out.size() + next.size() > most)
            return out + "...";
        out += next;
    }
    return out;
}

} // namespace

int severityOf(QtMsgType type)
{
    switch (type) {
    case QtDebugMsg:
        return 0;
    case QtInfoMsg:
        return 1;
    case QtWarningMsg:
        return 2;
    case QtCriticalMsg:
        return 3;
    case QtFatalMsg:
        break;
    }
    return 4;
}

const char *levelName(QtMsgType type)
{
    static constexpr std::array Names{"debug", "info", "warning", "error", "fatal"};
    return Names[std::size_t(severityOf(type))];
}

QByteArray formatLogLine(LogFormat format, const LogRecord &record)
{
    const QByteArray time = record.time.toUTC().toString(u"yyyy-MM-ddTHH:mm:ss.zzzZ"_s).toLatin1();
    const QByteArray level = levelName(record.type);
    const QByteArray category = escaped(record.category, format, MaximumCategory);
    const QByteArray message = escaped(record.message, format, MaximumMessage);
    if (format == LogFormat::Json)
        return R"({"time":")" + time + R"(","level":")" + level + R"(","category":")" + category
            + R"(","message":")" + message + "\"}\n";
    return time + ' ' + level + ' ' + category + ": " + message + '\n';
}

} // namespace Dispatch

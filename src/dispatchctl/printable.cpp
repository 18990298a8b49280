// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "printable_p.h"

#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>

using namespace Qt::StringLiterals;

namespace Dispatch::Ctl {

namespace {

// They hold emoji and some scripts together, and do nothing else.
constexpr char32_t ZeroWidthNonJoiner = 0x200C;
constexpr char32_t ZeroWidthJoiner = 0x200D;

bool isHarmless(char32_t c)
{
    switch (QChar::category(c)) {
    case QChar::Other_Format:
        return c == ZeroWidthNonJoiner || c == ZeroWidthJoiner;
    case QChar::Other_Control:
    case QChar::Other_Surrogate:
    case QChar::Separator_Line:
    case QChar::Separator_Paragraph:
        return false;
    default:
        return true;
    }
}

} // namespace

QString printable(QStringView untrusted)
{
    QString text;
    text.reserve(untrusted.size());
    for (qsizetype i = 0, length = 0; i < untrusted.size(); i += length) {
        const bool isPair = untrusted[i].isHighSurrogate() && i + 1 < untrusted.size()
            && untrusted[i + 1].isLowSurrogate();
        length = isPair ? 2 : 1;
        const QStringView units = untrusted.sliced(i, length);
        const char32_t c =
            isPair ? QChar::surrogateToUcs4(units[0], units[1]) : char32_t(units[0].unicode());
        if (isHarmless(c)) {
            text += units;
            continue;
        }
        for (const QChar unit : units)
            text += u"\\u%1"_s.arg(uint(unit.unicode()), 4, 16, QChar(u'0'));
    }
    return text;
}

QString compactJson(const QJsonValue &value)
{
    // Characters that are escaped here can only stand in strings, where this is JSON's own way.
    const QByteArray list = QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact);
    return printable(QString::fromUtf8(list.sliced(1, list.size() - 2)));
}

QString shortened(const QString &text, qsizetype length)
{
    if (text.size() <= length)
        return text;
    qsizetype end = length - 3;
    if (text[end - 1].isHighSurrogate())
        --end;
    return text.left(end) + u"..."_s;
}

} // namespace Dispatch::Ctl

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "displaytext_p.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Dispatch {

namespace {

/// As many as a letter of a language has; more of them cover the lines above and below.
constexpr int MostMarks = 4;
/// What is shorter is no token, but might be a word.
constexpr qsizetype ShortestSecret = 6;

bool isInvisible(QChar c)
{
    // These two join and part letters of some scripts, and make one emoji of several.
    constexpr QChar NonJoiner(0x200C);
    constexpr QChar Joiner(0x200D);
    return c.category() == QChar::Other_Format && c != NonJoiner && c != Joiner;
}

/// \a text, at most \a longest, with a sign that it is cut and no half of a character before that.
QString cut(const QString &text, qsizetype longest)
{
    if (text.size() <= longest)
        return text;
    const qsizetype end = std::max<qsizetype>(longest - 1, 0);
    const bool inCharacter = end > 0 && text[end - 1].isHighSurrogate();
    return text.first(inCharacter ? end - 1 : end) + u'…';
}

} // namespace

QString displayText(const QString &text, qsizetype longest)
{
    QString shown;
    shown.reserve(text.size());
    int marks = 0;
    for (const QChar c : text) {
        marks = c.isMark() ? marks + 1 : 0;
        if (marks > MostMarks || isInvisible(c))
            continue;
        shown += c.category() == QChar::Other_Control ? QChar(u' ') : c;
    }
    return cut(shown.simplified(), longest);
}

QString withoutSecrets(QString text, const QStringList &secrets)
{
    for (const QString &secret : secrets) {
        if (secret.size() >= ShortestSecret)
            text.replace(secret, u"***"_s);
    }
    return text;
}

} // namespace Dispatch

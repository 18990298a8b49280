// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "secretmask_p.h"

#include <algorithm>
#include <optional>

using namespace Qt::StringLiterals;

namespace Dispatch::Inspection {

namespace {

/// Of IDENTIFY, of the greeting, and of joins.
const QStringList &keysOfProtocol()
{
    static const QStringList keys{u"token"_s, u"session"_s, u"authorization"_s, u"projectToken"_s};
    return keys;
}

/// Any of \a keys in its quotes.
QString anyOf(const QStringList &keys)
{
    QStringList escaped;
    for (const QString &key : keys) {
        if (!key.isEmpty())
            escaped += QRegularExpression::escape(key);
    }
    return u"\"(?:%1)\""_s.arg(escaped.join(u'|'));
}

QRegularExpression regex(const QString &pattern)
{
    return QRegularExpression(pattern, QRegularExpression::CaseInsensitiveOption);
}

/// Where the text ends that begins behind the quote before \a at: at its closing quote, or where
/// it was cut.
qsizetype endOfText(QStringView json, qsizetype at)
{
    for (; at < json.size() && json[at] != u'"'; ++at) {
        if (json[at] == u'\\')
            ++at;
    }
    return std::min(at, json.size());
}

/// Where the array or the object ends that begins \a at.
qsizetype endOfNest(QStringView json, qsizetype at)
{
    int depth = 0;
    for (; at < json.size(); ++at) {
        const QChar c = json[at];
        if (c == u'"')
            at = endOfText(json, at + 1);
        else if (c == u'[' || c == u'{')
            ++depth;
        else if ((c == u']' || c == u'}') && --depth == 0)
            return at + 1;
    }
    return json.size();
}

/// Where the number or the word ends that begins \a at.
qsizetype endOfWord(QStringView json, qsizetype at)
{
    constexpr QStringView Ends = u" \t\r\n,]}";
    while (at < json.size() && !Ends.contains(json[at]))
        ++at;
    return at;
}

struct Range {
    qsizetype begin = 0;
    qsizetype end = 0;
};

/// Where the value is that begins \a at; of a text what is in its quotes. Nothing if there is none,
/// or null.
std::optional<Range> valueAt(QStringView json, qsizetype at)
{
    const QChar first = at < json.size() ? json[at] : QChar();
    if (first == u'"')
        return Range{at + 1, endOfText(json, at + 1)};
    if (first == u'[' || first == u'{')
        return Range{at, endOfNest(json, at)};
    const qsizetype end = endOfWord(json, at);
    if (end == at || json.sliced(at, end - at) == "null"_L1)
        return std::nullopt;
    return Range{at, end};
}

} // namespace

SecretMask::SecretMask()
{
    setKeys({u"accessToken"_s, u"apiKey"_s, u"password"_s, u"refreshToken"_s, u"secret"_s});
}

void SecretMask::setKeys(const QStringList &keys)
{
    m_keys = keys;
    const QStringList all = keysOfProtocol() + keys;
    // The head and the claims of a token are JSON objects in base64.
    const QString found = uR"re(%1\s*+:\s*+|\beyJ[\w-]{8,}+(?:\.[\w-]*+)++)re"_s;
    m_secret = regex(found.arg(anyOf(all)));
    m_secretOrValue = regex(found.arg(anyOf(all + QStringList{u"value"_s})));
    m_secretKey = regex(uR"re("key"\s*+:\s*+%1)re"_s.arg(anyOf(all)));
}

QString SecretMask::masked(const QString &text) const
{
    // A change of the shared state names its key beside the value.
    const QRegularExpression &secret = text.contains(m_secretKey) ? m_secretOrValue : m_secret;
    QString shown;
    qsizetype done = 0;
    auto matches = secret.globalMatch(text);
    while (matches.hasNext()) {
        const QRegularExpressionMatch match = matches.next();
        // In what was blotted out as a whole.
        if (match.capturedStart() < done)
            continue;
        const bool isKey = match.capturedView().startsWith(u'"');
        const auto range = isKey ? valueAt(text, match.capturedEnd())
                                 : Range{match.capturedStart(), match.capturedEnd()};
        if (!range)
            continue;
        shown += QStringView(text).sliced(done, range->begin - done);
        shown += "***"_L1;
        done = range->end;
    }
    return shown += QStringView(text).sliced(done);
}

} // namespace Dispatch::Inspection

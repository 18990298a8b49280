// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "secretmask_p.h"

using namespace Qt::StringLiterals;

namespace Dispatch::Inspection {

namespace {

/// Of IDENTIFY, of the greeting, and of joins.
const QStringList &keysOfProtocol()
{
    static const QStringList keys{u"token"_s, u"session"_s, u"authorization"_s, u"projectToken"_s};
    return keys;
}

} // namespace

SecretMask::SecretMask()
{
    setKeys({u"accessToken"_s, u"apiKey"_s, u"password"_s, u"refreshToken"_s, u"secret"_s});
}

void SecretMask::setKeys(const QStringList &keys)
{
    m_keys = keys;
    QStringList escaped;
    for (const QString &key : keysOfProtocol() + keys) {
        if (!key.isEmpty())
            escaped += QRegularExpression::escape(key);
    }
    // A key and the text that is its value, to the closing quote, or to where it was cut; or the
    // head and the claims of a token, which are JSON objects in base64, with what follows.
    m_secret.setPattern(
        uR"re(("(?:%1)"\s*+:\s*+")(?:[^"\\]++|\\.)*+\\?+|\beyJ[\w-]{8,}+(?:\.[\w-]*+)++)re"_s.arg(
            escaped.join(u'|')));
    m_secret.setPatternOptions(QRegularExpression::CaseInsensitiveOption
                               | QRegularExpression::DotMatchesEverythingOption);
    m_secret.optimize();
}

QString SecretMask::masked(QString text) const
{
    return text.replace(m_secret, u"\\1***"_s);
}

} // namespace Dispatch::Inspection

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "jsonwebtoken_p.h"

#include "limits_p.h"
#include "strictobject_p.h"

#include <QtCore/qjsondocument.h>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Dispatch {

using Verdict = DispatchTokenVerdict;

namespace {

constexpr int Levels = 16;
constexpr qsizetype KeyIdLength = 64;

/// Nothing unless \a text is what encoding gives: no padding, no other alphabet, no stray bits.
std::optional<QByteArray> decoded(const QByteArray &text)
{
    constexpr auto Encoding = QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals;
    const auto result =
        QByteArray::fromBase64Encoding(text, Encoding | QByteArray::AbortOnBase64DecodingErrors);
    if (!result || result.decoded.isEmpty() || result.decoded.toBase64(Encoding) != text)
        return std::nullopt;
    return result.decoded;
}

std::optional<QJsonObject> object(const QByteArray &part)
{
    const auto json = decoded(part);
    if (!json
        || !isStrictObject({json->constData(), static_cast<std::size_t>(json->size())}, Levels)) {
        return std::nullopt;
    }
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(*json, &error);
    if (error.error != QJsonParseError::NoError || !document.isObject())
        return std::nullopt;
    return document.object();
}

} // namespace

Verdict refused(Verdict::Fault fault, const QString &reason)
{
    return {{}, reason, fault, 0, {}};
}

std::variant<JsonWebToken, Verdict> parseToken(const QByteArray &token)
{
    if (token.isEmpty() || token.size() > static_cast<qsizetype>(Limits::TokenBytes))
        return refused(Verdict::Malformed, u"the token is empty or too long"_s);
    const QList<QByteArray> parts = token.split('.');
    if (parts.size() != 3)
        return refused(Verdict::Malformed, u"the token does not have three parts"_s);
    const auto header = object(parts[0]);
    const auto claims = object(parts[1]);
    if (!header || !claims || !decoded(parts[2]))
        return refused(Verdict::Malformed, u"a part of the token is not what it has to be"_s);
    if (header->contains("crit"_L1))
        return refused(Verdict::Unsupported, u"crit asks for what is not understood"_s);

    JsonWebToken result{header->value("alg"_L1).toString(), {}, *claims};
    if (const QJsonValue keyId = header->value("kid"_L1); !keyId.isUndefined()) {
        if (!isValidKeyId(keyId.toString()))
            return refused(Verdict::UnknownKey, u"kid can't be the name of a key"_s);
        result.keyId = keyId.toString();
    }
    return result;
}

bool isValidKeyId(QStringView keyId)
{
    const auto isAllowed = [](QChar c) {
        return (c >= u'A' && c <= u'Z') || (c >= u'a' && c <= u'z') || (c >= u'0' && c <= u'9')
            || c == u'.' || c == u'_' || c == u'-';
    };
    return !keyId.isEmpty() && keyId.size() <= KeyIdLength && std::ranges::all_of(keyId, isAllowed);
}

} // namespace Dispatch

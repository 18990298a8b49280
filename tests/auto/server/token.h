// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>
#include <QtCore/qmessageauthenticationcode.h>

/// Makes JSON Web Tokens for tests, good and bad ones.
namespace Token {

inline QByteArray encoded(const QByteArray &bytes)
{
    return bytes.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

inline QByteArray encoded(const QJsonObject &object)
{
    return Token::encoded(QJsonDocument(object).toJson(QJsonDocument::Compact));
}

/// The first two parts.
inline QByteArray unsignedText(const QJsonObject &header, const QJsonObject &claims)
{
    return Token::encoded(header) + '.' + Token::encoded(claims);
}

/// \a text, two parts of whatever kind, with the third.
inline QByteArray hmacSigned(const QByteArray &text, const QByteArray &secret,
                             QCryptographicHash::Algorithm hash = QCryptographicHash::Sha256)
{
    return text + '.' + Token::encoded(QMessageAuthenticationCode::hash(text, secret, hash));
}

inline QByteArray make(const QJsonObject &claims, const QByteArray &secret,
                       const QString &algorithm = QStringLiteral("HS256"),
                       QCryptographicHash::Algorithm hash = QCryptographicHash::Sha256)
{
    const QJsonObject header{{QStringLiteral("alg"), algorithm},
                             {QStringLiteral("typ"), QStringLiteral("JWT")}};
    return hmacSigned(unsignedText(header, claims), secret, hash);
}

} // namespace Token

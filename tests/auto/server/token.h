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

inline QByteArray make(const QJsonObject &claims, const QByteArray &secret,
                       const QString &algorithm = QStringLiteral("HS256"),
                       QCryptographicHash::Algorithm hash = QCryptographicHash::Sha256)
{
    const QJsonObject header{{QStringLiteral("alg"), algorithm},
                             {QStringLiteral("typ"), QStringLiteral("JWT")}};
    const QByteArray text = encoded(QJsonDocument(header).toJson(QJsonDocument::Compact)) + '.'
        + encoded(QJsonDocument(claims).toJson(QJsonDocument::Compact));
    return text + '.' + encoded(QMessageAuthenticationCode::hash(text, secret, hash));
}

} // namespace Token

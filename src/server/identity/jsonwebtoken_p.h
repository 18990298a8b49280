// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatchtokenverifier.h"

#include <QtCore/qjsonobject.h>

#include <variant>

namespace Dispatch {

/// A verdict that refuses.
DispatchTokenVerdict refused(DispatchTokenVerdict::Fault fault, const QString &reason);

/// What a token says, signed or not: to be believed only after its signature was verified.
struct JsonWebToken {
    QString algorithm;
    std::optional<QString> keyId;
    QJsonObject claims;
};

/// Takes \a token apart (RFC 7519, compact). Strict, so that all readers read the same: three
/// parts of canonical base64url, JSON objects without repeated members, nothing critical.
std::variant<JsonWebToken, DispatchTokenVerdict> parseToken(const QByteArray &token);

/// Whether \a keyId can be the name of a key: it is never more than that.
bool isValidKeyId(QStringView keyId);

} // namespace Dispatch

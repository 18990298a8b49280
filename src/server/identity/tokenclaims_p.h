// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatchtokenverifier.h"

#include <QtCore/qjsonobject.h>

#include <variant>

namespace Dispatch {

/// The claims that count, as they were signed. Times are in seconds since the epoch.
struct TokenClaims {
    qint64 expiresAt = 0;
    std::optional<qint64> notBefore;
    std::optional<qint64> issuedAt;
    QStringList audience;
    QString issuer;
    QString subject;
    bool isBackend = false;
    std::optional<QStringList> shards;
};

/// Reads \a claims; a verdict if one is missing or of the wrong kind.
std::variant<TokenClaims, DispatchTokenVerdict> readClaims(const QJsonObject &claims);

enum class TokenRole { User, Backend };

/// What \a claims, whose signature was made with \a key, mean in \a projectId at \a now.
DispatchTokenVerdict judgeClaims(const TokenClaims &claims, const DispatchTokenKey &key,
                                 const QString &projectId, TokenRole role, qint64 now);

} // namespace Dispatch

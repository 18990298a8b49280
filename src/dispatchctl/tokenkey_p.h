// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qbytearray.h>
#include <QtCore/qjsonobject.h>
#include <QtCore/qstring.h>

#include <optional>
#include <variant>

namespace Dispatch::Ctl {

/// The algorithms that servers know: HS256, RS256, ES256.
bool isTokenAlgorithm(const QString &name);

/// A key for one algorithm: a secret, or one of a pair in PEM format.
class TokenKey {
public:
    enum class Use { Sign, Verify };

    /// Reads the key in the file at \a path; else a sentence that says what is wrong with it.
    static std::variant<TokenKey, QString> read(const QString &path, const QString &algorithm,
                                                Use use);

    /// A token with \a claims; \a keyId is its kid, unless empty. Nothing if the key can't sign.
    std::optional<QByteArray> sign(const QJsonObject &claims, const QString &keyId) const;
    /// Whether \a token was signed with this key, or its other half, and its algorithm.
    bool hasSigned(const QByteArray &token) const;

private:
    TokenKey(const QString &algorithm, const QByteArray &bytes)
        : m_algorithm(algorithm)
        , m_bytes(bytes)
    {
    }

    QString m_algorithm;
    QByteArray m_bytes;
};

} // namespace Dispatch::Ctl

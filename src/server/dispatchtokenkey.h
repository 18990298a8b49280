// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatchserver_export.h"

#include <QtCore/qbytearray.h>
#include <QtCore/qstring.h>
#include <QtCore/qstringlist.h>

#include <optional>

/// A key that JSON Web Tokens are verified with. It is bound to one algorithm: a token whose header
/// names another one is refused.
/// \since 0.1
struct DISPATCH_SERVER_EXPORT DispatchTokenKey {
    /// How tokens are signed.
    enum Algorithm {
        HS256, ///< HMAC with SHA-256 and a secret that both sides have
        RS256, ///< RSA (PKCS #1 v1.5) with SHA-256; the server has the public key alone
        ES256, ///< ECDSA on P-256 with SHA-256; the server has the public key alone
    };

    Algorithm algorithm = HS256; ///< that the key is for
    /// HS256: the secret, at least 32 bytes, as it is. RS256 (at least 2048 bits) and ES256: the
    /// public key as PEM ("-----BEGIN PUBLIC KEY-----").
    QByteArray key = {};
    /// The kid of the tokens that this key is for: 1 to 64 of A-Z a-z 0-9 . _ -; no two keys have
    /// the same. Empty: tokens that have no kid; of several such keys the first that fits counts.
    QString keyId = {};
    /// The projects that its tokens can be for; empty: all.
    QStringList projects = {};
    /// What aud has to contain; empty: the project's id.
    QString audience = {};
    /// What iss has to be; empty: anything.
    QString issuer = {};

    /// The algorithm that is called \a name in the header of a token ("HS256"), for configurations;
    /// nothing if it is not supported. EdDSA is not: libjwt 1.10 does not know it.
    static std::optional<Algorithm> algorithmFromName(QStringView name);
};

/// A fixed text that proves that a back end may speak for a project, for those who don't want to
/// make tokens.
/// \since 0.1
struct DispatchProjectToken {
    QString projectId; ///< for which it speaks
    QByteArray token; ///< at least 32 bytes, from a good source of random numbers
};

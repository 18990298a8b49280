// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatchserver_export.h"
#include "dispatchtokenkey.h"

#include <QtCore/qbytearray.h>
#include <QtCore/qlist.h>
#include <QtCore/qstring.h>
#include <QtCore/qstringlist.h>

#include <memory>
#include <optional>

/// What a verifier says of a token.
/// \since 0.1
struct DispatchTokenVerdict {
    /// Why a token was refused, for logs and metrics. A client hears only of Expired and NoKey, and
    /// of a shard that is not allowed; all else is the same to it.
    enum Fault {
        None,
        Invalid, ///< anything that has no code of its own
        Malformed, ///< no token at all: too long, no three parts, no strict base64url or JSON
        Unsupported, ///< the header asks for something that is not understood (crit)
        UnknownKey, ///< no key has this kid
        WrongAlgorithm, ///< not that of the key
        BadSignature,
        Expired,
        NotYetValid, ///< nbf or iat is in the future
        WrongAudience, ///< aud does not name the project, or the key is not for it
        WrongIssuer,
        BadClaims, ///< one that is needed is missing, or not what it has to be
        WrongRole, ///< a back end's token where a user's was due, or the other way round
        NoKey, ///< the server has nothing to check tokens with
    };

    QString userId;  ///< the user; empty if the token was refused
    QString reason;  ///< why it was refused; for logs, it never goes to the client
    Fault fault = None; ///< the same for programs
    qint64 expiresAt = 0; ///< in seconds since the epoch; 0: never
    /// The shards that the token is good for; nothing: it does not say, so all.
    std::optional<QStringList> shards = {};

    /// Whether the token was accepted.
    explicit operator bool() const { return !userId.isEmpty(); }
};

/// Decides whether a token says who a user is. Implementations must be thread-safe, must not
/// block, and must not log the token.
/// \since 0.1
class DISPATCH_SERVER_EXPORT DispatchTokenVerifier
{
public:
    virtual ~DispatchTokenVerifier();

    /// What \a token says about a user of \a projectId.
    virtual DispatchTokenVerdict verify(const QByteArray &token, const QString &projectId) const = 0;

    /// Whether \a token proves that its bearer is a back end of \a projectId. The verdict's user id
    /// is the back end's name: sub, or "backend". Unless implemented, all are refused.
    virtual DispatchTokenVerdict verifyBackend(const QByteArray &token,
                                               const QString &projectId) const;

    /// A verifier of JSON Web Tokens. It demands exp (30 s of leeway), aud (contains the project)
    /// and sub (the user id, at most 255 bytes), and heeds nbf, iat, iss and shards (a list of shard
    /// names). A back end's token has "role": "backend", and need not have a sub.
    /// \a projectTokens are accepted from back ends, too.
    /// Null if a key or token can't be used; then \a error, if given, says which and what to do.
    static std::shared_ptr<const DispatchTokenVerifier>
    fromKeys(const QList<DispatchTokenKey> &keys,
             const QList<DispatchProjectToken> &projectTokens = {}, QString *error = nullptr);

    /// A verifier with one key: HS256 and \a secret (at least 32 bytes). Null if the secret is too
    /// short, or is a public key.
    static std::shared_ptr<const DispatchTokenVerifier> sharedSecret(const QByteArray &secret);

protected:
    DispatchTokenVerifier() = default;
    Q_DISABLE_COPY(DispatchTokenVerifier)
};

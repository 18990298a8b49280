// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatchserver_export.h"

#include <QtCore/qbytearray.h>
#include <QtCore/qstring.h>

#include <memory>

/// What a verifier says of a token.
/// \since 0.1
struct DispatchTokenVerdict {
    QString userId;  ///< the user; empty if the token was refused
    QString reason;  ///< why it was refused; for logs, it never goes to the client

    explicit operator bool() const { return !userId.isEmpty(); }
};

/// Decides whether a token says who a user is. Implementations must be thread-safe, must not
/// block, and must not log the token.
/// \since 0.1
class DISPATCH_SERVER_EXPORT DispatchTokenVerifier
{
public:
    virtual ~DispatchTokenVerifier();

    virtual DispatchTokenVerdict verify(const QByteArray &token, const QString &projectId) const = 0;

    /// A verifier of JSON Web Tokens signed with HS256 and \a secret (at least 32 bytes). It demands
    /// exp (30 s of leeway), aud (contains the project) and sub (the user id, at most 255 bytes).
    /// Null if the secret is too short.
    static std::shared_ptr<const DispatchTokenVerifier> sharedSecret(const QByteArray &secret);

protected:
    DispatchTokenVerifier() = default;
    Q_DISABLE_COPY(DispatchTokenVerifier)
};

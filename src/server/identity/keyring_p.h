// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "signingkey_p.h"
#include "tokenclaims_p.h"

#include <vector>

namespace Dispatch {

/// What holds of a token whatever the time and the project: who signed what, or why nobody did.
struct VerifiedToken {
    const SigningKey *key = nullptr; ///< of the ring; null if the token was refused
    TokenClaims claims;
    DispatchTokenVerdict refusal;
};

/// Keys, each for its tokens.
class KeyRing {
public:
    /// The ring, or a sentence that says which key can't be used and why.
    static std::variant<KeyRing, QString> make(const QList<DispatchTokenKey> &keys);

    /// The part that costs time.
    VerifiedToken verify(const QByteArray &token) const;
    /// What \a token means in \a projectId at \a now, in seconds since the epoch.
    static DispatchTokenVerdict judge(const VerifiedToken &token, const QString &projectId,
                                      TokenRole role, qint64 now);

private:
    std::variant<const SigningKey *, DispatchTokenVerdict>
    signerOf(const QByteArray &token, const QString &algorithm,
             const std::optional<QString> &keyId) const;

    std::vector<SigningKey> m_keys;
};

} // namespace Dispatch

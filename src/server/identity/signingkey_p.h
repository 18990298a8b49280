// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatchtokenkey.h"

#include <variant>

namespace Dispatch {

/// The least length of a secret, in bytes (RFC 7518 section 3.2: that of the hash).
inline constexpr qsizetype SharedSecretBytes = 32;

/// A key that was looked at: it is one of its algorithm, and nothing that was made public.
class SigningKey {
public:
    /// The key, or a sentence that says what is wrong with it and never holds any of it.
    static std::variant<SigningKey, QString> make(const DispatchTokenKey &settings);

    const DispatchTokenKey &settings() const { return m_settings; }
    /// What the header of its tokens says as alg.
    QString algorithmName() const;
    /// Whether \a token, which parseToken() took, was signed with this key and its algorithm.
    bool hasSigned(const QByteArray &token) const;

private:
    explicit SigningKey(const DispatchTokenKey &settings)
        : m_settings(settings)
    {
    }

    DispatchTokenKey m_settings;
};

} // namespace Dispatch

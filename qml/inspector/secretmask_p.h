// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qregularexpression.h>
#include <QtCore/qstringlist.h>

namespace Dispatch::Inspection {

/// Blots out what nobody should be shown of a message: what stands under keys of secrets, those of
/// the protocol and others, in a message or in the shared state, and JSON Web Tokens wherever they
/// are. Works by the look of JSON text, whole or cut, for what can't be read may have a secret in
/// it, too.
class SecretMask {
public:
    SecretMask();

    /// The keys beside those of the protocol; upper and lower case are the same.
    const QStringList &keys() const { return m_keys; }
    void setKeys(const QStringList &keys);

    QString masked(const QString &text) const;

private:
    QStringList m_keys;
    QRegularExpression m_secret; ///< a key with its colon, or a token
    QRegularExpression m_secretOrValue; ///< the same, where values are secret, too
    QRegularExpression m_secretKey; ///< of the shared state
};

} // namespace Dispatch::Inspection

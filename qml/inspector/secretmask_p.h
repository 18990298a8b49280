// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qregularexpression.h>
#include <QtCore/qstringlist.h>

namespace Dispatch::Inspection {

/// Blots out what nobody should be shown of a message: texts under keys that stand for secrets,
/// those of the protocol and others, and JSON Web Tokens wherever they are. Works by the look of
/// JSON text, whole or cut, for what can't be read may have a secret in it, too.
class SecretMask {
public:
    SecretMask();

    /// The keys beside those of the protocol; upper and lower case are the same.
    const QStringList &keys() const { return m_keys; }
    void setKeys(const QStringList &keys);

    QString masked(QString text) const;

private:
    QStringList m_keys;
    QRegularExpression m_secret;
};

} // namespace Dispatch::Inspection

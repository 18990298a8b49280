// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qbytearray.h>
#include <QtCore/qstring.h>

namespace Dispatch {

/// The secret that a file holds, or why there is none.
struct SecretFile {
    QByteArray secret{};
    QString error{}; ///< empty if there is a secret; says what to do
};

/// What to warn of if everybody on this machine can read \a path, which is the file of \a what;
/// else empty.
QString permissionWarning(const QString &path, const QString &what);

/// RFC 7518, section 3.2: a key for HS256 has at least as many bits as the hash.
inline constexpr qsizetype LeastSecretBytes = 32;

/// Reads \a path. White space around the secret is not part of it, so that it may end with
/// a line feed. \a what it is is named in errors; shorter than \a leastBytes it is one.
SecretFile readSecretFile(const QString &path, const QString &what = QStringLiteral("secret"),
                          qsizetype leastBytes = LeastSecretBytes);

} // namespace Dispatch

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatchtokenverifier.h"

#include <QtCore/qbytearray.h>

namespace Dispatch {

/// The least length of a secret, in bytes (RFC 7518 section 3.2: that of the hash).
inline constexpr qsizetype SharedSecretBytes = 32;

/// What \a token, a JSON Web Token, says about a user of \a projectId at \a now, in seconds since
/// the epoch. It must be signed with HS256 and \a secret.
DispatchTokenVerdict judgeToken(const QByteArray &token, const QString &projectId,
                                const QByteArray &secret, qint64 now);

} // namespace Dispatch

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qjsonobject.h>
#include <QtCore/qstringlist.h>

namespace Dispatch::Ctl {

/// What can be seen of a token without a key (docs/protocol.md, "Identity").
struct TokenReport {
    QJsonObject header = {};
    QJsonObject claims = {};
    /// Why a server would refuse it, as sentences. An empty list is no proof: only a key is.
    QStringList problems = {};
};

/// Looks at \a token as a server of \a projectId would at \a now, in seconds since the epoch. If
/// \a projectId is empty, the project is not looked at.
TokenReport inspectToken(const QByteArray &token, const QString &projectId, qint64 now);

/// Whether \a keyId can be a kid.
bool isValidKeyId(const QString &keyId);

} // namespace Dispatch::Ctl

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "finding_p.h"
#include "qmlmodule_p.h"

#include <QtCore/qlist.h>
#include <QtCore/qprocess.h>
#include <QtCore/qurl.h>
#include <QtNetwork/qsslerror.h>

#include <optional>

/// What facts mean, without asking anybody.
namespace Dispatch::Ctl {

Finding judgeUrl(const QUrl &url);

/// The TLS of this machine; \a isNeeded for wss://.
struct TlsBackend {
    bool isThere = false;
    QString name = {};
    QString version = {};
};
Finding judgeTlsBackend(const TlsBackend &backend, bool isNeeded);

/// \a usesSystem: whether Qt programs heed such variables by default.
Finding judgeProxies(const QProcessEnvironment &environment, bool usesSystem);

Finding judgeQmlModule(const QmlModule &module);

/// A handshake: what was agreed on, and the certificate that the server showed.
struct TlsFacts {
    QString protocol = {};
    QString cipher = {};
    QString subject = {};
    QString issuer = {};
    QStringList hostNames = {}; ///< that the certificate is for
    qint64 validUntil = 0; ///< ms since the epoch
    QList<QSslError::SslError> errors = {};
    QString errorText = {}; ///< of what failed without one of these errors
};
/// \a now is in ms since the epoch.
Finding judgeTls(const TlsFacts &facts, qint64 now);

/// The server said that it is \a serverSecond, in s since the epoch, between \a before and
/// \a after, in ms since the epoch by our clock.
Finding judgeClock(std::optional<qint64> serverSecond, qint64 before, qint64 after);

} // namespace Dispatch::Ctl

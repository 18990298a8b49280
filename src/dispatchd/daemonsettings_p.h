// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qobjectdefs.h>
#include <QtCore/qstring.h>

namespace Dispatch {

/// What the daemon is told beside the settings of its DispatchServer. Each property is an option
/// of the configuration, described in optiontable.cpp.
class DaemonSettings {
    Q_GADGET
    Q_PROPERTY(QString address MEMBER address)
    Q_PROPERTY(int port MEMBER port)
    Q_PROPERTY(bool insecure MEMBER insecure)
    Q_PROPERTY(QString tlsCertificateFile MEMBER tlsCertificateFile)
    Q_PROPERTY(QString tlsKeyFile MEMBER tlsKeyFile)
    Q_PROPERTY(QString secretFile MEMBER secretFile)
    Q_PROPERTY(QString enginePasswordFile MEMBER enginePasswordFile)
    Q_PROPERTY(QString operatorsAddress MEMBER operatorsAddress)
    Q_PROPERTY(int operatorsPort MEMBER operatorsPort)
    Q_PROPERTY(bool operatorsInsecure MEMBER operatorsInsecure)
    Q_PROPERTY(QString logFormat MEMBER logFormat)
    Q_PROPERTY(QString logLevel MEMBER logLevel)

public:
    QString address = QStringLiteral("127.0.0.1");
    int port = 8090; ///< 0: a free one
    bool insecure = false;
    QString tlsCertificateFile; ///< empty, as is the key's: without TLS
    QString tlsKeyFile;
    QString secretFile; ///< empty: each token is refused
    QString enginePasswordFile; ///< empty: in the engine's URL, or none is needed
    QString operatorsAddress = QStringLiteral("127.0.0.1"); ///< empty: operators are not served
    int operatorsPort = 8091; ///< 0: a free one
    bool operatorsInsecure = false;
    QString logFormat = QStringLiteral("text"); ///< or "json"
    QString logLevel = QStringLiteral("info"); ///< the lowest that is logged

    bool operator==(const DaemonSettings &) const = default;
};

} // namespace Dispatch

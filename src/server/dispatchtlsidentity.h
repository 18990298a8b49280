// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatchserver_export.h"

#include <QtCore/qbytearray.h>
#include <QtCore/qdatetime.h>
#include <QtCore/qobjectdefs.h>
#include <QtCore/qstring.h>

#include <memory>

/// Who a server is to its clients when it speaks TLS: a certificate with its chain, and its private
/// key. A value that does not change; copies share what was read. May be used on any thread.
/// \since 0.1
class DISPATCH_SERVER_EXPORT DispatchTlsIdentity
{
    Q_GADGET

public:
    /// Why it can't be used.
    enum Error {
        NoError,             ///< it can, or is null
        UnreadableFile,      ///< not there, not allowed, or larger than 1 MiB
        NoCertificate,       ///< no PEM block of that kind, or a broken one
        NoPrivateKey,        ///< the same of the key
        EncryptedPrivateKey, ///< nobody sits at a server who could be asked for the passphrase
        KeyMismatch,         ///< certificate and key are not of one pair
        WeakCertificate,     ///< OpenSSL does not take it: a key that is too short, an old signature
    };
    Q_ENUM(Error)

    /// None: a server without one speaks ws:// and http://.
    DispatchTlsIdentity();

    /// Reads two files in PEM format: the server's certificate, followed by those that it is signed
    /// with (what certbot calls fullchain.pem), and its key. Both may be the same file.
    static DispatchTlsIdentity fromFiles(const QString &certificateFile, const QString &keyFile);
    /// The same from memory: QSslCertificate::toPem() of each, QSslKey::toPem().
    static DispatchTlsIdentity fromPem(const QByteArray &certificates, const QByteArray &key);

    /// Tells whether there is one, good or bad.
    bool isNull() const { return !d; }
    /// Tells whether a server can use it.
    bool isValid() const;

    /// Why it can't be used.
    Error error() const;
    /// A sentence that says what to do; empty if it is valid or null.
    QString errorString() const;

    /// When the certificate begins to be valid, and ends to be.
    QDateTime validFrom() const;
    /// See validFrom().
    QDateTime validUntil() const;
    /// A sentence if clients refuse the certificate at \a now, because of its dates, though a server
    /// can use it; else empty.
    QString warning(const QDateTime &now = QDateTime::currentDateTimeUtc()) const;

    /// Tells whether they are the same, or copies; not whether they were read from the same files.
    friend bool operator==(const DispatchTlsIdentity &, const DispatchTlsIdentity &) = default;

private:
    friend class DispatchServer;
    class Private;
    explicit DispatchTlsIdentity(std::shared_ptr<const Private> data);

    std::shared_ptr<const Private> d;
};

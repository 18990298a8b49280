// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qbytearray.h>
#include <QtCore/qbytearraylist.h>

#include <chrono>
#include <memory>

/// When a certificate is good, counted from now.
struct Validity {
    std::chrono::seconds from = -std::chrono::hours(1);
    std::chrono::seconds to = std::chrono::hours(1);
};

/// What a certificate is made with.
struct Making {
    enum Key { P256, P384, Rsa2048, Rsa1024 };
    Key key = P256;
    bool isSignedWithSha1 = false;
};

/// A certificate and its key, made when a test runs and gone when it ends.
class Certificate {
public:
    /// One that signs others, and nobody has signed.
    static Certificate authority();
    /// One for \a names (host names and IP addresses) that nobody else has signed.
    static Certificate selfSigned(const QByteArrayList &names, const Making &making = {});
    /// One for \a names that this authority has signed.
    Certificate issue(const QByteArrayList &names, const Validity &validity = {},
                      const Making &making = {}) const;
    /// One that signs others, and this authority has signed.
    Certificate issueAuthority() const;

    QByteArray pem() const;
    QByteArray keyPem() const;

private:
    struct Parts;
    explicit Certificate(std::shared_ptr<const Parts> parts);
    static Certificate make(const QByteArrayList &names, const Validity &validity,
                            const Making &making, const Parts *issuer);

    std::shared_ptr<const Parts> d;
};

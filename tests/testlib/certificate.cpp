// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "certificate.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <atomic>

namespace {

EVP_PKEY *makeKey(Making::Key kind)
{
    switch (kind) {
    case Making::P256:
        return EVP_EC_gen("P-256");
    case Making::P384:
        return EVP_EC_gen("P-384");
    case Making::Rsa2048:
        return EVP_RSA_gen(2048);
    case Making::Rsa1024:
        return EVP_RSA_gen(1024);
    }
    return nullptr;
}

} // namespace

struct Certificate::Parts {
    explicit Parts(Making::Key kind)
        : key(makeKey(kind), &EVP_PKEY_free)
    {
    }

    std::unique_ptr<X509, decltype(&X509_free)> certificate{X509_new(), &X509_free};
    std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key;
};

namespace {

template<typename Write>
QByteArray written(Write write)
{
    const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new(BIO_s_mem()), &BIO_free);
    write(bio.get());
    char *data = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &data);
    return QByteArray(data, size);
}

void addExtension(X509 *certificate, int nid, const QByteArray &value)
{
    const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> extension(
        X509V3_EXT_conf_nid(nullptr, nullptr, nid, value.constData()), &X509_EXTENSION_free);
    X509_add_ext(certificate, extension.get(), -1);
}

QByteArray alternativeNames(const QByteArrayList &names)
{
    QByteArrayList entries;
    for (const QByteArray &name : names) {
        const bool isAddress = name.contains(':') || QByteArrayView("0123456789").contains(name[0]);
        entries.append((isAddress ? "IP:" : "DNS:") + name);
    }
    return entries.join(',');
}

} // namespace

Certificate::Certificate(std::shared_ptr<const Parts> parts)
    : d(std::move(parts))
{
}

Certificate Certificate::make(const QByteArrayList &names, const Validity &validity,
                              const Making &making, const Parts *issuer)
{
    static std::atomic<long> serial = 0;
    const auto parts = std::make_shared<Parts>(making.key);
    X509 *certificate = parts->certificate.get();
    X509_set_version(certificate, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial);
    X509_gmtime_adj(X509_getm_notBefore(certificate), long(validity.from.count()));
    X509_gmtime_adj(X509_getm_notAfter(certificate), long(validity.to.count()));
    X509_set_pubkey(certificate, parts->key.get());

    // Authorities of one name would be taken for one another.
    const QByteArray name = names.value(0, "Authority " + QByteArray::number(qlonglong(serial)));
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char *>(name.constData()), -1, -1,
                               0);
    X509_set_issuer_name(certificate,
                         X509_get_subject_name(issuer ? issuer->certificate.get() : certificate));
    if (names.isEmpty()) {
        addExtension(certificate, NID_basic_constraints, "critical,CA:TRUE");
        addExtension(certificate, NID_key_usage, "critical,keyCertSign,cRLSign");
    } else {
        addExtension(certificate, NID_subject_alt_name, alternativeNames(names));
    }
    X509_sign(certificate, issuer ? issuer->key.get() : parts->key.get(),
              making.isSignedWithSha1 ? EVP_sha1() : EVP_sha256());
    return Certificate(parts);
}

Certificate Certificate::authority()
{
    return make({}, {}, {}, nullptr);
}

Certificate Certificate::selfSigned(const QByteArrayList &names, const Making &making)
{
    return make(names, {}, making, nullptr);
}

Certificate Certificate::issue(const QByteArrayList &names, const Validity &validity,
                               const Making &making) const
{
    return make(names, validity, making, d.get());
}

Certificate Certificate::issueAuthority() const
{
    return make({}, {}, {}, d.get());
}

QByteArray Certificate::pem() const
{
    return written([this](BIO *bio) { PEM_write_bio_X509(bio, d->certificate.get()); });
}

QByteArray Certificate::keyPem() const
{
    return written([this](BIO *bio) {
        PEM_write_bio_PrivateKey(bio, d->key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    });
}

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "dispatchtlsidentity_p.h"

#include <QtCore/qfile.h>

#include <vector>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

using namespace Qt::StringLiterals;

namespace {

// Whoever names a device or a disk image by mistake is told so.
constexpr qint64 MaximumBytes = 1024 * 1024;

using Dispatch::Pem;
using Error = DispatchTlsIdentity::Error;
using Fault = Dispatch::TlsFault;

template<auto Function>
struct Deleter {
    template<typename T>
    void operator()(T *object) const
    {
        Function(object);
    }
};
using Bio = std::unique_ptr<BIO, Deleter<BIO_free>>;
using Certificate = std::unique_ptr<X509, Deleter<X509_free>>;
using PrivateKey = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;

Bio open(const Pem &pem)
{
    return Bio(BIO_new_mem_buf(pem.text.constData(), static_cast<int>(pem.text.size())));
}

/// Notes that a passphrase is needed, and gives none.
int noPassphrase(char *, int, int, void *wasAsked)
{
    *static_cast<bool *>(wasAsked) = true;
    return -1;
}

std::vector<Certificate> readCertificates(const Pem &pem)
{
    const Bio bio = open(pem);
    std::vector<Certificate> chain;
    while (Certificate next{PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)})
        chain.push_back(std::move(next));
    // The end of the text is no error, a block that can't be read is one.
    const unsigned long error = ERR_peek_last_error();
    if (ERR_GET_LIB(error) != ERR_LIB_PEM || ERR_GET_REASON(error) != PEM_R_NO_START_LINE)
        chain.clear();
    ERR_clear_error();
    return chain;
}

QDateTime toDateTime(const ASN1_TIME *time)
{
    std::tm parts{};
    if (!time || ASN1_TIME_to_tm(time, &parts) != 1)
        return {};
    return QDateTime(QDate(parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday),
                     QTime(parts.tm_hour, parts.tm_min, parts.tm_sec), Qt::UTC);
}

Fault useCertificates(SSL_CTX *context, const std::vector<Certificate> &chain, const Pem &pem)
{
    bool isTaken = SSL_CTX_use_certificate(context, chain.front().get()) == 1;
    for (std::size_t i = 1; isTaken && i < chain.size(); ++i)
        isTaken = SSL_CTX_add1_chain_cert(context, chain[i].get()) == 1;
    if (isTaken)
        return {};
    const char *reason = ERR_reason_error_string(ERR_peek_last_error());
    const QString why = reason ? QString::fromUtf8(reason) : u"unknown"_s;
    ERR_clear_error();
    return {Error::WeakCertificate,
            u"OpenSSL does not take %1 (%2): get one with RSA of 2048 bits or more, or P-256, "
            "signed with SHA-256."_s.arg(pem.name, why)};
}

Fault useKey(SSL_CTX *context, X509 *certificate, const Pem &pem)
{
    bool wasAsked = false;
    const Bio bio = open(pem);
    const PrivateKey key(PEM_read_bio_PrivateKey(bio.get(), nullptr, noPassphrase, &wasAsked));
    ERR_clear_error();
    if (wasAsked)
        return {
            Error::EncryptedPrivateKey,
            u"%1 needs a passphrase, and nobody is there to be asked: 'openssl pkey -in FILE "
            "-out FILE' writes it without one; let nobody else read that file."_s.arg(pem.name)};
    if (!key)
        return {
            Error::NoPrivateKey,
            u"%1 has no private key in PEM format (-----BEGIN PRIVATE KEY-----)."_s.arg(pem.name)};
    const bool isPair = X509_check_private_key(certificate, key.get()) == 1;
    if (!isPair || SSL_CTX_use_PrivateKey(context, key.get()) != 1) {
        ERR_clear_error();
        return {Error::KeyMismatch,
                u"%1 is not the key of the certificate: give the two that belong together."_s.arg(
                    pem.name)};
    }
    return {};
}

/// Reads \a path into \a pem.
Fault read(const QString &path, const QString &what, Pem &pem)
{
    pem.name = u"the %1 '%2'"_s.arg(what, path);
    QFile file(path);
    if (file.open(QIODevice::ReadOnly))
        pem.text = file.read(MaximumBytes + 1);
    if (file.error() != QFile::NoError)
        return {Error::UnreadableFile,
                u"can't read the %1 '%2': %3."_s.arg(what, path, file.errorString())};
    if (pem.text.size() > MaximumBytes)
        return {
            Error::UnreadableFile,
            u"%1 has more than %2 bytes; is it the right file?"_s.arg(pem.name).arg(MaximumBytes)};
    return {};
}

} // namespace

std::shared_ptr<const DispatchTlsIdentity::Private>
DispatchTlsIdentity::Private::failed(const Dispatch::TlsFault &fault)
{
    auto made = std::make_shared<Private>();
    made->error = fault.error;
    made->errorString = fault.sentence;
    made->errorString[0] = made->errorString[0].toUpper();
    return made;
}

std::shared_ptr<const DispatchTlsIdentity::Private>
DispatchTlsIdentity::Private::load(const Dispatch::Pem &certificates, const Dispatch::Pem &key)
{
    const std::vector<Certificate> chain = readCertificates(certificates);
    if (chain.empty())
        return failed({NoCertificate,
                       u"%1 has no certificate in PEM format (-----BEGIN CERTIFICATE-----)."_s.arg(
                           certificates.name)});
    X509 *certificate = chain.front().get();
    Dispatch::TlsContext context = Dispatch::makeTlsContext();
    Fault fault = useCertificates(context.get(), chain, certificates);
    if (fault.error == NoError)
        fault = useKey(context.get(), certificate, key);
    if (fault.error != NoError)
        return failed(fault);
    auto made = std::make_shared<Private>();
    made->validFrom = toDateTime(X509_get0_notBefore(certificate));
    made->validUntil = toDateTime(X509_get0_notAfter(certificate));
    made->context = std::move(context);
    return made;
}

DispatchTlsIdentity::DispatchTlsIdentity() = default;

DispatchTlsIdentity::DispatchTlsIdentity(std::shared_ptr<const Private> data)
    : d(std::move(data))
{
}

DispatchTlsIdentity DispatchTlsIdentity::fromFiles(const QString &certificateFile,
                                                   const QString &keyFile)
{
    Pem certificates;
    Pem key;
    Fault fault = read(certificateFile, u"certificate file"_s, certificates);
    if (fault.error == NoError)
        fault = read(keyFile, u"key file"_s, key);
    return DispatchTlsIdentity(fault.error == NoError ? Private::load(certificates, key)
                                                      : Private::failed(fault));
}

DispatchTlsIdentity DispatchTlsIdentity::fromPem(const QByteArray &certificates,
                                                 const QByteArray &key)
{
    return DispatchTlsIdentity(
        Private::load({certificates, u"the certificate"_s}, {key, u"the key"_s}));
}

bool DispatchTlsIdentity::isValid() const
{
    return d && d->error == NoError;
}

DispatchTlsIdentity::Error DispatchTlsIdentity::error() const
{
    return d ? d->error : NoError;
}

QString DispatchTlsIdentity::errorString() const
{
    return d ? d->errorString : QString();
}

QDateTime DispatchTlsIdentity::validFrom() const
{
    return d ? d->validFrom : QDateTime();
}

QDateTime DispatchTlsIdentity::validUntil() const
{
    return d ? d->validUntil : QDateTime();
}

QString DispatchTlsIdentity::warning(const QDateTime &now) const
{
    if (!isValid())
        return {};
    const auto refused = [](const QString &fact, const QDateTime &time) {
        return u"The certificate %1 %2: clients refuse it."_s.arg(fact, time.toString(Qt::ISODate));
    };
    if (now < d->validFrom)
        return refused(u"is not valid before"_s, d->validFrom);
    if (now > d->validUntil)
        return refused(u"has expired, on"_s, d->validUntil);
    return {};
}

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "signingkey_p.h"

#include <array>
#include <memory>

#include <jwt.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

using namespace Qt::StringLiterals;

namespace Dispatch {

namespace {

constexpr int LeastRsaBits = 2048;

template<auto Function>
struct Deleter {
    template<typename T>
    void operator()(T *object) const
    {
        Function(object);
    }
};
using Bio = std::unique_ptr<BIO, Deleter<BIO_free>>;
using PublicKey = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Deleter<X509_free>>;
using Jwt = std::unique_ptr<jwt_t, Deleter<jwt_free>>;

struct Algorithm {
    DispatchTokenKey::Algorithm algorithm;
    QLatin1StringView name;
    jwt_alg_t jwt;
};
constexpr std::array Algorithms = {
    Algorithm{DispatchTokenKey::HS256, "HS256"_L1, JWT_ALG_HS256},
    Algorithm{DispatchTokenKey::RS256, "RS256"_L1, JWT_ALG_RS256},
    Algorithm{DispatchTokenKey::ES256, "ES256"_L1, JWT_ALG_ES256},
};

const Algorithm &row(DispatchTokenKey::Algorithm algorithm)
{
    return Algorithms[static_cast<std::size_t>(algorithm)];
}

/// Nobody sits at a server who could be asked.
int noPassphrase(char *, int, int, void *)
{
    return -1;
}

PublicKey readPem(const QByteArray &pem)
{
    const Bio bio(BIO_new_mem_buf(pem.constData(), static_cast<int>(pem.size())));
    PublicKey key(PEM_read_bio_PUBKEY(bio.get(), nullptr, noPassphrase, nullptr));
    ERR_clear_error();
    return key;
}

QByteArray writePem(EVP_PKEY *key)
{
    const Bio bio(BIO_new(BIO_s_mem()));
    PEM_write_bio_PUBKEY(bio.get(), key);
    char *data = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &data);
    return QByteArray(data, size);
}

bool isPublicDer(const QByteArray &der)
{
    const auto *begin = reinterpret_cast<const unsigned char *>(der.constData());
    const unsigned char *at = begin;
    const PublicKey key(d2i_PUBKEY(nullptr, &at, static_cast<long>(der.size())));
    at = begin;
    const Certificate certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
    ERR_clear_error();
    return key || certificate;
}

/// Whether \a secret is a key of a pair, in any usual form. Who has made it public, as one does
/// with such keys, has given everybody the means to sign.
bool isKeyOfPair(const QByteArray &secret)
{
    const QByteArray text = secret.trimmed();
    return text.contains("-----BEGIN") || text.startsWith("ssh-") || text.startsWith("ecdsa-sha2-")
        || (text.startsWith('{') && text.contains("\"kty\"")) || isPublicDer(secret)
        || isPublicDer(QByteArray::fromBase64(text));
}

QString faultOfSecret(const QByteArray &secret)
{
    if (isKeyOfPair(secret))
        return u"it is a key of a pair, and HS256 needs a secret: name its own algorithm"_s;
    if (secret.size() < SharedSecretBytes)
        return u"the secret is shorter than %1 bytes: make a longer one"_s.arg(SharedSecretBytes);
    return {};
}

QString faultOfPublicKey(const EVP_PKEY *key, const DispatchTokenKey &settings)
{
    if (!key) {
        return settings.key.contains("PRIVATE KEY")
            ? u"it is a private key: give the server the public one alone"_s
            : u"it is no public key in PEM format (-----BEGIN PUBLIC KEY-----)"_s;
    }
    if (settings.algorithm == DispatchTokenKey::RS256) {
        if (!EVP_PKEY_is_a(key, "RSA"))
            return u"it is no RSA key: name its own algorithm"_s;
        if (EVP_PKEY_get_bits(key) < LeastRsaBits)
            return u"it is shorter than %1 bits: make a longer one"_s.arg(LeastRsaBits);
        return {};
    }
    std::array<char, 64> group{};
    if (!EVP_PKEY_is_a(key, "EC")
        || !EVP_PKEY_get_group_name(key, group.data(), group.size(), nullptr)
        || QLatin1StringView(group.data()) != "prime256v1"_L1)
        return u"it is no key on the curve P-256: name its own algorithm, or make another"_s;
    return {};
}

} // namespace

std::variant<SigningKey, QString> SigningKey::make(const DispatchTokenKey &settings)
{
    SigningKey made(settings);
    if (settings.algorithm == DispatchTokenKey::HS256) {
        if (const QString fault = faultOfSecret(settings.key); !fault.isEmpty())
            return fault;
        return made;
    }
    const PublicKey key = readPem(settings.key);
    if (const QString fault = faultOfPublicKey(key.get(), settings); !fault.isEmpty())
        return fault;
    // What libjwt reads is this key and nothing that may have stood around it.
    made.m_settings.key = writePem(key.get());
    return made;
}

QString SigningKey::algorithmName() const
{
    return row(m_settings.algorithm).name;
}

bool SigningKey::hasSigned(const QByteArray &token) const
{
    jwt_t *decoded = nullptr;
    const int error =
        jwt_decode(&decoded, token.constData(),
                   reinterpret_cast<const unsigned char *>(m_settings.key.constData()),
                   static_cast<int>(m_settings.key.size()));
    const Jwt jwt(decoded);
    // What a bad signature leaves there would be taken for a fault of the next TLS connection.
    ERR_clear_error();
    return error == 0 && jwt_get_alg(jwt.get()) == row(m_settings.algorithm).jwt;
}

} // namespace Dispatch

std::optional<DispatchTokenKey::Algorithm> DispatchTokenKey::algorithmFromName(QStringView name)
{
    for (const Dispatch::Algorithm &row : Dispatch::Algorithms) {
        if (row.name == name)
            return row.algorithm;
    }
    return std::nullopt;
}

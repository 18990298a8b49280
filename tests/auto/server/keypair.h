// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "token.h"

#include <memory>

#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

/// A key pair that is made when a test runs and gone when it ends, and tokens signed with it.
class KeyPair {
public:
    static KeyPair rsa(unsigned bits = 2048) { return KeyPair(EVP_RSA_gen(bits)); }
    static KeyPair ec(const char *curve = "P-256") { return KeyPair(EVP_EC_gen(curve)); }

    QByteArray publicPem() const
    {
        return written([this](BIO *bio) { return PEM_write_bio_PUBKEY(bio, m_key.get()); });
    }

    QByteArray privatePem() const
    {
        return written([this](BIO *bio) {
            return PEM_write_bio_PrivateKey(bio, m_key.get(), nullptr, nullptr, 0, nullptr,
                                            nullptr);
        });
    }

    QByteArray encryptedPem(const char *passphrase) const
    {
        return written([this, passphrase](BIO *bio) {
            return PEM_write_bio_PKCS8PrivateKey(bio, m_key.get(), EVP_aes_128_cbc(), nullptr, 0,
                                                 nullptr, const_cast<char *>(passphrase));
        });
    }

    QByteArray publicDer() const
    {
        unsigned char *data = nullptr;
        const int size = i2d_PUBKEY(m_key.get(), &data);
        const QByteArray der(reinterpret_cast<const char *>(data), size);
        OPENSSL_free(data);
        return der;
    }

    /// The third part of a token for \a text, its first two.
    QByteArray signature(const QByteArray &text) const
    {
        const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                              &EVP_MD_CTX_free);
        EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, m_key.get());
        const auto *data = reinterpret_cast<const unsigned char *>(text.constData());
        std::size_t size = 0;
        EVP_DigestSign(context.get(), nullptr, &size, data, std::size_t(text.size()));
        QByteArray bytes(qsizetype(size), '\0');
        EVP_DigestSign(context.get(), reinterpret_cast<unsigned char *>(bytes.data()), &size, data,
                       std::size_t(text.size()));
        bytes.truncate(qsizetype(size));
        return Token::encoded(EVP_PKEY_is_a(m_key.get(), "EC") ? joined(bytes) : bytes);
    }

    QByteArray token(const QJsonObject &claims, const QJsonObject &header) const
    {
        const QByteArray text = Token::unsignedText(header, claims);
        return text + '.' + signature(text);
    }

private:
    explicit KeyPair(EVP_PKEY *key)
        : m_key(key, &EVP_PKEY_free)
    {
    }

    template<typename Write>
    static QByteArray written(Write write)
    {
        BIO *bio = BIO_new(BIO_s_mem());
        write(bio);
        char *data = nullptr;
        const long size = BIO_get_mem_data(bio, &data);
        const QByteArray text(data, size);
        BIO_free(bio);
        return text;
    }

    /// The two numbers of an ECDSA signature, as RFC 7518 section 3.4 has them.
    static QByteArray joined(const QByteArray &der)
    {
        const auto *at = reinterpret_cast<const unsigned char *>(der.constData());
        ECDSA_SIG *numbers = d2i_ECDSA_SIG(nullptr, &at, der.size());
        QByteArray bytes(64, '\0');
        auto *out = reinterpret_cast<unsigned char *>(bytes.data());
        BN_bn2binpad(ECDSA_SIG_get0_r(numbers), out, 32);
        BN_bn2binpad(ECDSA_SIG_get0_s(numbers), out + 32, 32);
        ECDSA_SIG_free(numbers);
        return bytes;
    }

    std::shared_ptr<EVP_PKEY> m_key;
};

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "tokenkey_p.h"

#include "secrettext_p.h"

#include <QtCore/qjsondocument.h>
#include <QtNetwork/qsslkey.h>

#include <cstdlib>
#include <memory>

#include <jwt.h>

using namespace Qt::StringLiterals;

namespace Dispatch::Ctl {

namespace {

constexpr qsizetype LeastSecretBytes = 32; // RFC 7518, section 3.2
constexpr int LeastRsaBits = 2048;
constexpr int CurveBits = 256;

struct JwtDeleter {
    void operator()(jwt_t *jwt) const { jwt_free(jwt); }
};
using Jwt = std::unique_ptr<jwt_t, JwtDeleter>;

jwt_alg_t algorithmOf(const QString &name)
{
    return jwt_str_alg(name.toLatin1().constData());
}

const unsigned char *bytesOf(const QByteArray &key)
{
    return reinterpret_cast<const unsigned char *>(key.constData());
}

QString faultOfSecret(const QByteArray &secret)
{
    if (secret.contains("-----BEGIN"))
        return u"it is a key of a pair, and HS256 needs a secret: name its own algorithm"_s;
    if (secret.size() < LeastSecretBytes)
        return u"the secret is shorter than %1 bytes: make one with 'openssl rand -hex 32'"_s.arg(
            LeastSecretBytes);
    return {};
}

QString faultOfPem(const QByteArray &pem, bool isRsa, QSsl::KeyType type)
{
    const QSslKey key(pem, isRsa ? QSsl::Rsa : QSsl::Ec, QSsl::Pem, type);
    const QString kind = type == QSsl::PrivateKey ? u"private"_s : u"public"_s;
    if (key.isNull())
        return u"it is no %1 %2 key in PEM format without a passphrase"_s.arg(
            kind, isRsa ? u"RSA"_s : u"EC"_s);
    if (isRsa && key.length() < LeastRsaBits)
        return u"it is shorter than %1 bits: make a longer one"_s.arg(LeastRsaBits);
    if (!isRsa && key.length() != CurveBits)
        return u"it is not on the curve P-256, which ES256 needs"_s;
    return {};
}

} // namespace

bool isTokenAlgorithm(const QString &name)
{
    return name == "HS256"_L1 || name == "RS256"_L1 || name == "ES256"_L1;
}

std::variant<TokenKey, QString> TokenKey::read(const QString &path, const QString &algorithm,
                                               Use use)
{
    const SecretText file = readSecretText(path);
    if (!file.problem.isEmpty())
        return file.problem;
    const QSsl::KeyType type = use == Use::Sign ? QSsl::PrivateKey : QSsl::PublicKey;
    const QString fault = algorithm == "HS256"_L1
        ? faultOfSecret(file.text)
        : faultOfPem(file.text, algorithm == "RS256"_L1, type);
    if (!fault.isEmpty())
        return u"'%1' can't be used: %2."_s.arg(path, fault);
    return TokenKey(algorithm, file.text);
}

std::optional<QByteArray> TokenKey::sign(const QJsonObject &claims, const QString &keyId) const
{
    jwt_t *made = nullptr;
    if (jwt_new(&made) != 0)
        return std::nullopt;
    const Jwt jwt(made);
    const QByteArray json = QJsonDocument(claims).toJson(QJsonDocument::Compact);
    if (jwt_add_grants_json(made, json.constData()) != 0
        || (!keyId.isEmpty() && jwt_add_header(made, "kid", keyId.toLatin1().constData()) != 0)
        || jwt_set_alg(made, algorithmOf(m_algorithm), bytesOf(m_bytes), int(m_bytes.size())) != 0)
        return std::nullopt;
    // libjwt 1.10 leaves it to free().
    const std::unique_ptr<char, decltype(&std::free)> text(jwt_encode_str(made), &std::free);
    if (!text)
        return std::nullopt;
    return QByteArray(text.get());
}

bool TokenKey::hasSigned(const QByteArray &token) const
{
    jwt_t *decoded = nullptr;
    const int error =
        jwt_decode(&decoded, token.constData(), bytesOf(m_bytes), int(m_bytes.size()));
    const Jwt jwt(decoded);
    return error == 0 && jwt_get_alg(decoded) == algorithmOf(m_algorithm);
}

} // namespace Dispatch::Ctl

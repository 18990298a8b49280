// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "sharedsecret_p.h"

#include "limits_p.h"

#include <QtCore/qdatetime.h>
#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>

#include <cstdlib>
#include <jwt.h>

using namespace Qt::StringLiterals;

namespace Dispatch {

namespace {

constexpr qint64 LeewaySeconds = 30;
constexpr qsizetype UserIdBytes = 255;

struct JwtDeleter {
    void operator()(jwt_t *jwt) const { jwt_free(jwt); }
};
using Jwt = std::unique_ptr<jwt_t, JwtDeleter>;

DispatchTokenVerdict refused(const QString &reason)
{
    return {{}, reason};
}

QJsonObject claims(jwt_t *jwt)
{
    const std::unique_ptr<char, decltype(&std::free)> json(jwt_get_grants_json(jwt, nullptr),
                                                           &std::free);
    return QJsonDocument::fromJson(json ? QByteArray(json.get()) : QByteArray()).object();
}

bool isFor(const QJsonValue &audience, const QString &projectId)
{
    return audience.isArray() ? audience.toArray().contains(projectId) : audience == projectId;
}

class SharedSecretVerifier : public DispatchTokenVerifier {
public:
    explicit SharedSecretVerifier(const QByteArray &secret)
        : m_secret(secret)
    {
    }

    DispatchTokenVerdict verify(const QByteArray &token, const QString &projectId) const override
    {
        return judgeToken(token, projectId, m_secret, QDateTime::currentSecsSinceEpoch());
    }

private:
    const QByteArray m_secret;
};

} // namespace

DispatchTokenVerdict judgeToken(const QByteArray &token, const QString &projectId,
                                const QByteArray &secret, qint64 now)
{
    if (token.isEmpty() || token.size() > static_cast<qsizetype>(Limits::TokenBytes))
        return refused(u"the token is empty or too long"_s);
    // What libjwt reads ends at the first NUL; what is behind it would not be signed.
    if (token.contains('\0'))
        return refused(u"the token is malformed"_s);

    jwt_t *decoded = nullptr;
    const int error = jwt_decode(&decoded, token.constData(),
                                 reinterpret_cast<const unsigned char *>(secret.constData()),
                                 static_cast<int>(secret.size()));
    const Jwt jwt(decoded);
    if (error != 0)
        return refused(u"the token is malformed or its signature does not match"_s);
    if (jwt_get_alg(jwt.get()) != JWT_ALG_HS256)
        return refused(u"alg is not HS256"_s);

    const QJsonObject claim = claims(jwt.get());
    const QJsonValue expiry = claim["exp"_L1];
    if (!expiry.isDouble())
        return refused(u"exp is missing"_s);
    if (expiry.toDouble() + LeewaySeconds <= static_cast<double>(now))
        return refused(u"the token has expired"_s);
    if (const QJsonValue notBefore = claim["nbf"_L1]; !notBefore.isUndefined()) {
        if (!notBefore.isDouble()
            || notBefore.toDouble() - LeewaySeconds > static_cast<double>(now))
            return refused(u"the token is not valid yet"_s);
    }
    if (!isFor(claim["aud"_L1], projectId))
        return refused(u"aud does not name the project"_s);
    const QString userId = claim["sub"_L1].toString();
    if (userId.isEmpty() || userId.toUtf8().size() > UserIdBytes)
        return refused(u"sub is missing or too long"_s);
    return {userId, {}};
}

} // namespace Dispatch

DispatchTokenVerifier::~DispatchTokenVerifier() = default;

std::shared_ptr<const DispatchTokenVerifier>
DispatchTokenVerifier::sharedSecret(const QByteArray &secret)
{
    if (secret.size() < Dispatch::SharedSecretBytes)
        return nullptr;
    return std::make_shared<Dispatch::SharedSecretVerifier>(secret);
}

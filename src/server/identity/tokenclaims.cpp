// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "tokenclaims_p.h"

#include "jsonwebtoken_p.h"
#include "limits_p.h"
#include "text_p.h"

#include <QtCore/qjsonarray.h>

#include <cmath>

using namespace Qt::StringLiterals;

namespace Dispatch {

using Verdict = DispatchTokenVerdict;

namespace {

constexpr qint64 LeewaySeconds = 30;
constexpr qsizetype UserIdBytes = 255;
// The end of the year 9999. What is later was meant in other units, and would hold for ever.
constexpr double LatestTime = 253'402'300'799.0;

Verdict bad(const QString &reason)
{
    return refused(Verdict::BadClaims, reason);
}

/// Nothing unless \a value is a time that can be.
std::optional<qint64> time(const QJsonValue &value)
{
    const double seconds = value.toDouble(-1);
    if (!(seconds >= 0 && seconds <= LatestTime))
        return std::nullopt;
    return static_cast<qint64>(std::floor(seconds));
}

std::optional<QStringList> strings(const QJsonValue &value)
{
    if (!value.isArray())
        return std::nullopt;
    QStringList list;
    for (const QJsonValue &element : value.toArray()) {
        if (!element.isString())
            return std::nullopt;
        list.append(element.toString());
    }
    return list;
}

/// Reads the time called \a name into \a out; false if it is there and none.
bool readTime(const QJsonObject &claims, QLatin1StringView name, std::optional<qint64> &out)
{
    const QJsonValue value = claims[name];
    if (value.isUndefined())
        return true;
    out = time(value);
    return out.has_value();
}

bool isUserId(const QString &subject)
{
    const std::string utf8 = subject.toStdString();
    return !utf8.empty() && utf8.size() <= UserIdBytes && !Text::hasControlCharacter(utf8);
}

} // namespace

std::variant<TokenClaims, Verdict> readClaims(const QJsonObject &claims)
{
    TokenClaims out;
    const auto expiry = time(claims["exp"_L1]);
    if (!expiry)
        return bad(u"exp is missing, or no time in seconds"_s);
    out.expiresAt = *expiry;
    if (!readTime(claims, "nbf"_L1, out.notBefore) || !readTime(claims, "iat"_L1, out.issuedAt))
        return bad(u"nbf or iat is no time in seconds"_s);

    const QJsonValue audience = claims["aud"_L1];
    if (audience.isString())
        out.audience.append(audience.toString());
    else if (const auto list = strings(audience))
        out.audience = *list;
    else
        return bad(u"aud is missing, or no text or list of texts"_s);
    out.issuer = claims["iss"_L1].toString();

    out.isBackend = claims["role"_L1] == "backend"_L1;
    const QJsonValue subject = claims["sub"_L1];
    out.subject = subject.toString();
    if (!isUserId(out.subject) && !(out.isBackend && subject.isUndefined()))
        return bad(u"sub is missing, too long, or no plain text"_s);
    if (const QJsonValue shards = claims["shards"_L1]; !shards.isUndefined()) {
        out.shards = strings(shards);
        if (!out.shards)
            return bad(u"shards is no list of texts"_s);
    }
    return out;
}

Verdict judgeClaims(const TokenClaims &claims, const DispatchTokenKey &key,
                    const QString &projectId, TokenRole role, qint64 now)
{
    const QString &audience = key.audience.isEmpty() ? projectId : key.audience;
    if (!claims.audience.contains(audience))
        return refused(Verdict::WrongAudience, u"aud does not name the project"_s);
    if (!key.projects.isEmpty() && !key.projects.contains(projectId))
        return refused(Verdict::WrongAudience, u"the key is not for the project"_s);
    if (!key.issuer.isEmpty() && claims.issuer != key.issuer)
        return refused(Verdict::WrongIssuer, u"iss is not the one that is expected"_s);
    if (claims.isBackend != (role == TokenRole::Backend))
        return refused(Verdict::WrongRole, u"role is not the one that is expected"_s);
    if (claims.notBefore.value_or(0) > now + LeewaySeconds)
        return refused(Verdict::NotYetValid, u"the token is not valid yet"_s);
    if (claims.issuedAt.value_or(0) > now + LeewaySeconds)
        return refused(Verdict::NotYetValid, u"iat is in the future"_s);
    if (claims.expiresAt + LeewaySeconds <= now)
        return refused(Verdict::Expired, u"the token has expired"_s);

    return {claims.subject.isEmpty() ? u"backend"_s : claims.subject,
            {},
            Verdict::None,
            claims.expiresAt,
            claims.shards};
}

} // namespace Dispatch

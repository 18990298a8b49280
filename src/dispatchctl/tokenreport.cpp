// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "tokenreport_p.h"

#include "duration_p.h"

#include "limits_p.h"
#include "strictobject_p.h"
#include "text_p.h"

#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qregularexpression.h>

#include <algorithm>
#include <optional>

using namespace Qt::StringLiterals;

namespace Dispatch::Ctl {

namespace {

// As the server has them.
constexpr qint64 LeewaySeconds = 30;
constexpr std::size_t UserIdBytes = 255;
constexpr int Levels = 16;
constexpr double LatestTime = 253'402'300'799.0;

std::optional<QByteArray> decoded(const QByteArray &part)
{
    constexpr auto Encoding = QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals;
    const auto result =
        QByteArray::fromBase64Encoding(part, Encoding | QByteArray::AbortOnBase64DecodingErrors);
    if (!result || result.decoded.isEmpty() || result.decoded.toBase64(Encoding) != part)
        return std::nullopt;
    return result.decoded;
}

bool isTextOrTexts(const QJsonValue &value, bool isTextAllowed)
{
    if (value.isString())
        return isTextAllowed;
    const QJsonArray list = value.toArray();
    return value.isArray()
        && std::ranges::all_of(list, [](const QJsonValue &entry) { return entry.isString(); });
}

/// Collects what is wrong with a token.
class Inspection {
public:
    Inspection(const QString &projectId, qint64 now)
        : m_projectId(projectId)
        , m_now(now)
    {
    }

    TokenReport inspect(const QByteArray &token)
    {
        if (token.size() > qsizetype(Limits::TokenBytes))
            complain(u"It has more than %1 bytes."_s.arg(Limits::TokenBytes));
        const QList<QByteArray> parts = token.split('.');
        if (parts.size() != 3) {
            complain(u"It is no token: it does not have three parts with dots between them."_s);
            return m_report;
        }
        m_report.header = object(parts[0], u"header"_s);
        m_report.claims = object(parts[1], u"claims"_s);
        if (!decoded(parts[2]))
            complain(u"The signature is missing, or not base64url without padding."_s);
        if (!m_report.header.isEmpty())
            inspectHeader();
        if (!m_report.claims.isEmpty())
            inspectClaims();
        return m_report;
    }

private:
    void complain(const QString &problem) { m_report.problems += problem; }

    QJsonObject object(const QByteArray &part, const QString &what)
    {
        const auto json = decoded(part);
        if (!json) {
            complain(u"The %1 is not base64url without padding."_s.arg(what));
            return {};
        }
        if (!isStrictObject({json->constData(), std::size_t(json->size())}, Levels))
            complain(u"The %1 is not one JSON object without repeated members."_s.arg(what));
        return QJsonDocument::fromJson(*json).object();
    }

    void inspectHeader()
    {
        const QJsonObject &header = m_report.header;
        const QJsonValue algorithm = header["alg"_L1];
        if (algorithm != "HS256"_L1 && algorithm != "RS256"_L1 && algorithm != "ES256"_L1)
            complain(u"alg is none of HS256, RS256, ES256."_s);
        if (header.contains("crit"_L1))
            complain(u"crit asks for what no server understands."_s);
        const QJsonValue keyId = header["kid"_L1];
        if (!keyId.isUndefined() && !isValidKeyId(keyId.toString()))
            complain(u"kid is not 1 to 64 of the characters A-Z a-z 0-9 . _ -."_s);
    }

    void inspectClaims()
    {
        inspectTimes();
        const QJsonObject &claims = m_report.claims;
        const QJsonValue audience = claims["aud"_L1];
        if (!isTextOrTexts(audience, true))
            complain(u"aud is missing, or no text or list of texts."_s);
        else if (!m_projectId.isEmpty() && audience != m_projectId
                 && !audience.toArray().contains(m_projectId))
            complain(u"aud does not name the project '%1'."_s.arg(m_projectId));
        const bool isBackEnd = claims["role"_L1] == "backend"_L1;
        const QJsonValue subject = claims["sub"_L1];
        if (!isUserId(subject.toString()) && !(isBackEnd && subject.isUndefined()))
            complain(
                u"sub is missing, over %1 bytes, or has control characters."_s.arg(UserIdBytes));
        if (const QJsonValue shards = claims["shards"_L1];
            !shards.isUndefined() && !isTextOrTexts(shards, false))
            complain(u"shards is no list of texts."_s);
    }

    void inspectTimes()
    {
        const auto expiry = time(u"exp"_s);
        if (!expiry)
            complain(u"exp is missing, or no time in seconds."_s);
        else if (*expiry + LeewaySeconds <= m_now)
            complain(u"It has expired, %1."_s.arg(formatRelative(*expiry * 1000, m_now * 1000)));
        for (const QString &name : {u"nbf"_s, u"iat"_s}) {
            if (!m_report.claims.contains(name))
                continue;
            const auto begin = time(name);
            if (!begin)
                complain(u"%1 is no time in seconds."_s.arg(name));
            else if (*begin > m_now + LeewaySeconds)
                complain(
                    u"%1 is in the future: look at the clock of who made the token."_s.arg(name));
        }
    }

    std::optional<qint64> time(const QString &name) const
    {
        const double seconds = m_report.claims[name].toDouble(-1);
        if (!(seconds >= 0 && seconds <= LatestTime))
            return std::nullopt;
        return qint64(seconds);
    }

    static bool isUserId(const QString &subject)
    {
        const std::string utf8 = subject.toStdString();
        return !utf8.empty() && utf8.size() <= UserIdBytes && !Text::hasControlCharacter(utf8);
    }

    const QString m_projectId;
    const qint64 m_now;
    TokenReport m_report;
};

} // namespace

TokenReport inspectToken(const QByteArray &token, const QString &projectId, qint64 now)
{
    return Inspection(projectId, now).inspect(token);
}

bool isValidKeyId(const QString &keyId)
{
    static const QRegularExpression form(u"\\A[A-Za-z0-9._-]{1,64}\\z"_s);
    return form.match(keyId).hasMatch();
}

} // namespace Dispatch::Ctl

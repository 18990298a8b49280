// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "keyring_p.h"

#include "connectparameters_p.h"
#include "jsonwebtoken_p.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Dispatch {

using Verdict = DispatchTokenVerdict;

namespace {

QString nameOf(const DispatchTokenKey &key, qsizetype index)
{
    return isValidKeyId(key.keyId) ? u"Key '%1'"_s.arg(key.keyId)
                                   : u"Key number %1"_s.arg(index + 1);
}

/// What is wrong with all of \a key but the key itself.
QString faultOf(const DispatchTokenKey &key)
{
    if (!key.keyId.isEmpty() && !isValidKeyId(key.keyId))
        return u"kid has 1 to 64 of the characters A-Z a-z 0-9 . _ -"_s;
    for (const QString &project : key.projects) {
        if (!isValidProjectId(project.toStdString()))
            return u"'%1' is no project's id"_s.arg(project);
    }
    return {};
}

} // namespace

std::variant<KeyRing, QString> KeyRing::make(const QList<DispatchTokenKey> &keys)
{
    KeyRing ring;
    for (qsizetype i = 0; i < keys.size(); ++i) {
        const DispatchTokenKey &key = keys[i];
        if (const QString fault = faultOf(key); !fault.isEmpty())
            return nameOf(key, i) + u": "_s + fault;
        const bool isRepeated = std::ranges::any_of(ring.m_keys, [&key](const SigningKey &other) {
            return !key.keyId.isEmpty() && other.settings().keyId == key.keyId;
        });
        if (isRepeated)
            return nameOf(key, i) + u": another key has the same kid"_s;
        auto made = SigningKey::make(key);
        if (const auto *fault = std::get_if<QString>(&made))
            return nameOf(key, i) + u": "_s + *fault;
        ring.m_keys.push_back(std::get<SigningKey>(std::move(made)));
    }
    return ring;
}

VerifiedToken KeyRing::verify(const QByteArray &token) const
{
    if (m_keys.empty())
        return {nullptr, {}, refused(Verdict::NoKey, u"there is no key at all"_s)};
    const auto parsed = parseToken(token);
    if (const auto *refusal = std::get_if<Verdict>(&parsed))
        return {nullptr, {}, *refusal};
    const auto &jwt = std::get<JsonWebToken>(parsed);
    const auto signer = signerOf(token, jwt.algorithm, jwt.keyId);
    if (const auto *refusal = std::get_if<Verdict>(&signer))
        return {nullptr, {}, *refusal};
    auto claims = readClaims(jwt.claims);
    if (const auto *refusal = std::get_if<Verdict>(&claims))
        return {nullptr, {}, *refusal};
    return {std::get<const SigningKey *>(signer), std::get<TokenClaims>(std::move(claims)), {}};
}

Verdict KeyRing::judge(const VerifiedToken &token, const QString &projectId, TokenRole role,
                       qint64 now)
{
    if (!token.key)
        return token.refusal;
    return judgeClaims(token.claims, token.key->settings(), projectId, role, now);
}

std::variant<const SigningKey *, Verdict>
KeyRing::signerOf(const QByteArray &token, const QString &algorithm,
                  const std::optional<QString> &keyId) const
{
    // The key says what its algorithm is; the token may only agree.
    bool isKnown = false;
    bool agrees = false;
    for (const SigningKey &key : m_keys) {
        if (key.settings().keyId != keyId.value_or(QString()))
            continue;
        isKnown = true;
        if (key.algorithmName() != algorithm)
            continue;
        agrees = true;
        if (key.hasSigned(token))
            return &key;
    }
    if (!isKnown)
        return refused(Verdict::UnknownKey, u"there is no key for the token's kid"_s);
    if (!agrees)
        return refused(Verdict::WrongAlgorithm, u"alg is not that of the key"_s);
    return refused(Verdict::BadSignature, u"the signature does not match"_s);
}

} // namespace Dispatch

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "dispatchtokenverifier.h"

#include "jsonwebtoken_p.h"
#include "keyring_p.h"
#include "limits_p.h"
#include "projecttokens_p.h"
#include "tokencache_p.h"

#include <QtCore/qcryptographichash.h>
#include <QtCore/qdatetime.h>

#include <mutex>

using namespace Qt::StringLiterals;

namespace Dispatch {

namespace {

/// The keys of one configuration, and what they said lately.
class KeyVerifier final : public DispatchTokenVerifier {
public:
    KeyVerifier(KeyRing ring, ProjectTokens projectTokens)
        : m_ring(std::move(ring))
        , m_projectTokens(std::move(projectTokens))
    {
    }

    DispatchTokenVerdict verify(const QByteArray &token, const QString &projectId) const override
    {
        return judge(token, projectId, TokenRole::User);
    }

    DispatchTokenVerdict verifyBackend(const QByteArray &token,
                                       const QString &projectId) const override
    {
        if (token.size() <= static_cast<qsizetype>(Limits::TokenBytes)
            && m_projectTokens.accepts(token, projectId))
            return {u"backend"_s, {}, DispatchTokenVerdict::None, 0, {}};
        const DispatchTokenVerdict verdict = judge(token, projectId, TokenRole::Backend);
        if (verdict.fault == DispatchTokenVerdict::NoKey && !m_projectTokens.isEmpty())
            return refused(DispatchTokenVerdict::Invalid, u"it is none of the project tokens"_s);
        return verdict;
    }

private:
    using Verified = std::shared_ptr<const VerifiedToken>;

    DispatchTokenVerdict judge(const QByteArray &token, const QString &projectId,
                               TokenRole role) const
    {
        return KeyRing::judge(*verified(token), projectId, role,
                              QDateTime::currentSecsSinceEpoch());
    }

    Verified verified(const QByteArray &token) const
    {
        // What is too long is not even worth a hash.
        if (token.size() > static_cast<qsizetype>(Limits::TokenBytes))
            return std::make_shared<const VerifiedToken>(m_ring.verify(token));
        const QByteArray hash = QCryptographicHash::hash(token, QCryptographicHash::Sha256);
        const TimePoint now = Clock::now();
        {
            const std::lock_guard lock(m_mutex);
            if (const Verified *known = m_cache.find(hash, now))
                return *known;
        }
        const auto fresh = std::make_shared<const VerifiedToken>(m_ring.verify(token));
        const std::lock_guard lock(m_mutex);
        m_cache.insert(hash, fresh, now);
        return fresh;
    }

    const KeyRing m_ring;
    const ProjectTokens m_projectTokens;
    mutable std::mutex m_mutex;
    mutable TokenCache<Verified> m_cache;
};

} // namespace

} // namespace Dispatch

DispatchTokenVerifier::~DispatchTokenVerifier() = default;

DispatchTokenVerdict DispatchTokenVerifier::verifyBackend(const QByteArray &, const QString &) const
{
    return Dispatch::refused(DispatchTokenVerdict::WrongRole,
                             u"this verifier knows no back ends"_s);
}

std::shared_ptr<const DispatchTokenVerifier>
DispatchTokenVerifier::fromKeys(const QList<DispatchTokenKey> &keys,
                                const QList<DispatchProjectToken> &projectTokens, QString *error)
{
    auto ring = Dispatch::KeyRing::make(keys);
    auto tokens = Dispatch::ProjectTokens::make(projectTokens);
    const QString *fault = std::get_if<QString>(&ring);
    if (!fault)
        fault = std::get_if<QString>(&tokens);
    if (fault) {
        if (error)
            *error = *fault;
        return nullptr;
    }
    return std::make_shared<Dispatch::KeyVerifier>(
        std::get<Dispatch::KeyRing>(std::move(ring)),
        std::get<Dispatch::ProjectTokens>(std::move(tokens)));
}

std::shared_ptr<const DispatchTokenVerifier>
DispatchTokenVerifier::sharedSecret(const QByteArray &secret)
{
    return fromKeys({{.algorithm = DispatchTokenKey::HS256, .key = secret}});
}

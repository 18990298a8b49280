// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "sessionregistry_p.h"

#include <QtCore/qbytearray.h>
#include <QtCore/qcryptographichash.h>
#include <QtCore/qrandom.h>

#include <openssl/crypto.h>

#include <algorithm>
#include <cstring>

namespace Dispatch {

namespace {

constexpr qsizetype SecretBytes = 32;

} // namespace

std::string SessionRegistry::newSecret()
{
    QByteArray bytes(SecretBytes, Qt::Uninitialized);
    QRandomGenerator::system()->generate(bytes.begin(), bytes.end());
    return bytes.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals)
        .toStdString();
}

SessionRegistry::Hash SessionRegistry::hashOf(std::string_view secret)
{
    const QByteArray digest = QCryptographicHash::hash(
        QByteArrayView(secret.data(), static_cast<qsizetype>(secret.size())).toByteArray(),
        QCryptographicHash::Sha256);
    Hash hash{};
    std::copy_n(digest.begin(), hash.size(), hash.begin());
    return hash;
}

std::uint64_t SessionRegistry::keyOf(const Hash &hash)
{
    std::uint64_t key = 0;
    std::memcpy(&key, hash.data(), sizeof key);
    return key;
}

std::pair<std::uint64_t, std::string> SessionRegistry::add(Session session, std::string secret)
{
    const std::lock_guard lock(m_mutex);
    session.id = ++m_lastId;
    Entry &entry = m_sessions[m_lastId];
    entry.session = std::move(session);
    addSecret(entry, secret);
    return {m_lastId, std::move(secret)};
}

std::optional<SessionRegistry::Claim> SessionRegistry::claim(std::string_view secret)
{
    const Hash hash = hashOf(secret);
    const std::lock_guard lock(m_mutex);
    const auto [first, last] = m_secrets.equal_range(keyOf(hash));
    const auto found = std::find_if(first, last, [this, &hash](const auto &candidate) {
        return std::ranges::any_of(m_sessions.at(candidate.second).secrets, [&](const Hash &one) {
            return CRYPTO_memcmp(one.data(), hash.data(), hash.size()) == 0;
        });
    });
    if (found == last)
        return std::nullopt;
    Entry &entry = m_sessions.at(found->second);
    ++entry.claims;
    return Claim(this, entry.session, hash);
}

std::string SessionRegistry::renewSecret(const Claim &claim, std::string secret)
{
    const std::lock_guard lock(m_mutex);
    const auto entry = m_sessions.find(claim.session().id);
    if (entry == m_sessions.end()
        || std::ranges::find(entry->second.secrets, claim.m_shown) == entry->second.secrets.end()) {
        return {};
    }
    forgetSecretsBut(entry->second, claim.m_shown);
    addSecret(entry->second, secret);
    return secret;
}

void SessionRegistry::confirm(std::uint64_t id)
{
    const std::lock_guard lock(m_mutex);
    if (const auto entry = m_sessions.find(id); entry != m_sessions.end())
        forgetSecretsBut(entry->second, Hash(entry->second.secrets.back()));
}

void SessionRegistry::setUser(std::uint64_t id, const std::string &userId)
{
    const std::lock_guard lock(m_mutex);
    if (const auto entry = m_sessions.find(id); entry != m_sessions.end())
        entry->second.session.userId = userId;
}

bool SessionRegistry::expire(std::uint64_t id)
{
    const std::lock_guard lock(m_mutex);
    const auto entry = m_sessions.find(id);
    if (entry == m_sessions.end())
        return true;
    if (entry->second.claims > 0)
        return false;
    erase(entry);
    return true;
}

void SessionRegistry::remove(std::uint64_t id)
{
    const std::lock_guard lock(m_mutex);
    if (const auto entry = m_sessions.find(id); entry != m_sessions.end())
        erase(entry);
}

std::size_t SessionRegistry::size() const
{
    const std::lock_guard lock(m_mutex);
    return m_sessions.size();
}

void SessionRegistry::addSecret(Entry &entry, std::string_view secret)
{
    const Hash hash = hashOf(secret);
    entry.secrets.push_back(hash);
    m_secrets.emplace(keyOf(hash), entry.session.id);
}

void SessionRegistry::forgetSecretsBut(Entry &entry, const Hash &kept)
{
    std::erase_if(entry.secrets, [this, &kept, id = entry.session.id](const Hash &hash) {
        if (hash == kept)
            return false;
        forgetSecret(hash, id);
        return true;
    });
}

void SessionRegistry::forgetSecret(const Hash &hash, std::uint64_t id)
{
    const auto [first, last] = m_secrets.equal_range(keyOf(hash));
    const auto found =
        std::find_if(first, last, [id](const auto &candidate) { return candidate.second == id; });
    if (found != last)
        m_secrets.erase(found);
}

void SessionRegistry::erase(Entries::iterator entry)
{
    for (const Hash &hash : entry->second.secrets)
        forgetSecret(hash, entry->first);
    m_sessions.erase(entry);
}

void SessionRegistry::giveBack(std::uint64_t id)
{
    const std::lock_guard lock(m_mutex);
    if (const auto entry = m_sessions.find(id); entry != m_sessions.end())
        --entry->second.claims;
}

} // namespace Dispatch

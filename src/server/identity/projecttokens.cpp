// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "projecttokens_p.h"

#include "connectparameters_p.h"
#include "limits_p.h"
#include "signingkey_p.h"

#include <QtCore/qcryptographichash.h>

#include <openssl/crypto.h>

using namespace Qt::StringLiterals;

namespace Dispatch {

namespace {

QByteArray hashOf(const QByteArray &text)
{
    return QCryptographicHash::hash(text, QCryptographicHash::Sha256);
}

bool isSame(const QByteArray &hash, const QByteArray &other)
{
    return CRYPTO_memcmp(hash.constData(), other.constData(), static_cast<std::size_t>(hash.size()))
        == 0;
}

} // namespace

std::variant<ProjectTokens, QString> ProjectTokens::make(const QList<DispatchProjectToken> &tokens)
{
    ProjectTokens made;
    for (const DispatchProjectToken &token : tokens) {
        if (!isValidProjectId(token.projectId.toStdString()))
            return u"A project token is for '%1', which is no project's id"_s.arg(token.projectId);
        if (token.token.size() < SharedSecretBytes
            || token.token.size() > static_cast<qsizetype>(Limits::TokenBytes)) {
            return u"The project token of '%1' must have %2 to %3 bytes: make another"_s
                .arg(token.projectId)
                .arg(SharedSecretBytes)
                .arg(Limits::TokenBytes);
        }
        made.m_entries.push_back({hashOf(token.projectId.toUtf8()), hashOf(token.token)});
    }
    return made;
}

bool ProjectTokens::accepts(const QByteArray &token, const QString &projectId) const
{
    const QByteArray project = hashOf(projectId.toUtf8());
    const QByteArray hash = hashOf(token);
    bool accepted = false;
    for (const Entry &entry : m_entries) {
        const bool isProject = isSame(entry.project, project);
        const bool isToken = isSame(entry.token, hash);
        accepted |= isProject & isToken;
    }
    return accepted;
}

} // namespace Dispatch

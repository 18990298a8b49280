// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "credentials_p.h"

#include "configuration_p.h"
#include "secretfile_p.h"

#include "dispatchtokenverifier.h"

namespace Dispatch {

using namespace Qt::StringLiterals;

namespace {

/// The content of \a path; what is wrong with it goes to \a problems.
QByteArray read(const QString &path, const QString &what, QStringList &problems)
{
    const SecretFile file = readSecretFile(path, what);
    if (!file.error.isEmpty())
        problems += file.error;
    return file.secret;
}

void readTls(const DaemonSettings &daemon, Credentials &credentials)
{
    if (daemon.tlsCertificateFile.isEmpty())
        return;
    credentials.tlsIdentity =
        DispatchTlsIdentity::fromFiles(daemon.tlsCertificateFile, daemon.tlsKeyFile);
    if (!credentials.tlsIdentity.isValid())
        credentials.problems += credentials.tlsIdentity.errorString();
}

} // namespace

Credentials readCredentials(const Configuration &configuration)
{
    Credentials credentials;
    readTls(configuration.daemon, credentials);
    QList<DispatchTokenKey> keys;
    if (const QString &path = configuration.daemon.secretFile; !path.isEmpty())
        keys.append({.key = read(path, u"secret"_s, credentials.problems)});
    for (const KeyEntry &entry : configuration.keys) {
        const auto algorithm = DispatchTokenKey::algorithmFromName(entry.algorithm);
        const QString what = algorithm == DispatchTokenKey::HS256 ? u"secret"_s : u"key"_s;
        keys.append({.algorithm = algorithm.value_or(DispatchTokenKey::HS256),
                     .key = read(entry.file, what, credentials.problems),
                     .keyId = entry.kid,
                     .projects = entry.projects,
                     .audience = entry.audience,
                     .issuer = entry.issuer});
    }
    QList<DispatchProjectToken> projectTokens;
    for (const ProjectTokenEntry &entry : configuration.projectTokens)
        projectTokens.append(
            {entry.project, read(entry.file, u"project token"_s, credentials.problems)});
    if (!credentials.problems.isEmpty() || (keys.isEmpty() && projectTokens.isEmpty()))
        return credentials;
    QString error;
    credentials.verifier = DispatchTokenVerifier::fromKeys(keys, projectTokens, &error);
    if (!credentials.verifier)
        credentials.problems += error;
    return credentials;
}

} // namespace Dispatch

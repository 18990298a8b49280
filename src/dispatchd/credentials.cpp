// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "credentials_p.h"

#include "configuration_p.h"
#include "secretfile_p.h"

#include "dispatchtokenverifier.h"

#include <QtCore/qregularexpression.h>

namespace Dispatch {

using namespace Qt::StringLiterals;

namespace {

/// Whether there is one in \a url: "redis://user:password@host".
bool hasPassword(const QString &url)
{
    static const QRegularExpression pattern(u"^[^/]*//[^/@]*:.*@"_s);
    return pattern.match(url).hasMatch();
}

/// Reads what a configuration names.
class Reader {
public:
    explicit Reader(const LoadedConfiguration &loaded)
        : m_loaded(loaded)
    {
    }

    Credentials read();

private:
    void readTls();
    void readEnginePassword();
    QByteArray readFile(const QString &where, const QString &path, const QString &what,
                        qsizetype leastBytes = LeastSecretBytes);
    QByteArray readSecret(const QString &where, const QString &path, const QString &what,
                          qsizetype leastBytes = LeastSecretBytes);
    void checkPermissions(const QString &where, const QString &path, const QString &what);
    QList<DispatchTokenKey> readKeys();
    QList<DispatchProjectToken> readProjectTokens();

    const LoadedConfiguration &m_loaded;
    Credentials m_result;
};

/// The content of \a path, which is named at \a where ("file:3:8: ").
QByteArray Reader::readFile(const QString &where, const QString &path, const QString &what,
                            qsizetype leastBytes)
{
    const SecretFile file = readSecretFile(path, what, leastBytes);
    if (!file.error.isEmpty())
        m_result.problems += where + file.error;
    return file.secret;
}

/// The same of what others must not know.
QByteArray Reader::readSecret(const QString &where, const QString &path, const QString &what,
                              qsizetype leastBytes)
{
    checkPermissions(where, path, what);
    return readFile(where, path, what, leastBytes);
}

void Reader::checkPermissions(const QString &where, const QString &path, const QString &what)
{
    if (const QString warning = permissionWarning(path, what); !warning.isEmpty())
        m_result.warnings += where + warning;
}

void Reader::readTls()
{
    const DaemonSettings &daemon = m_loaded.configuration.daemon;
    if (daemon.tlsCertificateFile.isEmpty())
        return;
    const QString atCertificate = m_loaded.originOf(u"tls.certificate_file"_s).prefix();
    const QString atKey = m_loaded.originOf(u"tls.key_file"_s).prefix();
    auto &identity = m_result.tlsIdentity;
    identity = DispatchTlsIdentity::fromFiles(daemon.tlsCertificateFile, daemon.tlsKeyFile);
    if (!identity.isValid()) {
        const bool isOfKey = identity.errorString().contains(u"'%1'"_s.arg(daemon.tlsKeyFile));
        m_result.problems += (isOfKey ? atKey : atCertificate) + identity.errorString();
        return;
    }
    checkPermissions(atKey, daemon.tlsKeyFile, u"key"_s);
}

void Reader::readEnginePassword()
{
    const Configuration &configuration = m_loaded.configuration;
    const bool isInUrl = hasPassword(configuration.server.engine);
    if (isInUrl)
        m_result.warnings += m_loaded.originOf(u"engine"_s).prefix()
            + u"the password in it is shown by --print-config, and on a command line to everybody "
              "on this machine: give it in engine_password_file."_s;
    const QString &path = configuration.daemon.enginePasswordFile;
    if (path.isEmpty())
        return;
    const QString where = m_loaded.originOf(u"engine_password_file"_s).prefix();
    // How long it is, is up to Redis.
    m_result.enginePassword = QString::fromUtf8(readSecret(where, path, u"engine password"_s, 1));
    if (isInUrl)
        m_result.problems += where + u"there is a password in the engine, too: say it once."_s;
}

QList<DispatchTokenKey> Reader::readKeys()
{
    QList<DispatchTokenKey> keys;
    if (const QString &path = m_loaded.configuration.daemon.secretFile; !path.isEmpty())
        keys.append(
            {.key = readSecret(m_loaded.originOf(u"secret_file"_s).prefix(), path, u"secret"_s)});
    for (const KeyEntry &entry : m_loaded.configuration.keys) {
        const auto algorithm = DispatchTokenKey::algorithmFromName(entry.algorithm);
        const QString where = entry.location.text + u": "_s;
        keys.append({.algorithm = algorithm.value_or(DispatchTokenKey::HS256),
                     .key = algorithm == DispatchTokenKey::HS256
                         ? readSecret(where, entry.file, u"secret"_s)
                         : readFile(where, entry.file, u"key"_s),
                     .keyId = entry.kid,
                     .projects = entry.projects,
                     .audience = entry.audience,
                     .issuer = entry.issuer});
    }
    return keys;
}

QList<DispatchProjectToken> Reader::readProjectTokens()
{
    QList<DispatchProjectToken> tokens;
    for (const ProjectTokenEntry &entry : m_loaded.configuration.projectTokens) {
        const QString where = entry.location.text + u": "_s;
        tokens.append({entry.project, readSecret(where, entry.file, u"project token"_s)});
    }
    return tokens;
}

Credentials Reader::read()
{
    readTls();
    readEnginePassword();
    const QList<DispatchTokenKey> keys = readKeys();
    const QList<DispatchProjectToken> projectTokens = readProjectTokens();
    if (!m_result.problems.isEmpty() || (keys.isEmpty() && projectTokens.isEmpty()))
        return m_result;
    QString error;
    m_result.verifier = DispatchTokenVerifier::fromKeys(keys, projectTokens, &error);
    if (!m_result.verifier)
        m_result.problems += error;
    return m_result;
}

} // namespace

Credentials readCredentials(const LoadedConfiguration &loaded)
{
    return Reader(loaded).read();
}

} // namespace Dispatch

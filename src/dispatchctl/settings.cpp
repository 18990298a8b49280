// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "settings_p.h"

#include "secrettext_p.h"

#include "bareaddress_p.h"
#include "connectparameters_p.h"

#include <QtNetwork/qhostaddress.h>
#include <QtNetwork/qsslcertificate.h>

using namespace Qt::StringLiterals;

namespace Dispatch::Ctl {

namespace {

const QString DefaultUrl = u"ws://127.0.0.1:8090"_s;

/// Why \a url, which \a source gives, leads nowhere; empty if it does not.
QString faultOf(const QUrl &url, const QString &source)
{
    const bool isWebSocket = url.scheme() == "ws"_L1 || url.scheme() == "wss"_L1;
    if (url.isValid() && isWebSocket && !url.host().isEmpty())
        return {};
    if (const auto address = bareAddress(url))
        return u"%1 is '%2', which does not begin with ws:// or wss://: say ws://%2, or wss://%2 "
               u"if "
               "it speaks TLS."_s.arg(source, *address);
    // The text is not repeated: somebody may have put a token into it.
    return u"%1 is an address as in ws://127.0.0.1:8090 or wss://rooms.example."_s.arg(source);
}

QUrl readUrl(OptionReader &read, const QProcessEnvironment &environment)
{
    const bool isOption = read.isSet(u"url"_s);
    const QString text =
        isOption ? read.text(u"url"_s) : environment.value(u"DISPATCH_URL"_s, DefaultUrl);
    const QUrl url(text, QUrl::StrictMode);
    const QString fault = faultOf(url, isOption ? u"--url"_s : u"DISPATCH_URL"_s);
    if (!fault.isEmpty())
        read.complain(fault);
    else if (url.scheme() == "ws"_L1 && !isLoopback(url.host()) && !read.isSet(u"insecure"_s))
        read.complain(u"Without TLS whoever is on the way reads and changes tokens and events: "
                      "use wss://, or say --insecure."_s);
    return url;
}

QString readProject(OptionReader &read, const QProcessEnvironment &environment)
{
    const QString id = read.isSet(u"project"_s) ? read.text(u"project"_s)
                                                : environment.value(u"DISPATCH_PROJECT"_s);
    if (!id.isEmpty() && !isValidProjectId(id.toStdString()))
        read.complain(u"A project's id has 1 to 128 of the characters A-Z a-z 0-9 . _ ~ -, unlike "
                      "'%1'."_s.arg(id));
    return id;
}

/// The secret in the file that \a option names, or else in \a variable.
QByteArray readSecret(OptionReader &read, const QString &option,
                      const QProcessEnvironment &environment, const QString &variable)
{
    if (!read.isSet(option))
        return environment.value(variable).trimmed().toUtf8();
    const SecretText secret = readSecretText(read.text(option));
    if (!secret.problem.isEmpty())
        read.complain(u"--%1: %2"_s.arg(option, secret.problem));
    return secret.text;
}

QString readToken(OptionReader &read, const QProcessEnvironment &environment)
{
    if (!read.isSet(u"token"_s))
        return QString::fromUtf8(
            readSecret(read, u"token-file"_s, environment, u"DISPATCH_TOKEN"_s));
    if (read.isSet(u"token-file"_s))
        read.complain(u"Give --token or --token-file, not both."_s);
    return read.text(u"token"_s);
}

std::optional<QSslConfiguration> readTls(OptionReader &read)
{
    if (!read.isSet(u"ca-file"_s))
        return std::nullopt;
    const QString path = read.text(u"ca-file"_s);
    const QList<QSslCertificate> certificates = QSslCertificate::fromPath(path);
    if (certificates.isEmpty())
        read.complain(
            u"--ca-file: '%1' can't be read, or has no certificate in PEM format."_s.arg(path));
    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    configuration.addCaCertificates(certificates);
    return configuration;
}

} // namespace

Settings readSettings(SharedOptions which, OptionReader &read,
                      const QProcessEnvironment &environment)
{
    Settings settings;
    if (which.testFlag(SharedOption::Server)) {
        settings.url = readUrl(read, environment);
        settings.isInsecure = read.isSet(u"insecure"_s);
        settings.ssl = readTls(read);
        settings.timeout = read.duration(u"timeout"_s, Milliseconds(1), std::chrono::hours(1))
                               .value_or(settings.timeout);
    }
    if (which.testAnyFlags(SharedOption::Project | SharedOption::TokenProject))
        settings.projectId = readProject(read, environment);
    if (which.testFlag(SharedOption::Shard))
        settings.shardName = readShardName(read);
    if (which.testFlag(SharedOption::Token))
        settings.token = readToken(read, environment);
    if (which.testFlag(SharedOption::ProjectToken))
        settings.projectToken =
            readSecret(read, u"project-token-file"_s, environment, u"DISPATCH_PROJECT_TOKEN"_s);
    return settings;
}

QString readShardName(OptionReader &read)
{
    const QString name = read.text(u"shard"_s);
    if (!name.isEmpty() && !isValidShardName(name.toStdString()))
        read.complain(u"--shard has at most 128 bytes and no control characters."_s);
    return name;
}

bool isLoopback(const QString &host)
{
    return host == "localhost"_L1 || QHostAddress(host).isLoopback();
}

} // namespace Dispatch::Ctl

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "diagnosis_p.h"

#include "duration_p.h"
#include "failure_p.h"
#include "settings_p.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Dispatch::Ctl {

namespace {

// Who renews certificates by a program has done so by then.
constexpr Milliseconds RenewalTime = 14 * Day;
// The leeway that servers give to the times of tokens.
constexpr qint64 ClockLeeway = 30'000;
constexpr qint64 ClockWarning = 5'000;

QString adviceFor(QSslError::SslError error, const TlsFacts &facts)
{
    switch (error) {
    case QSslError::HostNameMismatch:
        return u"Connect by a name that the certificate is for: %1."_s.arg(
            facts.hostNames.join(u", "_s));
    case QSslError::CertificateExpired:
        return u"Renew the server's certificate."_s;
    case QSslError::CertificateNotYetValid:
        return u"Look at the clocks of both machines."_s;
    case QSslError::SelfSignedCertificate:
    case QSslError::SelfSignedCertificateInChain:
        return u"If the certificate, or its CA, is your own, name it with --ca-file."_s;
    case QSslError::UnableToGetLocalIssuerCertificate:
    case QSslError::UnableToVerifyFirstCertificate:
        return u"The server has to send its chain of certificates; if the CA is your own, name it "
               "with --ca-file."_s;
    default:
        return u"Look at the server's certificate: 'openssl s_client -connect' shows it."_s;
    }
}

Finding judgeBadTls(const TlsFacts &facts)
{
    if (facts.errors.isEmpty())
        return {Finding::Failed, facts.errorText,
                u"Is TLS spoken there? Without it the address begins with ws://."_s};
    QStringList texts;
    QStringList advice;
    for (const QSslError::SslError error : facts.errors) {
        texts += QSslError(error).errorString();
        advice += adviceFor(error, facts);
    }
    texts.removeDuplicates();
    advice.removeDuplicates();
    return {Finding::Failed,
            u"%1 (certificate of '%2', by '%3', valid until %4)"_s.arg(
                texts.join(u' '), facts.subject, facts.issuer, formatTime(facts.validUntil)),
            advice.join(u' ')};
}

} // namespace

Finding judgeUrl(const QUrl &url)
{
    const QString shown = displayed(url);
    if (!url.userInfo().isEmpty() || url.hasQuery())
        return {Finding::Warning, shown + u" and more, which is not shown"_s,
                u"What is secret does not belong into an address: give --token-file."_s};
    if (url.scheme() == "ws"_L1 && !isLoopback(url.host()))
        return {Finding::Warning, shown,
                u"Without TLS whoever is on the way reads tokens and events: use wss://."_s};
    return {Finding::Ok, shown};
}

Finding judgeTlsBackend(const TlsBackend &backend, bool isNeeded)
{
    if (backend.isThere)
        return {Finding::Ok, u"%1 (%2)"_s.arg(backend.name, backend.version)};
    return {isNeeded ? Finding::Failed : Finding::Warning, u"Qt has none here"_s,
            u"wss:// needs one: install Qt's plugin for OpenSSL, and OpenSSL itself."_s};
}

Finding judgeProxies(const QProcessEnvironment &environment, bool usesSystem)
{
    QStringList found;
    for (const QString &name : {u"http_proxy"_s, u"https_proxy"_s, u"all_proxy"_s}) {
        for (const QString &variable : {name, name.toUpper()}) {
            if (!environment.value(variable).isEmpty())
                found += variable;
        }
    }
    if (found.isEmpty())
        return {Finding::Ok, u"none in the environment"_s};
    const QString detail = u"set: "_s + found.join(u", "_s);
    if (usesSystem)
        return {Finding::Warning, detail,
                u"Qt programs take this way. If it does not let WebSockets through, add the server "
                "to no_proxy."_s};
    return {Finding::Warning, detail,
            u"Qt programs take no notice, unless they call "
            "QNetworkProxyFactory::setUseSystemConfiguration(true)."_s};
}

Finding judgeQmlModule(const QmlModule &module)
{
    if (module.folder.isEmpty())
        return {
            Finding::Warning, u"not found"_s,
            u"Only QML programs need it: install it, or put the folder that has Dispatch/qmldir "
            "in it into QML_IMPORT_PATH."_s};
    if (!module.problem.isEmpty())
        return {Finding::Failed, u"%1: %2"_s.arg(module.folder, module.problem),
                u"Install the module again."_s};
    if (!module.isOnPath)
        return {Finding::Warning, u"%1, where Qt does not look"_s.arg(module.folder),
                u"Set QML_IMPORT_PATH=%1, or call QQmlEngine::addImportPath()."_s.arg(
                    module.importPath)};
    return {Finding::Ok, module.folder};
}

Finding judgeTls(const TlsFacts &facts, qint64 now)
{
    if (!facts.errors.isEmpty() || !facts.errorText.isEmpty())
        return judgeBadTls(facts);
    const QString detail = u"%1, %2; certificate of '%3', by '%4', valid until %5, %6"_s.arg(
        facts.protocol, facts.cipher, facts.subject, facts.issuer, formatTime(facts.validUntil),
        formatRelative(facts.validUntil, now));
    if (Milliseconds(facts.validUntil - now) < RenewalTime)
        return {Finding::Warning, detail, u"Renew the server's certificate."_s};
    return {Finding::Ok, detail};
}

Finding judgeClock(std::optional<qint64> serverSecond, qint64 before, qint64 after)
{
    if (!serverSecond)
        return {Finding::Warning, u"the server does not tell its time"_s,
                u"See that both machines get theirs from the network (NTP)."_s};
    // It was some time within that second when the server answered.
    const qint64 least = *serverSecond * 1000 - after;
    const qint64 most = *serverSecond * 1000 + 999 - before;
    if (least <= 0 && most >= 0)
        return {Finding::Ok, u"as ours, to a second"_s};
    const qint64 difference = least > 0 ? least : most;
    const QString detail = u"%1 %2"_s.arg(formatDuration(Milliseconds(difference)),
                                          difference > 0 ? u"before ours"_s : u"behind ours"_s);
    const QString advice = u"Set both clocks by the network (NTP)."_s;
    if (std::abs(difference) > ClockLeeway)
        return {Finding::Failed, detail, advice + u" Tokens are refused by so much."_s};
    return {std::abs(difference) > ClockWarning ? Finding::Warning : Finding::Ok, detail,
            std::abs(difference) > ClockWarning ? advice : QString()};
}

} // namespace Dispatch::Ctl

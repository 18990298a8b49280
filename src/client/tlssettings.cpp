// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "tlssettings_p.h"

#include <QtCore/qfile.h>
#include <QtNetwork/qsslcertificate.h>

using namespace Qt::StringLiterals;

namespace Dispatch {

namespace {

constexpr qint64 LongestCaFile = 1024 * 1024;

QString pathOf(const QUrl &file)
{
    if (file.scheme() == "qrc"_L1)
        return u':' + file.path();
    return file.isLocalFile() ? file.toLocalFile() : QString();
}

std::variant<QList<QSslCertificate>, DispatchError> readCertificates(const QUrl &caFile)
{
    const auto unusable = [&caFile](const QString &why) {
        return DispatchError(DispatchError::InvalidParameters,
                             u"caFile '%1' %2."_s.arg(caFile.toDisplayString(), why));
    };
    const QString path = pathOf(caFile);
    if (path.isEmpty())
        return unusable(u"is no local file: give a file: or qrc: URL"_s);
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return unusable(u"can't be read: "_s + file.errorString());
    if (file.size() > LongestCaFile)
        return unusable(
            u"has more than %1 bytes: name the CAs that are needed"_s.arg(LongestCaFile));
    const QList<QSslCertificate> certificates = QSslCertificate::fromData(file.readAll());
    if (certificates.isEmpty())
        return unusable(u"has no certificate in PEM form"_s);
    return certificates;
}

bool isOutdated(QSsl::SslProtocol protocol)
{
    switch (protocol) {
    case QSsl::TlsV1_2:
    case QSsl::TlsV1_2OrLater:
    case QSsl::TlsV1_3:
    case QSsl::TlsV1_3OrLater:
    case QSsl::SecureProtocols:
        return false;
    default:
        return true;
    }
}

QString adviceOn(QSslError::SslError error)
{
    switch (error) {
    case QSslError::SelfSignedCertificate:
    case QSslError::SelfSignedCertificateInChain:
    case QSslError::UnableToGetIssuerCertificate:
    case QSslError::UnableToGetLocalIssuerCertificate:
    case QSslError::UnableToVerifyFirstCertificate:
    case QSslError::CertificateUntrusted:
        return u"If the server is yours, name its CA by caFile."_s;
    case QSslError::HostNameMismatch:
        return u"Connect to a name that the certificate is made out to."_s;
    case QSslError::CertificateExpired:
        return u"The certificate has to be renewed, unless this machine's clock is wrong."_s;
    case QSslError::CertificateNotYetValid:
        return u"Look whether this machine's clock is right."_s;
    default:
        return {};
    }
}

} // namespace

QSslConfiguration verifying(QSslConfiguration configuration)
{
    configuration.setPeerVerifyMode(QSslSocket::AutoVerifyPeer);
    if (isOutdated(configuration.protocol()))
        configuration.setProtocol(QSsl::SecureProtocols);
    return configuration;
}

std::variant<QSslConfiguration, DispatchError>
tlsConfiguration(const std::optional<QSslConfiguration> &own, const QUrl &caFile)
{
    QSslConfiguration configuration =
        verifying(own.value_or(QSslConfiguration::defaultConfiguration()));
    if (caFile.isEmpty())
        return configuration;
    const auto certificates = readCertificates(caFile);
    if (const auto *error = std::get_if<DispatchError>(&certificates))
        return *error;
    configuration.addCaCertificates(std::get<QList<QSslCertificate>>(certificates));
    return configuration;
}

QString describeTlsErrors(const QList<QSslError> &errors)
{
    QStringList faults;
    QStringList advice;
    for (const QSslError &error : errors) {
        faults.append(error.errorString());
        advice.append(adviceOn(error.error()));
    }
    faults.removeDuplicates();
    advice.removeDuplicates();
    advice.removeAll(QString());
    advice.prepend(u"The server's certificate is not accepted: %1."_s.arg(faults.join(u"; "_s)));
    return advice.join(u' ');
}

} // namespace Dispatch

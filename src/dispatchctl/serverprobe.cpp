// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "serverprobe_p.h"

#include "apiclient_p.h"
#include "diagnosis_p.h"

#include <QtCore/qdatetime.h>
#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qlocale.h>
#include <QtCore/quuid.h>
#include <QtNetwork/qhostinfo.h>
#include <QtNetwork/qnetworkreply.h>
#include <QtNetwork/qsslcipher.h>
#include <QtNetwork/qsslsocket.h>

using namespace Qt::StringLiterals;

namespace Dispatch::Ctl {

namespace {

constexpr qint64 MaximumAnswer = 8 * 1024 * 1024;

quint16 portOf(const QUrl &url)
{
    return quint16(url.port(url.scheme() == "wss"_L1 ? 443 : 80));
}

QString nameOf(QSsl::SslProtocol protocol)
{
    switch (protocol) {
    case QSsl::TlsV1_2:
        return u"TLS 1.2"_s;
    case QSsl::TlsV1_3:
        return u"TLS 1.3"_s;
    default:
        return u"another version of TLS"_s;
    }
}

/// The first of the names that \a certificate has for somebody.
QString nameIn(const QStringList &commonNames, const QStringList &organizations)
{
    return commonNames.isEmpty() ? organizations.value(0, u"?"_s) : commonNames.first();
}

TlsFacts factsOf(const QSslSocket &socket)
{
    const QSslCertificate certificate = socket.peerCertificate();
    TlsFacts facts;
    facts.protocol = nameOf(socket.sessionProtocol());
    facts.cipher = socket.sessionCipher().name();
    facts.subject = nameIn(certificate.subjectInfo(QSslCertificate::CommonName),
                           certificate.subjectInfo(QSslCertificate::Organization));
    facts.issuer = nameIn(certificate.issuerInfo(QSslCertificate::CommonName),
                          certificate.issuerInfo(QSslCertificate::Organization));
    facts.hostNames = certificate.subjectAlternativeNames().values();
    facts.validUntil = certificate.expiryDate().toMSecsSinceEpoch();
    for (const QSslError &error : socket.sslHandshakeErrors())
        facts.errors += error.error();
    return facts;
}

/// In s since the epoch; nothing if \a date is no Date field (RFC 9110, section 5.6.7).
std::optional<qint64> secondOf(const QByteArray &date)
{
    QDateTime time =
        QLocale::c().toDateTime(QString::fromLatin1(date), u"ddd, dd MMM yyyy HH:mm:ss 'GMT'"_s);
    if (!time.isValid())
        return std::nullopt;
    time.setTimeSpec(Qt::UTC);
    return time.toSecsSinceEpoch();
}

Finding judgeInfo(QNetworkReply &reply)
{
    const int status = reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (status == 0)
        return {Finding::Failed, reply.errorString(), u"Is a Dispatch server there?"_s};
    const QString advice =
        u"Is it a Dispatch server? A proxy in front of it has to pass /info/ on."_s;
    const QJsonDocument answer = QJsonDocument::fromJson(reply.read(MaximumAnswer));
    if (const QString code = answer["code"_L1].toString(); !code.isEmpty() && status >= 400)
        return {Finding::Failed, u"/info is refused (%1)"_s.arg(code),
                answer["message"_L1].toString()};
    if (status != 200)
        return {Finding::Failed, u"/info answers with HTTP status %1"_s.arg(status), advice};
    if (!answer.isArray())
        return {Finding::Failed, u"/info answers with something that is no list of shards"_s,
                advice};
    return {Finding::Ok, u"/info answers; shards: %1"_s.arg(answer.array().size())};
}

QString adviceFor(const Failure &failure)
{
    switch (failure.exitCode) {
    case ExitCode::Refused:
        return failure.code == "unauthorized"_L1 ? u"Give a good token: --token-file."_s
                                                 : QString();
    case ExitCode::Unreachable:
    case ExitCode::TimedOut:
        return u"HTTP works and WebSocket does not: a proxy has to pass the upgrade on "
               "(docs/operations.md)."_s;
    default:
        return {};
    }
}

} // namespace

ServerProbe::ServerProbe(const Settings &settings)
    : m_settings(settings)
{
}

void ServerProbe::lookUpName(const Report &report)
{
    QHostInfo::lookupHost(m_settings.url.host(), this, [report](const QHostInfo &info) {
        if (info.addresses().isEmpty())
            return report(
                {Finding::Failed, info.errorString(),
                 u"Look for a misprint in the host's name, and at this machine's DNS."_s});
        QStringList addresses;
        for (const QHostAddress &address : info.addresses())
            addresses += address.toString();
        report({Finding::Ok, addresses.join(u", "_s)});
    });
}

void ServerProbe::connectByTcp(const Report &report)
{
    auto *socket = new QTcpSocket(this);
    connect(socket, &QTcpSocket::connected, this, [report, socket] {
        report({Finding::Ok,
                u"%1, port %2"_s.arg(socket->peerAddress().toString()).arg(socket->peerPort())});
        socket->deleteLater();
    });
    connect(socket, &QTcpSocket::errorOccurred, this, [report, socket] {
        report(
            {Finding::Failed, socket->errorString(),
             u"Does the server run, and listen on this address and port? Is there a firewall?"_s});
        socket->deleteLater();
    });
    socket->connectToHost(m_settings.url.host(), portOf(m_settings.url));
}

void ServerProbe::shakeHands(const Report &report)
{
    auto *socket = new QSslSocket(this);
    if (m_settings.ssl)
        socket->setSslConfiguration(*m_settings.ssl);
    const auto judge = [report, socket](const QString &error) {
        TlsFacts facts = factsOf(*socket);
        facts.errorText = error;
        report(judgeTls(facts, QDateTime::currentMSecsSinceEpoch()));
        socket->deleteLater();
    };
    connect(socket, &QSslSocket::encrypted, this, [judge] { judge({}); });
    connect(socket, &QSslSocket::errorOccurred, this,
            [judge, socket] { judge(socket->errorString()); });
    socket->connectToHostEncrypted(m_settings.url.host(), portOf(m_settings.url));
}

void ServerProbe::askForInfo(const Report &report)
{
    QUrl url = httpUrl(m_settings.url);
    url.setPath(u"/info/"_s
                + (m_settings.projectId.isEmpty() ? u"default"_s : m_settings.projectId));
    QNetworkRequest request(url);
    request.setTransferTimeout(int(m_settings.timeout.count()));
    if (m_settings.ssl)
        request.setSslConfiguration(*m_settings.ssl);
    m_askedAt = QDateTime::currentMSecsSinceEpoch();
    QNetworkReply *reply = m_network.get(request);
    connect(reply, &QNetworkReply::finished, this, [this, report, reply] {
        m_answeredAt = QDateTime::currentMSecsSinceEpoch();
        m_serverSecond = secondOf(reply->rawHeader("Date"));
        report(judgeInfo(*reply));
        reply->deleteLater();
    });
}

void ServerProbe::compareClocks(const Report &report)
{
    if (m_answeredAt == 0)
        return report({Finding::Skipped, u"the server does not answer HTTP"_s});
    report(judgeClock(m_serverSecond, m_askedAt, m_answeredAt));
}

void ServerProbe::joinShard(const Report &report)
{
    Settings settings = m_settings;
    // Nobody shall see us. But a token may be good for some shards alone.
    if (settings.shardName.isEmpty() && settings.token.isEmpty())
        settings.shardName =
            u"dispatchctl-doctor-"_s + QUuid::createUuid().toString(QUuid::Id128).left(8);
    m_client = makeClient(settings);
    connect(m_client.get(), &DispatchClient::errorOccurred, this,
            [report, settings](const DispatchError &error) {
                const Failure failure = failureOf(error, settings.url);
                report({Finding::Failed, inOptions(error.message()), adviceFor(failure)});
            });
    connect(m_client.get(), &DispatchClient::connected, this,
            [report, settings](const DispatchConnectionInfo &info) {
                report({Finding::Ok, u"in "_s + Ctl::nameOf(info, settings)});
            });
    join(*m_client, settings);
}

void ServerProbe::echo(const Report &report)
{
    m_echo = std::make_unique<Echo>(*m_client);
    connect(m_client.get(), &DispatchClient::errorOccurred, this,
            [report](const DispatchError &error) {
                report({Finding::Failed, inOptions(error.message()),
                        u"The server, or a proxy, does not let events through."_s});
            });
    connect(m_echo.get(), &Echo::returned, this, [report](double ms) {
        report({Finding::Ok, u"came back after %1 ms"_s.arg(QString::number(ms, 'f', 1))});
    });
    m_echo->send();
}

} // namespace Dispatch::Ctl

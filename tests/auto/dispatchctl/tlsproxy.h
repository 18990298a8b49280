// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qfile.h>
#include <QtCore/qprocess.h>
#include <QtNetwork/qsslkey.h>
#include <QtNetwork/qsslserver.h>
#include <QtNetwork/qsslsocket.h>

using namespace Qt::StringLiterals;

/// Speaks TLS in front of a server, as nginx would, with a certificate of its own for "localhost".
class TlsProxy {
public:
    /// \a folder is where key and certificate are made, which is good for \a days.
    bool start(quint16 port, const QString &folder, int days, const QString &host = u"localhost"_s)
    {
        m_certificate = folder + u"/certificate.pem"_s;
        const QString key = folder + u"/key.pem"_s;
        QProcess openssl;
        openssl.start(u"openssl"_s,
                      {u"req"_s, u"-x509"_s, u"-newkey"_s, u"ec"_s, u"-pkeyopt"_s,
                       u"ec_paramgen_curve:prime256v1"_s, u"-nodes"_s, u"-subj"_s,
                       u"/CN=Test of doctor"_s, u"-addext"_s, u"subjectAltName=DNS:"_s + host,
                       u"-days"_s, QString::number(days), u"-keyout"_s, key, u"-out"_s,
                       m_certificate});
        if (!openssl.waitForFinished() || openssl.exitCode() != 0)
            return false;
        QFile keyFile(key);
        if (!keyFile.open(QIODevice::ReadOnly))
            return false;
        QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
        configuration.setLocalCertificateChain(QSslCertificate::fromPath(m_certificate));
        configuration.setPrivateKey(QSslKey(&keyFile, QSsl::Ec));
        m_server.setSslConfiguration(configuration);
        QObject::connect(&m_server, &QSslServer::pendingConnectionAvailable, &m_server,
                         [this, port] { forward(m_server.nextPendingConnection(), port); });
        return m_server.listen(QHostAddress::LocalHost);
    }

    QUrl url(const QString &host = u"localhost"_s) const
    {
        return QUrl(u"wss://%1:%2"_s.arg(host).arg(m_server.serverPort()));
    }
    QString certificate() const { return m_certificate; }

private:
    void forward(QTcpSocket *client, quint16 port)
    {
        auto *server = new QTcpSocket(client);
        server->connectToHost(QHostAddress(QHostAddress::LocalHost), port);
        const auto pass = [](QTcpSocket *from, QTcpSocket *to) {
            const auto write = [from, to] { to->write(from->readAll()); };
            QObject::connect(from, &QTcpSocket::readyRead, to, write);
            QObject::connect(from, &QTcpSocket::disconnected, to, &QTcpSocket::disconnectFromHost);
            write();
        };
        QObject::connect(server, &QTcpSocket::connected, client, [pass, client, server] {
            pass(client, server);
            pass(server, client);
        });
    }

    QSslServer m_server;
    QString m_certificate;
};

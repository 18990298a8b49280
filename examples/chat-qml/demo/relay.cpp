// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "relay.h"

#include <QtNetwork/qtcpsocket.h>

namespace {

/// Whatever \a from hears, \a to says; when one ends, so does the other.
void join(QTcpSocket *from, QTcpSocket *to)
{
    const auto pass = [from, to] {
        if (to->state() == QAbstractSocket::ConnectedState)
            to->write(from->readAll());
    };
    QObject::connect(from, &QTcpSocket::readyRead, to, pass);
    QObject::connect(to, &QTcpSocket::connected, from, pass);
    QObject::connect(from, &QTcpSocket::disconnected, to, &QTcpSocket::disconnectFromHost);
}

} // namespace

Relay::Relay(const QUrl &target, QObject *parent)
    : QObject(parent)
    , m_target(target)
{
    connect(&m_server, &QTcpServer::newConnection, this, &Relay::accept);
    mend();
}

QUrl Relay::url() const
{
    QUrl url = m_target;
    url.setPort(m_port);
    return url;
}

void Relay::cut()
{
    m_server.close();
    for (QTcpSocket *socket : findChildren<QTcpSocket *>()) {
        socket->disconnect();
        socket->abort();
        socket->deleteLater();
    }
}

bool Relay::mend()
{
    if (!m_server.listen(QHostAddress::LocalHost, m_port))
        return false;
    m_port = m_server.serverPort();
    return true;
}

void Relay::accept()
{
    while (QTcpSocket *client = m_server.nextPendingConnection()) {
        client->setParent(this);
        auto *server = new QTcpSocket(this);
        join(client, server);
        join(server, client);
        for (QTcpSocket *socket : {client, server})
            connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
        server->connectToHost(m_target.host(), quint16(m_target.port()));
    }
}

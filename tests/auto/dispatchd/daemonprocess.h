// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qcryptographichash.h>
#include <QtCore/qdatetime.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>
#include <QtCore/qmessageauthenticationcode.h>
#include <QtCore/qprocess.h>
#include <QtCore/qurl.h>
#include <QtNetwork/qtcpsocket.h>
#include <QtTest/qtest.h>
#include <QtWebSockets/qwebsocket.h>

#include <csignal>

using namespace Qt::StringLiterals;

inline constexpr int DeadlineMs = 30'000;

/// A dispatchd on free ports.
struct DaemonProcess {
    QProcess process;
    QUrl url;

    bool start(const QStringList &options = {})
    {
        process.start(QString::fromUtf8(DISPATCHD),
                      QStringList{u"--port=0"_s, u"--operators-port=0"_s} + options);
        // Clients of this process go on meanwhile.
        const bool hasSpoken = QTest::qWaitFor(
            [this] { return process.canReadLine() || process.state() == QProcess::NotRunning; },
            DeadlineMs);
        if (!hasSpoken)
            return false;
        url = urlBehind("Listening on ");
        return url.scheme().startsWith(u"ws"_s) && url.host() == u"127.0.0.1"_s && url.port() > 0;
    }

    /// Where it serves operators. To be called once, before logs().
    QUrl operatorsUrl() { return urlBehind("Operators: "); }

    /// What follows \a words in the next line on stdout.
    QUrl urlBehind(const QByteArray &words)
    {
        while (!process.canReadLine()) {
            if (!process.waitForReadyRead(DeadlineMs))
                return {};
        }
        const QByteArray line = process.readLine();
        return line.startsWith(words) ? QUrl(QString::fromUtf8(line.mid(words.size()).trimmed()))
                                      : QUrl();
    }

    void send(int signal) const { ::kill(pid_t(process.processId()), signal); }

    /// Waits until the log has \a text, which is then read up to there.
    bool logs(const QByteArray &text)
    {
        process.setReadChannel(QProcess::StandardError);
        const bool found = QTest::qWaitFor(
            [&] {
                log += process.readAllStandardError();
                return log.mid(read).contains(text);
            },
            DeadlineMs);
        read = log.indexOf(text, read) + text.size();
        return found;
    }
    QByteArray log;
    qsizetype read = 0;

    /// Waits for its end, while clients of this process go on.
    bool ended()
    {
        return QTest::qWaitFor([this] { return process.state() == QProcess::NotRunning; },
                               DeadlineMs);
    }

    ~DaemonProcess() { process.kill(), process.waitForFinished(); }
};

/// A connection on the wire: QWebSocket 6.4 knows no close code above 1011. It says nothing after
/// its request.
struct RawClient {
    QTcpSocket socket;
    QByteArray received;

    explicit RawClient(const DaemonProcess &daemon)
    {
        QObject::connect(&socket, &QTcpSocket::readyRead, &socket,
                         [this] { received += socket.readAll(); });
        socket.connectToHost(QHostAddress::LocalHost, quint16(daemon.url.port()));
        socket.write("GET /?projectId=p HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                     "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                     "Sec-WebSocket-Version: 13\r\n\r\n");
    }

    bool hears(const QByteArray &text)
    {
        return QTest::qWaitFor([&] { return received.contains(text); }, DeadlineMs);
    }
    /// Waits for a close frame with the code 1012.
    bool isSentAway() { return hears(QByteArray::fromHex("03f4")); }
};

/// A connection that keeps all that comes.
struct Client {
    QWebSocket socket;
    QList<QJsonObject> messages;
    bool wasDropped = false;

    Client()
    {
        QObject::connect(&socket, &QWebSocket::disconnected, &socket,
                         [this] { wasDropped = true; });
        QObject::connect(&socket, &QWebSocket::textMessageReceived, &socket,
                         [this](const QString &text) {
                             messages += QJsonDocument::fromJson(text.toUtf8()).object();
                         });
    }

    void join(const DaemonProcess &daemon)
    {
        socket.open(QUrl(daemon.url.toString() + u"/?projectId=p&shardName=s"_s));
    }

    void identify(const QString &token)
    {
        emitEvent(u"@@KOJI_DISPATCH/IDENTIFY"_s, {{u"token"_s, token}});
    }

    /// What the last presence list says of this client.
    QJsonObject self() const
    {
        return clients().value(greeting().value(u"clientId"_s).toString()).toObject();
    }
    QJsonObject clients() const
    {
        return last(u"@@KOJI_DISPATCH/CONNECTED_CLIENTS_CHANGED"_s)
            .value(u"connectedClients"_s)
            .toObject();
    }

    void emitEvent(const QString &name, const QJsonObject &payload)
    {
        const QJsonObject message{{u"eventName"_s, name}, {u"payload"_s, payload}};
        socket.sendTextMessage(QString::fromUtf8(QJsonDocument(message).toJson()));
    }

    /// The payload of the last event that is called so.
    QJsonObject last(const QString &name) const
    {
        for (auto it = messages.crbegin(); it != messages.crend(); ++it) {
            if (it->value(u"eventName"_s) == name)
                return it->value(u"payload"_s).toObject();
        }
        return {};
    }
    QJsonObject greeting() const { return last(u"@@KOJI_DISPATCH/CONNECTED"_s); }
};

inline QByteArray encoded(const QByteArray &data)
{
    return data.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

inline QString tokenFor(const QString &userId, const QByteArray &secret,
                        const QByteArray &keyId = {})
{
    const QJsonObject claims{{u"sub"_s, userId},
                             {u"aud"_s, u"p"_s},
                             {u"exp"_s, QDateTime::currentSecsSinceEpoch() + 600}};
    const QByteArray kid = keyId.isEmpty() ? QByteArray() : R"(,"kid":")" + keyId + '"';
    const QByteArray text = encoded(R"({"alg":"HS256","typ":"JWT")" + kid + '}') + '.'
        + encoded(QJsonDocument(claims).toJson(QJsonDocument::Compact));
    return QString::fromLatin1(
        text + '.'
        + encoded(QMessageAuthenticationCode::hash(text, secret, QCryptographicHash::Sha256)));
}

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include <QtCore/qcryptographichash.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>
#include <QtCore/qmessageauthenticationcode.h>
#include <QtCore/qprocess.h>
#include <QtCore/qtemporaryfile.h>
#include <QtCore/qurl.h>
#include <QtNetwork/qtcpserver.h>
#include <QtNetwork/qtcpsocket.h>
#include <QtTest/qtest.h>
#include <QtWebSockets/qwebsocket.h>

#include <csignal>

using namespace Qt::StringLiterals;

namespace {

constexpr int DeadlineMs = 5000;

struct Daemon {
    QProcess process;
    QUrl url;

    bool start(const QStringList &options = {})
    {
        process.start(QString::fromUtf8(DISPATCHD), QStringList{u"--port=0"_s} + options);
        if (!process.waitForStarted(DeadlineMs))
            return false;
        while (!process.canReadLine()) {
            if (!process.waitForReadyRead(DeadlineMs))
                return false;
        }
        const QByteArray line = process.readLine();
        if (!line.startsWith("Listening on ws://127.0.0.1:") || !line.endsWith('\n'))
            return false;
        url = QUrl(QString::fromUtf8(line.mid(13).trimmed()));
        return url.port() > 0;
    }

    void send(int signal) const { ::kill(pid_t(process.processId()), signal); }

    bool ended()
    {
        return process.state() == QProcess::NotRunning || process.waitForFinished(DeadlineMs);
    }

    ~Daemon() { process.kill(), process.waitForFinished(); }
};

/// A connection that keeps all that comes.
struct Client {
    QWebSocket socket;
    QList<QJsonObject> messages;

    Client()
    {
        QObject::connect(&socket, &QWebSocket::textMessageReceived, &socket,
                         [this](const QString &text) {
                             messages += QJsonDocument::fromJson(text.toUtf8()).object();
                         });
    }

    void join(const Daemon &daemon)
    {
        socket.open(QUrl(daemon.url.toString() + u"/?projectId=p&shardName=s"_s));
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

QByteArray encoded(const QByteArray &data)
{
    return data.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

QString tokenFor(const QString &userId, const QByteArray &secret)
{
    const QJsonObject claims{{u"sub"_s, userId},
                             {u"aud"_s, u"p"_s},
                             {u"exp"_s, QDateTime::currentSecsSinceEpoch() + 600}};
    const QByteArray text = encoded(R"({"alg":"HS256","typ":"JWT"})") + '.'
        + encoded(QJsonDocument(claims).toJson(QJsonDocument::Compact));
    return QString::fromLatin1(
        text + '.'
        + encoded(QMessageAuthenticationCode::hash(text, secret, QCryptographicHash::Sha256)));
}

} // namespace

class tst_Dispatchd : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void greetsAClient();
    void printsOneLine();
    void endsCleanlyOnASignal_data();
    void endsCleanlyOnASignal();
    void tellsClientsToComeBackWhenItEnds();
    void refusesBadOptions_data();
    void refusesBadOptions();
    void saysWhyItCannotListen();
    void identifiesUsersByTheSecretFile();
    void identifiesNobodyWithoutASecret();
};

void tst_Dispatchd::greetsAClient()
{
    Daemon daemon;
    QVERIFY(daemon.start());
    Client client;
    client.join(daemon);
    QTRY_VERIFY(!client.greeting().isEmpty());
    QCOMPARE(client.greeting().value(u"shardName"_s).toString(), u"s"_s);
}

void tst_Dispatchd::printsOneLine()
{
    Daemon daemon;
    QVERIFY(daemon.start());
    Client client;
    client.join(daemon);
    QTRY_VERIFY(!client.greeting().isEmpty());
    daemon.send(SIGTERM);
    QVERIFY(daemon.ended());
    QCOMPARE(daemon.process.readAllStandardOutput(), QByteArray());
}

void tst_Dispatchd::endsCleanlyOnASignal_data()
{
    QTest::addColumn<int>("signal");
    QTest::newRow("SIGTERM") << SIGTERM;
    QTest::newRow("SIGINT") << SIGINT;
}

void tst_Dispatchd::endsCleanlyOnASignal()
{
    QFETCH(int, signal);
    Daemon daemon;
    QVERIFY(daemon.start());
    daemon.send(signal);
    QVERIFY(daemon.ended());
    QCOMPARE(daemon.process.exitStatus(), QProcess::NormalExit);
    QCOMPARE(daemon.process.exitCode(), 0);
}

void tst_Dispatchd::tellsClientsToComeBackWhenItEnds()
{
    Daemon daemon;
    QVERIFY(daemon.start());
    // On the wire, because QWebSocket 6.4 knows no code above 1011 and reports a protocol error.
    QTcpSocket socket;
    QByteArray received;
    connect(&socket, &QTcpSocket::readyRead, this, [&] { received += socket.readAll(); });
    socket.connectToHost(QHostAddress::LocalHost, quint16(daemon.url.port()));
    socket.write("GET /?projectId=p HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                 "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                 "Sec-WebSocket-Version: 13\r\n\r\n");
    QTRY_VERIFY(received.contains("@@KOJI_DISPATCH/CONNECTED_CLIENTS_CHANGED"));
    received.clear();
    daemon.send(SIGTERM);
    QTRY_VERIFY(received.size() >= 4);
    QCOMPARE(received.first(1), QByteArray::fromHex("88")); // a close frame, and nothing before it
    QCOMPARE(received.mid(2, 2), QByteArray::fromHex("03f4")); // 1012
    socket.disconnectFromHost();
    QVERIFY(daemon.ended());
    QCOMPARE(daemon.process.exitCode(), 0);
}

void tst_Dispatchd::refusesBadOptions_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<QByteArray>("secret");

    QTest::newRow("unknown option") << QStringList{u"--nonsense"_s} << QByteArray();
    QTest::newRow("bad port") << QStringList{u"--port=99999"_s} << QByteArray();
    QTest::newRow("secret file that is not there")
        << QStringList{u"--secret-file=/nonexistent"_s} << QByteArray();
    QTest::newRow("short secret") << QStringList{u"--secret-file=@"_s} << QByteArray("short");
    QTest::newRow("empty secret") << QStringList{u"--secret-file=@"_s} << QByteArray("\n");
}

void tst_Dispatchd::refusesBadOptions()
{
    QFETCH(QStringList, options);
    QFETCH(QByteArray, secret);
    QTemporaryFile file;
    QVERIFY(file.open());
    file.write(secret);
    file.close();
    options.replaceInStrings(u"@"_s, file.fileName());

    QProcess process;
    process.start(QString::fromUtf8(DISPATCHD), options);
    QVERIFY(process.waitForFinished(DeadlineMs));
    QCOMPARE(process.exitStatus(), QProcess::NormalExit);
    QCOMPARE(process.exitCode(), 2);
    QCOMPARE(process.readAllStandardOutput(), QByteArray());
    QVERIFY(process.readAllStandardError().startsWith("dispatchd: "));
}

void tst_Dispatchd::saysWhyItCannotListen()
{
    QTcpServer other;
    QVERIFY(other.listen(QHostAddress::LocalHost));
    QProcess process;
    process.start(QString::fromUtf8(DISPATCHD), {u"--port=%1"_s.arg(other.serverPort())});
    QVERIFY(process.waitForFinished(DeadlineMs));
    QCOMPARE(process.exitCode(), 1);
    QVERIFY(process.readAllStandardError().contains(QByteArray::number(other.serverPort())));
}

void tst_Dispatchd::identifiesUsersByTheSecretFile()
{
    const QByteArray secret(32, 's');
    QTemporaryFile file;
    QVERIFY(file.open());
    file.write(secret + '\n');
    file.close();
    Daemon daemon;
    QVERIFY(daemon.start({u"--secret-file"_s, file.fileName()}));
    Client client;
    client.join(daemon);
    QTRY_VERIFY(!client.greeting().isEmpty());
    client.emitEvent(u"@@KOJI_DISPATCH/IDENTIFY"_s, {{u"token"_s, tokenFor(u"user-1"_s, secret)}});

    const QString clientId = client.greeting().value(u"clientId"_s).toString();
    QTRY_COMPARE(client.last(u"@@KOJI_DISPATCH/CONNECTED_CLIENTS_CHANGED"_s)
                     .value(u"connectedClients"_s)
                     .toObject()
                     .value(clientId)
                     .toObject()
                     .value(u"userId"_s)
                     .toString(),
                 u"user-1"_s);
}

void tst_Dispatchd::identifiesNobodyWithoutASecret()
{
    Daemon daemon;
    QVERIFY(daemon.start());
    Client client;
    client.join(daemon);
    QTRY_VERIFY(!client.greeting().isEmpty());
    client.emitEvent(u"@@KOJI_DISPATCH/IDENTIFY"_s,
                     {{u"token"_s, tokenFor(u"user-1"_s, QByteArray())}});
    QTRY_COMPARE(client.last(u"@@KOJI_DISPATCH/ERROR"_s).value(u"code"_s).toString(),
                 u"invalid_token"_s);
}

QTEST_GUILESS_MAIN(tst_Dispatchd)
#include "tst_dispatchd.moc"

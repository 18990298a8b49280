// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "certificate.h"
#include "ctlserver.h"

#include <QtNetwork/qtcpserver.h>
#include <QtNetwork/qtcpsocket.h>

/// What an operator asks for: info, clients, kick.
class tst_CtlBackEnd : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void listsShards();
    void listsNoShards();
    void listsClients();
    void listsMoreClientsThanAPageHas();
    void aShardIsNamedAsForOtherCommands();
    void namesInPathsAreEncoded();
    void kicksAClient();
    void kicksAUser();
    void bansAnAddress();
    void bansAUserAndSaysWhy();
    void refusesBadUsage_data();
    void refusesBadUsage();
    void takesTheTokenFromTheEnvironment();
    void saysWhatTheServerRefuses_data();
    void saysWhatTheServerRefuses();
    void saysThatTheServerWantsTls_data();
    void saysThatTheServerWantsTls();
    void saysWhatIsWrongWithTheCertificate_data();
    void saysWhatIsWrongWithTheCertificate();
    void sendsNothingInPlainUnlessAllowed_data();
    void sendsNothingInPlainUnlessAllowed();
    void saysThatNobodyIsThere_data();
    void saysThatNobodyIsThere();
    void saysThatItTookTooLong_data();
    void saysThatItTookTooLong();
    void doesNotTakeAnotherServerForOurs_data();
    void doesNotTakeAnotherServerForOurs();

private:
    CtlResult ask(const QStringList &arguments);
    QString tokenOf(const QString &user);
    void addCommands();
    bool serveTls(const Certificate &certificate);

    std::unique_ptr<CtlServer> m_server;
};

void tst_CtlBackEnd::init()
{
    m_server = std::make_unique<CtlServer>();
    QVERIFY(m_server->start());
}

/// Asks with the project token of "game".
CtlResult tst_CtlBackEnd::ask(const QStringList &arguments)
{
    return m_server->run(arguments
                         + QStringList{u"--project=game"_s, u"--project-token-file"_s,
                                       m_server->path(u"project.token"_s)});
}

QString tst_CtlBackEnd::tokenOf(const QString &user)
{
    const CtlResult made =
        m_server->run({u"token"_s, u"make"_s, u"--project=game"_s, u"--subject"_s, user,
                       u"--key-file"_s, m_server->path(u"secret"_s)});
    return QString::fromLatin1(made.output.trimmed());
}

void tst_CtlBackEnd::listsShards()
{
    const auto ann = m_server->join(u"lobby"_s);
    const auto bob = m_server->join(u"lobby"_s);
    const auto cid = m_server->join(u"\x1b[1m"_s.mid(1) + u" garden"_s);
    QVERIFY(ann && bob && cid);
    const CtlResult text = m_server->run({u"info"_s, u"--project=game"_s});
    QCOMPARE(text.code, 0);
    QCOMPARE(text.output,
             "SHARD       CLIENTS\n"
             "[1m garden        1\n"
             "lobby             2\n"_ba);
    QVERIFY(text.errors.contains("Shards: 2, clients: 3."));
    const CtlResult json = m_server->run({u"info"_s, u"--project=game"_s, u"--json"_s});
    QCOMPARE(json.records.size(), 2);
    QCOMPARE(json.records[1],
             (QJsonObject{{u"shardName"_s, u"lobby"_s}, {u"numConnectedClients"_s, 2}}));
    QCOMPARE(json.errors, QByteArray());
}

void tst_CtlBackEnd::listsNoShards()
{
    const CtlResult result = m_server->run({u"info"_s, u"--project=empty"_s});
    QCOMPARE(result.code, 0);
    QCOMPARE(result.output, QByteArray());
    QVERIFY(result.errors.contains("Shards: 0"));
}

void tst_CtlBackEnd::listsClients()
{
    const auto ann = m_server->join(u"lobby"_s);
    QVERIFY(ann);
    ann->setUserInfo({{u"name"_s, u"\x1b[31mAnn"_s + QString(100, u'n')}});
    ann->identify(tokenOf(u"user:1"_s));
    QTRY_COMPARE(ann->connectedClients().value(0).userId, u"user:1"_s);
    const CtlResult text = ask({u"clients"_s, u"lobby"_s});
    QCOMPARE(text.code, 0);
    const QList<QByteArray> lines = text.output.trimmed().split('\n');
    QCOMPARE(lines.size(), 2);
    QVERIFY(lines[0].startsWith("CLIENT"));
    QVERIFY(lines[1].startsWith(ann->clientId().toLatin1() + "  user:1  "));
    QVERIFY2(lines[1].endsWith("..."), lines[1].constData());
    QVERIFY(lines[1].contains("\\u001b[31mAnn"));
    QVERIFY(!text.output.contains('\x1b'));

    const CtlResult json = ask({u"clients"_s, u"lobby"_s, u"--json"_s});
    QCOMPARE(json.records.size(), 1);
    QCOMPARE(json.records[0][u"clientId"_s], ann->clientId());
    QCOMPARE(json.records[0][u"userInfo"_s], ann->userInfo());
    QVERIFY(keepsSecret(json, m_server->projectToken));
}

void tst_CtlBackEnd::listsMoreClientsThanAPageHas()
{
    // A page has a thousand; so many clients would be slow here, so the server is one that has
    // two pages.
    QTcpServer pages;
    QVERIFY(pages.listen(QHostAddress::LocalHost));
    QList<QByteArray> targets;
    connect(&pages, &QTcpServer::newConnection, &pages, [&] {
        QTcpSocket *socket = pages.nextPendingConnection();
        connect(socket, &QTcpSocket::readyRead, socket, [&, socket] {
            targets += socket->readAll().split(' ').value(1);
            const QByteArray client =
                R"({"clientId":"c)" + QByteArray::number(targets.size()) + R"(","userId":null})";
            const QByteArray next = targets.size() == 1 ? R"("a+b/c")" : "null";
            const QByteArray body = R"({"clients":[)" + client + R"(],"next":)" + next + '}';
            socket->write("HTTP/1.1 200 OK\r\nContent-Length: " + QByteArray::number(body.size())
                          + "\r\n\r\n" + body);
        });
    });
    const CtlResult result = runCtl({u"clients"_s, u"s"_s, u"--json"_s},
                                    {.url = QUrl(u"ws://127.0.0.1:%1"_s.arg(pages.serverPort())),
                                     .variables = {u"DISPATCH_PROJECT_TOKEN=x"_s}});
    QCOMPARE(result.code, 0);
    QCOMPARE(result.records.size(), 2);
    QCOMPARE(result.records[1][u"clientId"_s], u"c2"_s);
    QCOMPARE(targets.value(0), "/api/v1/projects/default/shards/s/clients?limit=1000"_ba);
    QVERIFY2(targets.value(1).endsWith("&after=a%2Bb%2Fc"), targets.value(1).constData());
}

void tst_CtlBackEnd::aShardIsNamedAsForOtherCommands()
{
    const auto ann = m_server->join(u"lobby"_s);
    QVERIFY(ann);
    for (const QStringList &shard : {QStringList{u"--shard"_s, u"lobby"_s}, {u"lobby"_s}}) {
        const CtlResult result = ask(QStringList{u"clients"_s, u"--json"_s} + shard);
        QCOMPARE(result.code, 0);
        QCOMPARE(result.records.value(0)[u"clientId"_s], ann->clientId());
    }
}

void tst_CtlBackEnd::namesInPathsAreEncoded()
{
    const QString name = u"a/b c?d#e%2Ff&ü"_s;
    const auto ann = m_server->join(name);
    QVERIFY(ann);
    const CtlResult result = ask({u"clients"_s, name, u"--json"_s});
    QCOMPARE(result.code, 0);
    QCOMPARE(result.records.value(0)[u"clientId"_s], ann->clientId());
}

void tst_CtlBackEnd::kicksAClient()
{
    const auto ann = m_server->join(u"lobby"_s);
    QVERIFY(ann);
    const CtlResult result = ask({u"kick"_s, ann->clientId()});
    QCOMPARE(result.code, 0);
    QCOMPARE(result.output, "Connections ended: 1.\n"_ba);
    QTRY_COMPARE(ann->state(), DispatchClient::Failed);
    QCOMPARE(ann->lastError().reason(), u"disconnected"_s);
}

void tst_CtlBackEnd::kicksAUser()
{
    const auto ann = m_server->join(u"one"_s);
    const auto bob = m_server->join(u"two"_s);
    QVERIFY(ann && bob);
    for (DispatchClient *client : {ann.get(), bob.get()}) {
        client->identify(tokenOf(u"user/1"_s));
        QTRY_COMPARE(client->connectedClients().value(0).userId, u"user/1"_s);
    }
    const CtlResult result = ask({u"kick"_s, u"--user"_s, u"user/1"_s, u"--json"_s});
    QCOMPARE(result.code, 0);
    QCOMPARE(result.records.value(0), (QJsonObject{{u"disconnected"_s, 2}}));
    QTRY_COMPARE(ann->state(), DispatchClient::Failed);
    QTRY_COMPARE(bob->state(), DispatchClient::Failed);
}

void tst_CtlBackEnd::bansAnAddress()
{
    const auto ann = m_server->join(u"lobby"_s);
    QVERIFY(ann);
    const CtlResult result = ask({u"kick"_s, ann->clientId(), u"--ban=1h"_s});
    QCOMPARE(result.code, 0);
    QVERIFY2(result.output.startsWith("Connections ended: 1. Banned for 1 h: address '127.0.0.1'."),
             result.output.constData());
    QCOMPARE(m_server->run({u"listen"_s, u"--project=game"_s}).code, 4);
}

void tst_CtlBackEnd::bansAUserAndSaysWhy()
{
    const auto ann = m_server->join(u"lobby"_s);
    QVERIFY(ann);
    ann->identify(tokenOf(u"user:1"_s));
    QTRY_COMPARE(ann->connectedClients().value(0).userId, u"user:1"_s);
    const CtlResult result =
        ask({u"kick"_s, u"--user=user:1"_s, u"--ban"_s, u"90"_s, u"--reason=spam"_s, u"--json"_s});
    QCOMPARE(result.code, 0);
    QCOMPARE(result.records.value(0)[u"seconds"_s], 90);
    QCOMPARE(result.records.value(0)[u"reason"_s], u"spam"_s);
    QTRY_COMPARE(ann->state(), DispatchClient::Failed);
    QVERIFY(ann->errorString().contains(u"spam"_s));
}

void tst_CtlBackEnd::refusesBadUsage_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QByteArray>("named");
    QTest::newRow("clients of nothing") << QStringList{u"clients"_s} << "--shard"_ba;
    QTest::newRow("clients of two shards")
        << QStringList{u"clients"_s, u"a"_s, u"--shard=b"_s} << "one shard"_ba;
    QTest::newRow("clients of no shard's name")
        << QStringList{u"clients"_s, u"--shard=a\nb"_s} << "control characters"_ba;
    QTest::newRow("kick nobody") << QStringList{u"kick"_s} << "with --user, a user"_ba;
    QTest::newRow("kick two") << QStringList{u"kick"_s, u"c"_s, u"--user=u"_s} << "not both"_ba;
    QTest::newRow("kick the empty") << QStringList{u"kick"_s, u""_s} << "empty"_ba;
    QTest::newRow("no time") << QStringList{u"kick"_s, u"c"_s, u"--ban=0"_s} << "--ban"_ba;
    QTest::newRow("a reason for nothing")
        << QStringList{u"kick"_s, u"c"_s, u"--reason=x"_s} << "--ban"_ba;
    QTest::newRow("clients without a token")
        << QStringList{u"clients"_s, u"s"_s} << "--project-token-file"_ba;
    QTest::newRow("kick without a token")
        << QStringList{u"kick"_s, u"c"_s} << "--project-token-file"_ba;
}

void tst_CtlBackEnd::refusesBadUsage()
{
    QFETCH(QStringList, arguments);
    QFETCH(QByteArray, named);
    const CtlResult result = m_server->run(arguments);
    QCOMPARE(result.code, 2);
    QVERIFY2(result.errors.contains(named), result.errors.constData());
}

void tst_CtlBackEnd::takesTheTokenFromTheEnvironment()
{
    const auto ann = m_server->join(u"lobby"_s);
    QVERIFY(ann);
    const CtlResult result =
        runCtl({u"clients"_s, u"lobby"_s},
               m_server->surroundings(
                   {u"DISPATCH_PROJECT=game"_s,
                    u"DISPATCH_PROJECT_TOKEN="_s + QString::fromLatin1(m_server->projectToken)}));
    QCOMPARE(result.code, 0);
    QVERIFY(keepsSecret(result, m_server->projectToken));
}

void tst_CtlBackEnd::saysWhatTheServerRefuses_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("token");
    QTest::addColumn<QString>("code");
    const QString good(40, u'p');
    QTest::newRow("no such shard")
        << QStringList{u"clients"_s, u"nowhere"_s} << good << u"no_such_shard"_s;
    QTest::newRow("no such client")
        << QStringList{u"kick"_s, u"nobody"_s} << good << u"no_such_client"_s;
    QTest::newRow("a ban of more than 366 days")
        << QStringList{u"kick"_s, u"--user=u"_s, u"--ban=367d"_s} << good << u"bad_ban"_s;
    QTest::newRow("bad token") << QStringList{u"clients"_s, u"s"_s} << HiddenToken
                               << u"unauthorized"_s;
}

void tst_CtlBackEnd::saysWhatTheServerRefuses()
{
    QFETCH(QStringList, arguments);
    QFETCH(QString, token);
    const CtlResult result = runCtl(arguments + QStringList{u"--json"_s, u"--project=game"_s},
                                    m_server->surroundings({u"DISPATCH_PROJECT_TOKEN="_s + token}));
    QCOMPARE(result.code, 4);
    QCOMPARE(result.records.size(), 1);
    QTEST(result.records[0][u"error"_s][u"code"_s].toString(), "code");
    QVERIFY(keepsSecret(result, token.toUtf8()));
}

void tst_CtlBackEnd::addCommands()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("info") << QStringList{u"info"_s};
    QTest::newRow("clients") << QStringList{u"clients"_s, u"s"_s};
    QTest::newRow("kick") << QStringList{u"kick"_s, u"c"_s};
    QTest::newRow("ban") << QStringList{u"kick"_s, u"c"_s, u"--ban=1h"_s};
}

bool tst_CtlBackEnd::serveTls(const Certificate &certificate)
{
    m_server->server().close();
    return m_server->server().setTlsIdentity(
               DispatchTlsIdentity::fromPem(certificate.pem(), certificate.keyPem()))
        && m_server->server().listen();
}

void tst_CtlBackEnd::saysThatTheServerWantsTls_data()
{
    addCommands();
}

void tst_CtlBackEnd::saysThatTheServerWantsTls()
{
    QFETCH(QStringList, arguments);
    QVERIFY(serveTls(Certificate::selfSigned({"127.0.0.1"})));
    QUrl plain = m_server->url();
    plain.setScheme(u"ws"_s);
    const CtlResult result =
        runCtl(arguments, {.url = plain, .variables = {u"DISPATCH_PROJECT_TOKEN=x"_s}});
    QCOMPARE(result.code, 4);
    QVERIFY2(result.errors.contains("This port speaks TLS alone: use wss://"),
             result.errors.constData());
}

void tst_CtlBackEnd::saysWhatIsWrongWithTheCertificate_data()
{
    QTest::addColumn<QStringList>("command");
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<bool>("isTrusted");
    for (const QString &command : {u"info"_s, u"listen"_s}) {
        QTest::addRow("%s, unknown CA", qPrintable(command))
            << QStringList{command} << QByteArray("127.0.0.1") << false;
        QTest::addRow("%s, another host", qPrintable(command))
            << QStringList{command} << QByteArray("example.org") << true;
    }
}

void tst_CtlBackEnd::saysWhatIsWrongWithTheCertificate()
{
    QFETCH(QStringList, command);
    QFETCH(QByteArray, host);
    QFETCH(bool, isTrusted);
    const Certificate authority = Certificate::authority();
    QVERIFY(serveTls(authority.issue({host})));
    if (isTrusted)
        command += {u"--ca-file"_s, m_server->write(u"ca.pem"_s, authority.pem())};
    const CtlResult result = m_server->run(command);
    QCOMPARE(result.code, 3);
    QVERIFY2(result.errors.contains("certificate is not accepted: "), result.errors.constData());
    // What does not help is not advised, nor what only programs can do.
    QCOMPARE(result.errors.contains("--ca-file"), !isTrusted);
    QVERIFY2(!result.errors.contains("caFile"), result.errors.constData());
    QVERIFY2(!result.errors.contains(".."), result.errors.constData());
}

void tst_CtlBackEnd::sendsNothingInPlainUnlessAllowed_data()
{
    addCommands();
    QTest::newRow("listen") << QStringList{u"listen"_s};
    QTest::newRow("emit") << QStringList{u"emit"_s, u"e"_s};
}

void tst_CtlBackEnd::sendsNothingInPlainUnlessAllowed()
{
    QFETCH(QStringList, arguments);
    // By RFC 6761 there is no such name, whatever the network says.
    const CtlProcess::Surroundings elsewhere{.url = QUrl(u"ws://rooms.invalid"_s),
                                             .variables = {u"DISPATCH_PROJECT_TOKEN=x"_s}};
    const CtlResult refused = runCtl(arguments, elsewhere);
    QCOMPARE(refused.code, 2);
    QVERIFY2(refused.errors.contains("--insecure"), refused.errors.constData());
    QVERIFY2(!refused.errors.contains("allowInsecure"), refused.errors.constData());
    const CtlResult tried = runCtl(arguments + QStringList{u"--insecure"_s}, elsewhere);
    QCOMPARE(tried.code, 3);
}

void tst_CtlBackEnd::saysThatNobodyIsThere_data()
{
    addCommands();
}

void tst_CtlBackEnd::saysThatNobodyIsThere()
{
    QFETCH(QStringList, arguments);
    const QUrl url = m_server->url();
    m_server->server().close();
    const CtlResult result =
        runCtl(arguments, {.url = url, .variables = {u"DISPATCH_PROJECT_TOKEN=x"_s}});
    QCOMPARE(result.code, 3);
    QVERIFY(result.errors.contains(url.toString().toUtf8()));
}

void tst_CtlBackEnd::saysThatItTookTooLong_data()
{
    addCommands();
}

void tst_CtlBackEnd::saysThatItTookTooLong()
{
    QFETCH(QStringList, arguments);
    QTcpServer silent;
    QVERIFY(silent.listen(QHostAddress::LocalHost));
    const CtlResult result = runCtl(arguments + QStringList{u"--timeout=100ms"_s},
                                    {.url = QUrl(u"ws://127.0.0.1:%1"_s.arg(silent.serverPort())),
                                     .variables = {u"DISPATCH_PROJECT_TOKEN=x"_s}});
    QCOMPARE(result.code, 5);
    QVERIFY(result.errors.contains("in time"));
}

void tst_CtlBackEnd::doesNotTakeAnotherServerForOurs_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<int>("code");
    QTest::newRow("a page") << "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>"_ba << 3;
    QTest::newRow("nothing there")
        << "HTTP/1.1 404 Not Found\r\nContent-Length: 6\r\n\r\n<html>"_ba << 4;
    QTest::newRow("a proxy without a server")
        << "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n"_ba << 3;
    QTest::newRow("a redirection, which would take the token elsewhere")
        << "HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n"_ba << 4;
    QTest::newRow("no HTTP") << "SSH-2.0-OpenSSH_9.2\r\n"_ba << 3;
}

void tst_CtlBackEnd::doesNotTakeAnotherServerForOurs()
{
    QFETCH(QByteArray, answer);
    QTcpServer other;
    QVERIFY(other.listen(QHostAddress::LocalHost));
    int requests = 0;
    connect(&other, &QTcpServer::newConnection, &other, [&] {
        QTcpSocket *socket = other.nextPendingConnection();
        connect(socket, &QTcpSocket::readyRead, socket, [&, socket] {
            ++requests;
            socket->readAll();
            socket->write(answer);
            socket->disconnectFromHost();
        });
    });
    const CtlResult result = runCtl({u"clients"_s, u"s"_s},
                                    {.url = QUrl(u"ws://127.0.0.1:%1"_s.arg(other.serverPort())),
                                     .variables = {u"DISPATCH_PROJECT_TOKEN=x"_s}});
    QTEST(result.code, "code");
    // What is no HTTP at all Qt tries again by itself.
    QVERIFY(requests == 1 || !answer.startsWith("HTTP"));
}

QTEST_GUILESS_MAIN(tst_CtlBackEnd)
#include "tst_ctlbackend.moc"

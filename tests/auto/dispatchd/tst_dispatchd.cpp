// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "daemonprocess.h"

#include <QtCore/qtemporaryfile.h>
#include <QtNetwork/qnetworkaccessmanager.h>
#include <QtNetwork/qnetworkreply.h>
#include <QtNetwork/qtcpserver.h>
#include <QtNetwork/qtcpsocket.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <array>
#include <csignal>
#include <memory>

using namespace Qt::StringLiterals;

class tst_Dispatchd : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void greetsAClient();
    void printsWhereItServesAndNoMore();
    void endsCleanlyOnASignal_data();
    void endsCleanlyOnASignal();
    void tellsClientsToComeBackWhenItEnds();
    void letsNobodyInWhileItDrains();
    void secondSignalEndsItAtOnce_data();
    void secondSignalEndsItAtOnce();
    void refusesBadOptions_data();
    void refusesBadOptions();
    void checksAConfiguration();
    void warnsOfWhatIsLikelyAMistake();
    void tellsOfPasswordsWithoutSayingThem();
    void printsAConfigurationThatItReads();
    void saysWhyItCannotListen();
    void servesOperators();
    void servesNoOperatorsIfToldSo();
    void saysWhyItCannotServeOperators();
    void identifiesUsersByTheSecretFile();
    void identifiesNobodyWithoutASecret();
};

void tst_Dispatchd::greetsAClient()
{
    DaemonProcess daemon;
    QVERIFY(daemon.start());
    Client client;
    client.join(daemon);
    QTRY_VERIFY(!client.greeting().isEmpty());
    QCOMPARE(client.greeting().value(u"shardName"_s).toString(), u"s"_s);
}

void tst_Dispatchd::printsWhereItServesAndNoMore()
{
    DaemonProcess daemon;
    QVERIFY(daemon.start());
    QVERIFY(daemon.operatorsUrl().isValid());
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
    DaemonProcess daemon;
    QVERIFY(daemon.start());
    daemon.send(signal);
    QVERIFY(daemon.ended());
    QCOMPARE(daemon.process.exitStatus(), QProcess::NormalExit);
    QCOMPARE(daemon.process.exitCode(), 0);
}

void tst_Dispatchd::tellsClientsToComeBackWhenItEnds()
{
    DaemonProcess daemon;
    QVERIFY(daemon.start());
    RawClient client(daemon);
    QVERIFY(client.hears("@@KOJI_DISPATCH/CONNECTED_CLIENTS_CHANGED"));
    client.received.clear();
    daemon.send(SIGTERM);
    QVERIFY(client.isSentAway());
    const qsizetype told = client.received.indexOf(R"("code":"draining")");
    const qsizetype closed = client.received.indexOf(QByteArray::fromHex("880a03f4")); // 1012
    QVERIFY(told > 0);
    QVERIFY(told < closed);
    client.socket.disconnectFromHost();
    QVERIFY(daemon.ended());
    QCOMPARE(daemon.process.exitCode(), 0);
}

void tst_Dispatchd::letsNobodyInWhileItDrains()
{
    DaemonProcess daemon;
    QVERIFY(daemon.start({u"--flush-timeout=60000"_s}));
    RawClient deaf(daemon); // who keeps it from ending
    QVERIFY(deaf.hears("CONNECTED_CLIENTS_CHANGED"));
    daemon.send(SIGTERM);
    QVERIFY(daemon.logs("Draining 1 client, over 30000 ms at most"));
    RawClient late(daemon);
    QVERIFY(late.hears(R"("code":"draining")"));
    QVERIFY(late.received.startsWith("HTTP/1.1 503 "));
    QVERIFY(late.received.contains("\r\nRetry-After: "));
    deaf.socket.abort();
    QVERIFY(daemon.logs("Drained in "));
    QVERIFY(daemon.ended());
    QCOMPARE(daemon.process.exitCode(), 0);
}

void tst_Dispatchd::secondSignalEndsItAtOnce_data()
{
    QTest::addColumn<int>("first");
    QTest::addColumn<int>("second");
    QTest::newRow("SIGTERM twice") << SIGTERM << SIGTERM;
    QTest::newRow("SIGINT twice") << SIGINT << SIGINT;
    QTest::newRow("SIGINT after SIGTERM") << SIGTERM << SIGINT;
}

void tst_Dispatchd::secondSignalEndsItAtOnce()
{
    QFETCH(int, first);
    QFETCH(int, second);
    DaemonProcess daemon;
    QVERIFY(daemon.start({u"--drain-time=600000"_s, u"--flush-timeout=600000"_s}));
    // More than can have been told when the second signal comes.
    std::array<std::unique_ptr<RawClient>, 50> clients;
    for (auto &client : clients) {
        client = std::make_unique<RawClient>(daemon);
        QVERIFY(client->hears("@@KOJI_DISPATCH/CONNECTED\""));
    }
    daemon.send(first);
    QVERIFY(daemon.logs("Draining 50 clients"));
    daemon.send(second);
    QVERIFY(daemon.logs("Ends at once; "));
    QVERIFY(daemon.ended());
    QCOMPARE(daemon.process.exitStatus(), QProcess::NormalExit);
    QCOMPARE(daemon.process.exitCode(), 0);
    for (const auto &client : clients)
        QVERIFY(client->isSentAway());
}

void tst_Dispatchd::refusesBadOptions_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<QByteArray>("secret");

    QTest::newRow("unknown option") << QStringList{u"--nonsense"_s} << QByteArray();
    QTest::newRow("everywhere without TLS") << QStringList{u"--address=0.0.0.0"_s} << QByteArray();
    QTest::newRow("no such configuration")
        << QStringList{u"--config=/nonexistent"_s} << QByteArray();
    QTest::newRow("bad configuration") << QStringList{u"--config=@"_s} << QByteArray("port = x");
    QTest::newRow("bad configuration, checked")
        << QStringList{u"--check-config"_s, u"--config=@"_s} << QByteArray("port = 65536");
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

void tst_Dispatchd::checksAConfiguration()
{
    QTemporaryFile file;
    QVERIFY(file.open());
    file.write("address = '0.0.0.0'\ninsecure = true\n");
    file.close();
    QProcess process;
    process.start(QString::fromUtf8(DISPATCHD),
                  {u"--check-config"_s, u"--config"_s, file.fileName()});
    QVERIFY(process.waitForFinished(DeadlineMs));
    QCOMPARE(process.exitCode(), 0);
    QVERIFY(process.readAllStandardOutput().contains(file.fileName().toUtf8()));
    QCOMPARE(process.readAllStandardError(), QByteArray());
}

void tst_Dispatchd::warnsOfWhatIsLikelyAMistake()
{
    QTemporaryFile secret;
    QVERIFY(secret.open());
    secret.write(QByteArray(32, 's'));
    secret.close();
    QVERIFY(secret.setPermissions(secret.permissions() | QFile::ReadOther));
    QTemporaryFile file;
    QVERIFY(file.open());
    file.write("\nsecret_file = '" + secret.fileName().toUtf8() + "'\n");
    file.close();
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"DISPATCHD_PRT"_s, u"1"_s);
    const QByteArrayList warnings{"DISPATCHD_PRT",
                                  file.fileName().toUtf8()
                                      + ":2:15: everybody on this machine can read the secret"};
    QProcess process;
    process.setProcessEnvironment(environment);
    process.start(QString::fromUtf8(DISPATCHD),
                  {u"--check-config"_s, u"--config"_s, file.fileName()});
    QVERIFY(process.waitForFinished(DeadlineMs));
    QCOMPARE(process.exitCode(), 0);
    const QByteArray said = process.readAllStandardError();
    DaemonProcess daemon;
    daemon.process.setProcessEnvironment(environment);
    QVERIFY(daemon.start({u"--config"_s, file.fileName()}));
    for (const QByteArray &warning : warnings) {
        QVERIFY2(said.contains(warning), said.constData());
        QVERIFY2(daemon.logs(warning), daemon.log.constData());
    }
}

void tst_Dispatchd::tellsOfPasswordsWithoutSayingThem()
{
    QTemporaryFile password;
    QVERIFY(password.open());
    password.write("hunter2\n");
    password.close();
    QTemporaryFile file;
    QVERIFY(file.open());
    file.write("engine = 'redis://:hunter3@localhost'\nengine_password_file = '"
               + password.fileName().toUtf8() + "'\n");
    file.close();
    QProcess process;
    process.start(QString::fromUtf8(DISPATCHD),
                  {u"--check-config"_s, u"--config"_s, file.fileName()});
    QVERIFY(process.waitForFinished(DeadlineMs));
    QCOMPARE(process.exitCode(), 2);
    const QByteArray said = process.readAllStandardError();
#ifdef DISPATCH_HAS_REDIS
    QVERIFY2(said.contains(file.fileName().toUtf8() + ":2:24: there is a password in the engine"),
             said.constData());
#else
    QVERIFY2(said.contains("DISPATCH_BUILD_REDIS"), said.constData());
#endif
    QVERIFY(!said.contains("hunter"));
}

void tst_Dispatchd::printsAConfigurationThatItReads()
{
    QTemporaryFile file;
    QVERIFY(file.open());
    QProcess process;
    process.start(QString::fromUtf8(DISPATCHD), {u"--print-config"_s, u"--max-connections=5"_s});
    QVERIFY(process.waitForFinished(DeadlineMs));
    const QByteArray printed = process.readAllStandardOutput();
    QVERIFY2(printed.contains("\nmax_connections = 5\n"), printed.constData());
    file.write(printed);
    file.close();
    process.start(QString::fromUtf8(DISPATCHD),
                  {u"--print-config"_s, u"--config"_s, file.fileName()});
    QVERIFY(process.waitForFinished(DeadlineMs));
    QCOMPARE(process.readAllStandardOutput(), printed);
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

void tst_Dispatchd::servesOperators()
{
    DaemonProcess daemon;
    QVERIFY(daemon.start());
    const QUrl url = daemon.operatorsUrl();
    QVERIFY2(url.isValid() && url.host() == u"127.0.0.1"_s, qPrintable(url.toString()));
    QNetworkAccessManager network;
    const auto get = [&](const QString &path) {
        const std::unique_ptr<QNetworkReply> reply(
            network.get(QNetworkRequest(url.resolved(QUrl(path)))));
        QSignalSpy finished(reply.get(), &QNetworkReply::finished);
        finished.wait(DeadlineMs);
        return reply->readAll();
    };
    QCOMPARE(get(u"/healthz"_s), QByteArray(R"({"status":"ok"})"));
    QVERIFY(get(u"/metrics"_s).contains("\ndispatch_connections 0\n"));
    QVERIFY(daemon.logs(url.toString().toUtf8()));
}

void tst_Dispatchd::servesNoOperatorsIfToldSo()
{
    DaemonProcess daemon;
    QVERIFY(daemon.start({u"--operators-address="_s}));
    daemon.send(SIGTERM);
    QVERIFY(daemon.ended());
    QCOMPARE(daemon.process.readAllStandardOutput(), QByteArray());
}

void tst_Dispatchd::saysWhyItCannotServeOperators()
{
    QTcpServer other;
    QVERIFY(other.listen(QHostAddress::LocalHost));
    QProcess process;
    process.start(QString::fromUtf8(DISPATCHD),
                  {u"--port=0"_s, u"--operators-port=%1"_s.arg(other.serverPort())});
    QVERIFY(process.waitForFinished(DeadlineMs));
    QCOMPARE(process.exitCode(), 1);
    const QByteArray log = process.readAllStandardError();
    QVERIFY2(log.contains(QByteArray::number(other.serverPort())), log);
    QVERIFY2(log.contains("--operators-port"), log);
    QCOMPARE(process.readAllStandardOutput(), QByteArray());
}

void tst_Dispatchd::identifiesUsersByTheSecretFile()
{
    const QByteArray secret(32, 's');
    QTemporaryFile file;
    QVERIFY(file.open());
    file.write(secret + '\n');
    file.close();
    DaemonProcess daemon;
    QVERIFY(daemon.start({u"--secret-file"_s, file.fileName()}));
    Client client;
    client.join(daemon);
    QTRY_VERIFY(!client.greeting().isEmpty());
    client.identify(tokenFor(u"user-1"_s, secret));
    QTRY_COMPARE(client.self().value(u"userId"_s).toString(), u"user-1"_s);
}

void tst_Dispatchd::identifiesNobodyWithoutASecret()
{
    DaemonProcess daemon;
    QVERIFY(daemon.start());
    Client client;
    client.join(daemon);
    QTRY_VERIFY(!client.greeting().isEmpty());
    client.identify(tokenFor(u"user-1"_s, QByteArray()));
    QTRY_COMPARE(client.last(u"@@KOJI_DISPATCH/ERROR"_s).value(u"code"_s).toString(),
                 u"no_token_key"_s);
}

QTEST_GUILESS_MAIN(tst_Dispatchd)
#include "tst_dispatchd.moc"

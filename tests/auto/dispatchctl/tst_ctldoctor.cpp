// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "certificate.h"
#include "ctlserver.h"
#include "tlsproxy.h"

#include <QtNetwork/qtcpserver.h>
#include <QtNetwork/qtcpsocket.h>

class tst_CtlDoctor : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void findsNothingWrong();
    void speaksToPeople();
    void joinsWhereItIsTold();
    void looksAtTls();
    void findsWhatIsWrongWithTls_data();
    void findsWhatIsWrongWithTls();
    void findsThatTlsIsNeeded();
    void findsThatNobodyIsThere();
    void findsThatTheNameIsWrong();
    void findsAServerThatSaysNothing();
    void findsAnotherServer();
    void findsAProxyThatStopsWebSockets();
    void findsAClockThatIsWrong();
    void findsABadToken();
    void findsTheModule();
    void findsProxies();
    void refusesBadUsage();

private:
    /// The record of \a check.
    static QJsonObject of(const CtlResult &result, const QString &check);
    static QString verdictOf(const CtlResult &result, const QString &check)
    {
        return of(result, check)[u"verdict"_s].toString();
    }
    CtlResult examine(const QUrl &url, const QStringList &options = {},
                      const QStringList &variables = {});

    std::unique_ptr<CtlServer> m_server;
};

/// Answers each request with \a answer.
class AnsweringServer : public QTcpServer {
public:
    explicit AnsweringServer(const QByteArray &answer)
    {
        connect(this, &QTcpServer::newConnection, this, [this, answer] {
            QTcpSocket *socket = nextPendingConnection();
            connect(socket, &QTcpSocket::readyRead, socket, [socket, answer] {
                socket->readAll();
                socket->write(answer);
                socket->disconnectFromHost();
            });
        });
        listen(QHostAddress::LocalHost);
    }

    QUrl url() const { return QUrl(u"ws://127.0.0.1:%1"_s.arg(serverPort())); }
};

void tst_CtlDoctor::init()
{
    m_server = std::make_unique<CtlServer>();
    QVERIFY(m_server->start());
}

QJsonObject tst_CtlDoctor::of(const CtlResult &result, const QString &check)
{
    for (const QJsonObject &record : result.records) {
        if (record[u"check"_s] == check)
            return record;
    }
    return {};
}

CtlResult tst_CtlDoctor::examine(const QUrl &url, const QStringList &options,
                                 const QStringList &variables)
{
    // What the machine of the test has must not count.
    QStringList clean{u"http_proxy="_s, u"https_proxy="_s, u"all_proxy="_s,
                      u"HTTP_PROXY="_s, u"HTTPS_PROXY="_s, u"ALL_PROXY="_s};
    return runCtl(QStringList{u"doctor"_s, u"--json"_s} + options,
                  {.url = url, .input = {}, .variables = clean + variables});
}

void tst_CtlDoctor::findsNothingWrong()
{
    const CtlResult result = examine(m_server->url(), {u"--project=game"_s});
    QVERIFY2(result.code == 0, result.output.constData());
    QStringList checks;
    for (const QJsonObject &record : result.records) {
        checks += record[u"check"_s].toString();
        QVERIFY(!record[u"detail"_s].toString().isEmpty());
    }
    QCOMPARE(
        checks,
        (QStringList{u"versions"_s, u"TLS backend"_s, u"QML module"_s, u"proxies"_s, u"address"_s,
                     u"name"_s, u"TCP"_s, u"HTTP"_s, u"clock"_s, u"join"_s, u"event"_s}));
    for (const QString &check : {u"versions"_s, u"TLS backend"_s, u"proxies"_s, u"address"_s,
                                 u"name"_s, u"TCP"_s, u"HTTP"_s, u"clock"_s, u"join"_s, u"event"_s})
        QVERIFY2(verdictOf(result, check) == u"ok"_s, qPrintable(check));
    QVERIFY(of(result, u"versions"_s)[u"detail"_s].toString().contains(
        QString::fromLatin1(qVersion())));
    QTRY_COMPARE(m_server->server().statistics().connections, 0);
}

void tst_CtlDoctor::speaksToPeople()
{
    const CtlResult result = runCtl({u"doctor"_s}, {.url = m_server->url()});
    QCOMPARE(result.code, 0);
    QVERIFY(result.output.contains("ok       TCP         127.0.0.1, port "));
    QVERIFY(result.output.contains("ok       event       came back after "));
    QVERIFY(result.errors.contains("Nothing failed."));
    m_server->server().close();
    const CtlResult bad = runCtl({u"doctor"_s}, {.url = m_server->url()});
    QCOMPARE(bad.code, 1);
    QVERIFY(bad.output.contains("FAILED   TCP         "));
    QVERIFY(bad.output.contains("                     > "));
    QVERIFY(bad.output.contains("skipped  join        "));
    QVERIFY(bad.errors.contains("Failed: 1."));
}

void tst_CtlDoctor::joinsWhereItIsTold()
{
    const CtlResult result = examine(m_server->url(), {u"--project=game"_s, u"--shard=clinic"_s});
    QCOMPARE(of(result, u"join"_s)[u"detail"_s], u"in shard 'clinic' of project 'game'"_s);
}

void tst_CtlDoctor::looksAtTls()
{
    QTemporaryDir folder;
    TlsProxy proxy;
    QVERIFY(proxy.start(m_server->server().port(), folder.path(), 60));
    const CtlResult result = examine(proxy.url(), {u"--ca-file"_s, proxy.certificate()});
    QVERIFY2(result.code == 0, result.output.constData());
    const QString detail = of(result, u"TLS"_s)[u"detail"_s].toString();
    QVERIFY2(detail.startsWith(u"TLS 1.3, "_s), qPrintable(detail));
    QVERIFY2(detail.contains(u"certificate of 'Test of doctor'"_s), qPrintable(detail));
    QVERIFY2(detail.contains(u"UTC, in 59 d"_s), qPrintable(detail));
    QCOMPARE(verdictOf(result, u"event"_s), u"ok"_s);
}

void tst_CtlDoctor::findsWhatIsWrongWithTls_data()
{
    QTest::addColumn<int>("days");
    QTest::addColumn<QString>("certified");
    QTest::addColumn<bool>("isTrusted");
    QTest::addColumn<QString>("verdict");
    QTest::addColumn<QString>("advice");
    QTest::newRow("unknown CA") << 60 << u"localhost"_s << false << u"failed"_s << u"--ca-file"_s;
    QTest::newRow("another host") << 60 << u"rooms.example"_s << true << u"failed"_s
                                  << u"rooms.example"_s;
    QTest::newRow("ends soon") << 3 << u"localhost"_s << true << u"warning"_s << u"Renew"_s;
}

void tst_CtlDoctor::findsWhatIsWrongWithTls()
{
    QFETCH(int, days);
    QFETCH(QString, certified);
    QFETCH(bool, isTrusted);
    QFETCH(QString, verdict);
    QFETCH(QString, advice);
    QTemporaryDir folder;
    TlsProxy proxy;
    QVERIFY(proxy.start(m_server->server().port(), folder.path(), days, certified));
    const CtlResult result = examine(
        proxy.url(), isTrusted ? QStringList{u"--ca-file"_s, proxy.certificate()} : QStringList());
    QCOMPARE(verdictOf(result, u"TLS"_s), verdict);
    QVERIFY2(of(result, u"TLS"_s)[u"advice"_s].toString().contains(advice),
             result.output.constData());
    const bool isFine = verdict != u"failed"_s;
    QCOMPARE(verdictOf(result, u"join"_s), isFine ? u"ok"_s : u"skipped"_s);
    QCOMPARE(result.code, isFine ? 0 : 1);
}

void tst_CtlDoctor::findsThatTlsIsNeeded()
{
    const Certificate certificate = Certificate::selfSigned({"127.0.0.1"});
    m_server->server().close();
    QVERIFY(m_server->server().setTlsIdentity(
        DispatchTlsIdentity::fromPem(certificate.pem(), certificate.keyPem())));
    QVERIFY(m_server->server().listen());
    QUrl plain = m_server->url();
    plain.setScheme(u"ws"_s);
    const CtlResult result = examine(plain);
    QCOMPARE(result.code, 1);
    for (const QString &check : {u"HTTP"_s, u"join"_s})
        QCOMPARE(verdictOf(result, check), u"failed"_s);
    QVERIFY(of(result, u"HTTP"_s)[u"advice"_s].toString().contains(u"use wss://"_s));
    QVERIFY(of(result, u"join"_s)[u"detail"_s].toString().contains(u"use wss://"_s));
}

void tst_CtlDoctor::findsThatNobodyIsThere()
{
    const QUrl url = m_server->url();
    m_server->server().close();
    const CtlResult result = examine(url);
    QCOMPARE(result.code, 1);
    QCOMPARE(verdictOf(result, u"name"_s), u"ok"_s);
    QCOMPARE(verdictOf(result, u"TCP"_s), u"failed"_s);
    QVERIFY(!of(result, u"TCP"_s)[u"advice"_s].toString().isEmpty());
    for (const QString &check : {u"HTTP"_s, u"clock"_s, u"join"_s, u"event"_s})
        QCOMPARE(verdictOf(result, check), u"skipped"_s);
}

void tst_CtlDoctor::findsThatTheNameIsWrong()
{
    // By RFC 6761 there is no such name, whatever the network says.
    const CtlResult result =
        examine(QUrl(u"ws://rooms.invalid"_s), {u"--timeout=2s"_s, u"--insecure"_s});
    QCOMPARE(result.code, 1);
    QCOMPARE(verdictOf(result, u"address"_s), u"warning"_s);
    QCOMPARE(verdictOf(result, u"name"_s), u"failed"_s);
    QCOMPARE(verdictOf(result, u"TCP"_s), u"skipped"_s);
}

void tst_CtlDoctor::findsAServerThatSaysNothing()
{
    QTcpServer silent;
    QVERIFY(silent.listen(QHostAddress::LocalHost));
    const CtlResult result =
        examine(QUrl(u"ws://127.0.0.1:%1"_s.arg(silent.serverPort())), {u"--timeout=100ms"_s});
    QCOMPARE(result.code, 1);
    QCOMPARE(verdictOf(result, u"TCP"_s), u"ok"_s);
    QCOMPARE(verdictOf(result, u"HTTP"_s), u"failed"_s);
    QCOMPARE(verdictOf(result, u"join"_s), u"failed"_s);
    QCOMPARE(verdictOf(result, u"event"_s), u"skipped"_s);
}

void tst_CtlDoctor::findsAnotherServer()
{
    AnsweringServer other("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>");
    const CtlResult result = examine(other.url());
    QCOMPARE(result.code, 1);
    QCOMPARE(verdictOf(result, u"HTTP"_s), u"failed"_s);
    QCOMPARE(verdictOf(result, u"clock"_s), u"warning"_s);
    QCOMPARE(verdictOf(result, u"join"_s), u"failed"_s);
}

void tst_CtlDoctor::findsAProxyThatStopsWebSockets()
{
    AnsweringServer proxy("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]");
    const CtlResult result = examine(proxy.url());
    QCOMPARE(verdictOf(result, u"HTTP"_s), u"ok"_s);
    QCOMPARE(verdictOf(result, u"join"_s), u"failed"_s);
    QVERIFY(of(result, u"join"_s)[u"advice"_s].toString().contains(u"pass the upgrade on"_s));
}

void tst_CtlDoctor::findsAClockThatIsWrong()
{
    const QByteArray past = "Wed, 01 Jan 2020 00:00:00 GMT";
    AnsweringServer old("HTTP/1.1 200 OK\r\nDate: " + past + "\r\nContent-Length: 2\r\n\r\n[]");
    const QJsonObject clock = of(examine(old.url()), u"clock"_s);
    QCOMPARE(clock[u"verdict"_s], u"failed"_s);
    QVERIFY(clock[u"detail"_s].toString().contains(u"behind ours"_s));
    QVERIFY(clock[u"advice"_s].toString().contains(u"NTP"_s));
}

void tst_CtlDoctor::findsABadToken()
{
    const CtlResult result = examine(m_server->url(), {u"--token"_s, HiddenToken});
    QCOMPARE(result.code, 1);
    QCOMPARE(verdictOf(result, u"join"_s), u"failed"_s);
    QVERIFY(of(result, u"join"_s)[u"advice"_s].toString().contains(u"--token-file"_s));
    QVERIFY(keepsSecret(result));
}

void tst_CtlDoctor::findsTheModule()
{
    QTemporaryDir folder;
    QVERIFY(QDir(folder.path()).mkpath(u"Dispatch"_s));
    QFile qmldir(folder.filePath(u"Dispatch/qmldir"_s));
    QVERIFY(qmldir.open(QIODevice::WriteOnly));
    qmldir.write("module Dispatch\nplugin DispatchQml\n");
    qmldir.close();
    const QStringList variables{u"QML_IMPORT_PATH="_s + folder.path()};
    const CtlResult broken = examine(m_server->url(), {}, variables);
    QCOMPARE(broken.code, 1);
    QCOMPARE(verdictOf(broken, u"QML module"_s), u"failed"_s);
    QFile plugin(folder.filePath(u"Dispatch/libDispatchQml.so"_s));
    QVERIFY(plugin.open(QIODevice::WriteOnly));
    const CtlResult good = examine(m_server->url(), {}, variables);
    QCOMPARE(good.code, 0);
    QCOMPARE(of(good, u"QML module"_s)[u"detail"_s], folder.filePath(u"Dispatch"_s));
}

void tst_CtlDoctor::findsProxies()
{
    const CtlResult result =
        examine(m_server->url(), {}, {u"all_proxy=http://ann:hidden@127.0.0.1:9"_s});
    QCOMPARE(verdictOf(result, u"proxies"_s), u"warning"_s);
    QCOMPARE(of(result, u"proxies"_s)[u"detail"_s], u"set: all_proxy"_s);
    QVERIFY(keepsSecret(result, "hidden"));
}

void tst_CtlDoctor::refusesBadUsage()
{
    QCOMPARE(m_server->run({u"doctor"_s, u"now"_s}).code, 2);
    QCOMPARE(m_server->run({u"doctor"_s, u"--url=nowhere"_s}).code, 2);
}

QTEST_GUILESS_MAIN(tst_CtlDoctor)
#include "tst_ctldoctor.moc"

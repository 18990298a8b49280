// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "operatorstest.h"
#include "peer.h"
#include "plainverifier.h"

#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qregularexpression.h>
#include <QtCore/qsemaphore.h>
#include <QtNetwork/qtcpserver.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace {

/// Takes its time for each token, on the thread of the worker that asks.
class SlowVerifier : public DispatchTokenVerifier {
public:
    DispatchTokenVerdict verify(const QByteArray &, const QString &) const override
    {
        m_gate.acquire();
        return {};
    }
    void open() { m_gate.release(100); }

private:
    mutable QSemaphore m_gate;
};

} // namespace

/// The port of operators: how it comes and goes, what it refuses, health and readiness.
class tst_Operators : public OperatorsTest {
    Q_OBJECT

private Q_SLOTS:
    void portIsAnotherThanThatOfClients();
    void listeningFailsWithAReason_data();
    void listeningFailsWithAReason();
    void takenPortIsSaid();
    void closingEndsItAndListeningCanBeginAgain();
    void otherRequestsAreRefused_data();
    void otherRequestsAreRefused();
    void unknownPathsAreToldWhatThereIs();
    void namesOfOthersAreRefused_data();
    void namesOfOthersAreRefused();
    void healthIsGood();
    void stuckWorkerIsNotHealthy();
    void serverIsReady();
    void drainingServerIsNotReady();
    void fullServerIsNotReady();
#ifdef DISPATCH_HAS_REDIS
    void serverWithoutItsEngineIsNotReady();
#endif
};

void tst_Operators::portIsAnotherThanThatOfClients()
{
    const QUrl url = m_server->operatorsUrl();
    QCOMPARE(url.toString(), u"http://127.0.0.1:%1/"_s.arg(url.port()));
    QVERIFY(url.port() != m_server->port());
    RawPeer client(m_server->port());
    client.send(RawPeer::request("GET", "/metrics"));
    QCOMPARE(client.response().status, 426);
}

void tst_Operators::listeningFailsWithAReason_data()
{
    QTest::addColumn<bool>("isListening");
    QTest::addColumn<bool>("servesOperators");
    QTest::addColumn<QHostAddress>("address");
    QTest::addColumn<QString>("reason");
    const QHostAddress loopback(QHostAddress::LocalHost);
    QTest::newRow("too early") << false << false << loopback << u"call listen() first"_s;
    QTest::newRow("twice") << true << true << loopback << u"close it first"_s;
    QTest::newRow("no address") << true << false << QHostAddress() << u"no such address"_s;
    QTest::newRow("another machine's address")
        << true << false << QHostAddress(u"192.0.2.1"_s) << u"For operators: "_s;
}

void tst_Operators::listeningFailsWithAReason()
{
    QFETCH(bool, isListening);
    QFETCH(bool, servesOperators);
    QFETCH(QHostAddress, address);
    QFETCH(QString, reason);
    DispatchServer server;
    QSignalSpy errors(&server, &DispatchServer::errorOccurred);
    QVERIFY(!isListening || server.listen());
    QVERIFY(!servesOperators || server.listenForOperators());
    QVERIFY(!server.listenForOperators(address));
    QVERIFY2(server.errorString().contains(reason), qPrintable(server.errorString()));
    QCOMPARE(errors.size(), 1);
    QCOMPARE(server.operatorsUrl().isEmpty(), !servesOperators);
}

void tst_Operators::takenPortIsSaid()
{
    QTcpServer other;
    QVERIFY(other.listen(QHostAddress::LocalHost));
    DispatchServer server;
    QVERIFY(server.listen());
    QVERIFY(!server.listenForOperators(QHostAddress::LocalHost, other.serverPort()));
    QVERIFY(server.errorString().contains(QString::number(other.serverPort())));
    QVERIFY(server.isListening());
    QVERIFY(server.listenForOperators());
}

void tst_Operators::closingEndsItAndListeningCanBeginAgain()
{
    const auto port = quint16(m_server->operatorsUrl().port());
    m_server->close();
    QVERIFY(m_server->operatorsUrl().isEmpty());
    QTcpServer next;
    QVERIFY2(next.listen(QHostAddress::LocalHost, port), qPrintable(next.errorString()));
    QVERIFY(m_server->listen());
    QVERIFY(m_server->operatorsUrl().isEmpty());
    QVERIFY(m_server->listenForOperators());
    QCOMPARE(get("/healthz").status, 200);
}

void tst_Operators::otherRequestsAreRefused_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<int>("status");
    QTest::newRow("unknown path") << RawPeer::request("GET", "/nothing") << 404;
    QTest::newRow("below a path") << RawPeer::request("GET", "/metrics/all") << 404;
    QTest::newRow("a client's path") << RawPeer::request("GET", "/info/p") << 404;
    QTest::newRow("a back end's path")
        << RawPeer::request("GET", "/api/v1/projects/p/shards") << 404;
    QTest::newRow("POST") << RawPeer::request("POST", "/metrics", "Content-Length: 0\r\n") << 405;
    QTest::newRow("DELETE") << RawPeer::request("DELETE", "/healthz") << 405;
    QTest::newRow("preflight") << RawPeer::request("OPTIONS", "/metrics",
                                                   "Origin: https://example.org\r\n"
                                                   "Access-Control-Request-Method: GET\r\n")
                               << 405;
    // No upgrade is offered here: the page itself is the answer.
    QTest::newRow("upgrade") << RawPeer::upgradeRequest("/?projectId=p") << 200;
    QTest::newRow("upgrade elsewhere") << RawPeer::upgradeRequest("/room?projectId=p") << 404;
    QTest::newRow("no HTTP") << QByteArray("hello\r\n\r\n") << 400;
}

void tst_Operators::otherRequestsAreRefused()
{
    QFETCH(QByteArray, request);
    QFETCH(int, status);
    RawPeer peer(quint16(m_server->operatorsUrl().port()));
    peer.send(request);
    const auto response = peer.response();
    QCOMPARE(response.status, status);
    QVERIFY(!response.headers.contains("access-control-allow-origin"));
    // Clients' figures are about clients.
    QCOMPARE(metrics().value(u"dispatch_refused_requests_total"_s, {{u"code"_s, u"not_found"_s}}),
             0.0);
    QCOMPARE(m_server->statistics().refusedJoins, 0);
    QCOMPARE(m_server->statistics().connections, 0);
}

void tst_Operators::unknownPathsAreToldWhatThereIs()
{
    const auto response = get("/metric");
    QCOMPARE(response.status, 404);
    QVERIFY2(!response.body.contains("/info"), response.body.constData());
    static const QRegularExpression path(u"(?<= )/[a-z.]*"_s);
    auto paths = path.globalMatch(QString::fromUtf8(response.body));
    int count = 0;
    for (; paths.hasNext(); ++count)
        QCOMPARE(get(paths.next().captured().toUtf8()).status, 200);
    QCOMPARE(count, 5);
}

void tst_Operators::namesOfOthersAreRefused_data()
{
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<int>("status");
    for (const char *own :
         {"localhost", "LOCALHOST:8091", "127.0.0.1", "127.0.0.1:8091", "[::1]:8091", "10.1.2.3"})
        QTest::newRow(own) << QByteArray(own) << 200;
    for (const char *other : {"evil.example", "evil.example:8091", "localhost.evil.example",
                              "127.0.0.1.evil.example", "1.2.3", "2130706433"})
        QTest::newRow(other) << QByteArray(other) << 400;
}

void tst_Operators::namesOfOthersAreRefused()
{
    QFETCH(QByteArray, host);
    QFETCH(int, status);
    RawPeer peer(quint16(m_server->operatorsUrl().port()));
    peer.send("GET /metrics HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
    QCOMPARE(peer.response().status, status);
}

void tst_Operators::healthIsGood()
{
    const auto response = get("/healthz");
    QCOMPARE(response.status, 200);
    QCOMPARE(response.headers.value("content-type"), QByteArray("application/json"));
    QCOMPARE(response.headers.value("cache-control"), QByteArray("no-store"));
    QCOMPARE(response.body, QByteArray(R"({"status":"ok"})"));
}

void tst_Operators::stuckWorkerIsNotHealthy()
{
    DispatchServerSettings settings;
    settings.healthTimeout = 500;
    settings.threads = 2;
    serve(settings);
    const auto verifier = std::make_shared<SlowVerifier>();
    m_server->setTokenVerifier(verifier);
    // Two shards are on two threads.
    Peer ann;
    Peer ben;
    QVERIFY(ann.join(m_server->url(), u"projectId=p&shardName=a"_s));
    QVERIFY(ben.join(m_server->url(), u"projectId=p&shardName=b"_s));
    ben.emitEvent(Identify, QJsonObject{{u"token"_s, u"t"_s}});

    RawPeer::Response response;
    QTRY_VERIFY((response = get("/healthz")).status == 503);
    const QJsonObject report = QJsonDocument::fromJson(response.body).object();
    QCOMPARE(report.value(u"status"_s), u"stuck"_s);
    const QJsonArray stuck = report.value(u"stuck"_s).toArray();
    QVERIFY2(std::ranges::any_of(stuck,
                                 [](const QJsonValue &loop) {
                                     return loop[u"name"_s] == u"worker 1"_s
                                         && loop[u"silentMs"_s].toInt() >= 500;
                                 }),
             response.body);
    verifier->open();
    QTRY_COMPARE(get("/healthz").status, 200);
}

void tst_Operators::serverIsReady()
{
    const auto response = get("/readyz");
    QCOMPARE(response.status, 200);
    QCOMPARE(response.body, QByteArray(R"({"status":"ready"})"));
    QCOMPARE(metrics().value(u"dispatch_ready"_s), 1.0);
}

void tst_Operators::drainingServerIsNotReady()
{
    DispatchServerSettings settings;
    settings.drainTime = 600'000; // for as long as this test looks
    serve(settings);
    Peer ann;
    Peer ben;
    QVERIFY(ann.join(m_server->url(), u"projectId=p"_s));
    QVERIFY(ben.join(m_server->url(), u"projectId=p"_s));
    m_server->drain();
    const auto response = get("/readyz");
    QCOMPARE(response.status, 503);
    QCOMPARE(response.body, QByteArray(R"({"status":"draining"})"));
    QCOMPARE(metrics().value(u"dispatch_ready"_s), 0.0);
    const QJsonObject report = QJsonDocument::fromJson(get("/status.json").body).object();
    QCOMPARE(report[u"draining"_s], true);
    QVERIFY(report[u"connections"_s].toInt() > 0);
    QCOMPARE(get("/healthz").status, 200);
}

void tst_Operators::fullServerIsNotReady()
{
    DispatchServerSettings settings;
    settings.maxConnections = 1;
    serve(settings);
    QCOMPARE(get("/readyz").status, 200);
    Peer ann;
    QVERIFY(ann.join(m_server->url(), u"projectId=p"_s));
    const auto response = get("/readyz");
    QCOMPARE(response.status, 503);
    QCOMPARE(response.body, QByteArray(R"({"status":"full"})"));
    QCOMPARE(metrics().value(u"dispatch_ready"_s), 0.0);
    QCOMPARE(get("/healthz").status, 200);
    ann.close();
    QTRY_COMPARE(get("/readyz").status, 200);
}

#ifdef DISPATCH_HAS_REDIS
void tst_Operators::serverWithoutItsEngineIsNotReady()
{
    DispatchServerSettings settings;
    settings.engine = u"redis+unix:///nowhere/redis"_s;
    serve(settings);
    const auto response = get("/readyz");
    QCOMPARE(response.status, 503);
    QVERIFY2(response.body.contains(R"({"status":"engine_unreached","reason":)"), response.body);
    const MetricsText text = metrics();
    QCOMPARE(text.problems(), QStringList());
    QCOMPARE(text.value(u"dispatch_ready"_s), 0.0);
    QCOMPARE(text.value(u"dispatch_engine_reached"_s), 0.0);
    const QJsonObject report = QJsonDocument::fromJson(get("/status.json").body).object();
    QCOMPARE(report[u"engine"_s][u"reached"_s], false);
    QCOMPARE(get("/healthz").status, 200);
}
#endif

QTEST_GUILESS_MAIN(tst_Operators)
#include "tst_operators.moc"

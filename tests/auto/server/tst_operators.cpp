// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "metricstext.h"
#include "peer.h"
#include "plainverifier.h"
#include "rawpeer.h"

#include <DispatchServer>

#include <QtCore/qdatetime.h>
#include <QtCore/qfile.h>
#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qregularexpression.h>
#include <QtCore/qsemaphore.h>
#include <QtNetwork/qtcpserver.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

/// What operators are served on their own port.
class tst_Operators : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

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
    void metricsAreWellFormed();
    void metricsAreDocumentedAsTheyAre();
    void whatIsAskedOfPrometheusIsThere_data();
    void whatIsAskedOfPrometheusIsThere();
    void metricsNameNobody();
    void metricsCountClientsAndEvents();
    void metricsCountWhatIsRefused();
    void metricsSayWhyClientsLeft();
    void metricsMeasure();
    void metricsSayWhatWaits();
    void metricsKnowTheProcess();
    void statusPageIsAllFromHere();
    void otherPagesCanUseNothingOfIt_data();
    void otherPagesCanUseNothingOfIt();
    void statusTellsOfShards();
    void statusTellsOfShardsThatAreSearched_data();
    void statusTellsOfShardsThatAreSearched();

private:
    void serve(const DispatchServerSettings &settings);
    RawPeer::Response get(const QByteArray &target) const;
    MetricsText metrics() const { return MetricsText(get("/metrics").body); }
    /// Waits until a metric has a value.
    bool waitFor(const QString &name, double expected,
                 const MetricsText::Labels &labels = {}) const;

    std::unique_ptr<DispatchServer> m_server;
};

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

void tst_Operators::init()
{
    DispatchServerSettings settings;
    settings.maxConnections = 1'000;
    serve(settings);
}

void tst_Operators::cleanup()
{
    m_server.reset();
}

void tst_Operators::serve(const DispatchServerSettings &settings)
{
    m_server = std::make_unique<DispatchServer>();
    m_server->setSettings(settings);
    QVERIFY2(m_server->listen(), qPrintable(m_server->errorString()));
    QVERIFY2(m_server->listenForOperators(), qPrintable(m_server->errorString()));
}

RawPeer::Response tst_Operators::get(const QByteArray &target) const
{
    RawPeer peer(quint16(m_server->operatorsUrl().port()));
    peer.send(RawPeer::request("GET", target));
    return peer.response();
}

bool tst_Operators::waitFor(const QString &name, double expected,
                            const MetricsText::Labels &labels) const
{
    return QTest::qWaitFor([&] { return metrics().value(name, labels) == expected; });
}

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

void tst_Operators::metricsAreWellFormed()
{
    const auto response = get("/metrics");
    QCOMPARE(response.status, 200);
    QCOMPARE(response.headers.value("content-type"),
             QByteArray("text/plain; version=0.0.4; charset=utf-8"));
    const MetricsText text(response.body);
    QCOMPARE(text.problems(), QStringList());
    QVERIFY(text.families().size() > 30);
}

void tst_Operators::metricsAreDocumentedAsTheyAre()
{
    QFile page(QStringLiteral(SOURCE_DIR "/docs/operations.md"));
    QVERIFY(page.open(QIODevice::ReadOnly));
    QStringList documented;
    for (const QString &line : QString::fromUtf8(page.readAll()).split(u'\n')) {
        if (line.startsWith(u"| `dispatch_"_s) || line.startsWith(u"| `process_"_s))
            documented += line;
    }
    QStringList expected;
    const MetricsText text = metrics();
    for (const MetricsText::Family &family : text.families()) {
        QStringList labels = family.samples.first().labels.keys();
        labels.removeAll(u"le"_s);
        expected += u"| `%1` | %2 | %3 | %4 |"_s
                        .arg(family.name, family.type, labels.join(u", "_s), family.help)
                        .replace(u"|  |"_s, u"| |"_s);
    }
    QCOMPARE(documented.join(u'\n'), expected.join(u'\n'));
}

void tst_Operators::whatIsAskedOfPrometheusIsThere_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QRegularExpression>("expression");
    QTest::newRow("dashboard") << u"docs/grafana/dispatch.json"_s
                               << QRegularExpression(u"\"(?:expr|query)\": (\".*\")"_s);
    QTest::newRow("alerts") << u"docs/operations.md"_s << QRegularExpression(u" expr: (.*)"_s);
}

void tst_Operators::whatIsAskedOfPrometheusIsThere()
{
    QFETCH(QString, file);
    QFETCH(QRegularExpression, expression);
    QFile page(QStringLiteral(SOURCE_DIR "/") + file);
    QVERIFY(page.open(QIODevice::ReadOnly));
    const QByteArray there = get("/metrics").body;
    static const QRegularExpression name(u"\\b(?:dispatch|process)_[a-z_]+\\b"_s);
    static const QRegularExpression label(u"\\b(code|reason)=~?\\\\?\"([a-z_|]+)"_s);
    int found = 0;
    for (auto it = expression.globalMatch(QString::fromUtf8(page.readAll())); it.hasNext();) {
        const QString query = it.next().captured(1);
        for (auto names = name.globalMatch(query); names.hasNext(); ++found) {
            const QByteArray metric = names.next().captured().toUtf8();
            QVERIFY2(there.contains('\n' + metric + ' ') || there.contains('\n' + metric + '{'),
                     metric);
        }
        for (auto labels = label.globalMatch(query); labels.hasNext();) {
            const auto one = labels.next();
            for (const QString &value : one.captured(2).split(u'|')) {
                const QString text = u"{%1=\"%2\"}"_s.arg(one.captured(1), value);
                QVERIFY2(there.contains(text.toUtf8()), qPrintable(text));
            }
        }
    }
    QVERIFY2(found >= 9, "the file was not understood");
}

void tst_Operators::metricsNameNobody()
{
    Peer ann;
    QVERIFY(ann.join(m_server->url(), u"projectId=secret-project&shardName=secret-shard"_s));
    const QByteArray body = get("/metrics").body;
    QVERIFY(!body.contains("secret"));
    QVERIFY(!body.contains(ann.clientId().toUtf8()));
    QSet<QString> labels;
    const MetricsText text(body);
    for (const MetricsText::Family &family : text.families()) {
        for (const MetricsText::Sample &sample : family.samples) {
            for (const QString &label : sample.labels.keys())
                labels += label;
        }
    }
    QCOMPARE(labels,
             (QSet<QString>{u"code"_s, u"le"_s, u"qt_version"_s, u"reason"_s, u"version"_s,
                            u"worker"_s}));
}

void tst_Operators::metricsCountClientsAndEvents()
{
    Peer ann;
    Peer ben;
    QVERIFY(ann.join(m_server->url(), u"projectId=p&shardName=s&maxConnectionsPerShard=10"_s));
    QVERIFY(ben.join(m_server->url(), u"projectId=p&shardName=s"_s));
    for (int i = 0; i < 3; ++i)
        ann.emitEvent(u"hello"_s);
    QVERIFY(ben.waitFor(u"hello"_s, 3));
    QVERIFY(ben.waitForClients(2));
    const MetricsText text = metrics();
    QCOMPARE(text.value(u"dispatch_connections"_s), 2.0);
    QCOMPARE(text.value(u"dispatch_connections_limit"_s), 1'000.0);
    QCOMPARE(text.value(u"dispatch_projects"_s), 1.0);
    QCOMPARE(text.value(u"dispatch_shards"_s), 1.0);
    QCOMPARE(text.value(u"dispatch_shard_seats"_s), 10.0);
    QCOMPARE(text.value(u"dispatch_shard_seats_taken"_s), 2.0);
    QCOMPARE(text.value(u"dispatch_worker_connections"_s, {{u"worker"_s, u"0"_s}}), 2.0);
    QCOMPARE(text.value(u"dispatch_joins_total"_s), 2.0);
    QCOMPARE(text.value(u"dispatch_events_received_total"_s), 3.0);
    QCOMPARE(text.value(u"dispatch_events_delivered_total"_s), 6.0);
    QVERIFY(text.value(u"dispatch_received_bytes_total"_s) > 3 * 20);
    QVERIFY(text.value(u"dispatch_sent_bytes_total"_s) > 6 * 20);
    // Two joins made a list each, or one for both.
    const double lists = text.value(u"dispatch_presence_lists_total"_s);
    QVERIFY(lists >= 1);
    QCOMPARE(lists + text.value(u"dispatch_presence_changes_coalesced_total"_s), 2.0);
    QCOMPARE(text.value(u"dispatch_presence_lists_truncated_total"_s), 0.0);
}

void tst_Operators::metricsCountWhatIsRefused()
{
    Peer ann;
    QVERIFY(ann.join(m_server->url(), u"projectId=p&shardName=s&maxConnectionsPerShard=1"_s));
    ann.sendText(u"{"_s);
    ann.sendText(u"{}"_s);
    QTRY_COMPARE(ann.count(Error), 2);
    RawPeer late(m_server->port());
    late.send(RawPeer::upgradeRequest("/?projectId=p&shardName=s"));
    QCOMPARE(late.response().status, 409);
    RawPeer lost(m_server->port());
    lost.send(RawPeer::request("GET", "/info/p/x"));
    QCOMPARE(lost.response().status, 404);

    const MetricsText text = metrics();
    const auto refused = [&text](const QString &what, const QString &code) {
        return text.value(u"dispatch_refused_%1_total"_s.arg(what), {{u"code"_s, code}});
    };
    QCOMPARE(refused(u"messages"_s, u"bad_message"_s), 2.0);
    QCOMPARE(refused(u"joins"_s, u"shard_full"_s), 1.0);
    QCOMPARE(refused(u"requests"_s, u"not_found"_s), 1.0);
    QCOMPARE(refused(u"joins"_s, u"not_found"_s), 0.0);
    QCOMPARE(refused(u"requests"_s, u"shard_full"_s), 0.0);
}

void tst_Operators::metricsSayWhyClientsLeft()
{
    DispatchServerSettings settings;
    settings.heartbeatInterval = 100;
    settings.heartbeatTimeout = 100;
    serve(settings);
    {
        Peer ann;
        QVERIFY(ann.join(m_server->url(), u"projectId=p"_s));
        ann.close();
        QVERIFY(ann.waitForClose());
    }
    QVERIFY(waitFor(u"dispatch_disconnects_total"_s, 1, {{u"reason"_s, u"closed"_s}}));
    RawPeer silent(m_server->port());
    QVERIFY(silent.join("/?projectId=p"));
    QVERIFY(waitFor(u"dispatch_disconnects_total"_s, 1, {{u"reason"_s, u"heartbeat_timeout"_s}}));
    {
        RawPeer gone(m_server->port());
        QVERIFY(gone.join("/?projectId=p"));
    }
    QVERIFY(waitFor(u"dispatch_disconnects_total"_s, 1, {{u"reason"_s, u"lost"_s}}));
}

void tst_Operators::metricsMeasure()
{
    Peer ann;
    QVERIFY(ann.join(m_server->url(), u"projectId=p"_s));
    ann.emitEvent(u"hello"_s);
    QVERIFY(ann.waitFor(u"hello"_s));
    // The pong to the first ping is on its way.
    QVERIFY(waitFor(u"dispatch_heartbeat_round_trip_seconds_count"_s, 1));
    QVERIFY(waitFor(u"dispatch_event_seconds_count"_s, 1));
    const MetricsText text = metrics();
    QCOMPARE(text.value(u"dispatch_join_seconds_count"_s), 1.0);
    QVERIFY(text.value(u"dispatch_loop_turn_seconds_count"_s) >= 1);
    QVERIFY(text.value(u"dispatch_placement_lock_seconds_count"_s) > 1);
    const double busy =
        text.value(u"dispatch_worker_busy_seconds_total"_s, {{u"worker"_s, u"0"_s}});
    QVERIFY(busy > 0);
    QVERIFY(text.value(u"dispatch_event_seconds_sum"_s) > 0);
    QVERIFY(text.value(u"dispatch_event_seconds_sum"_s) <= busy);
}

void tst_Operators::metricsSayWhatWaits()
{
    DispatchServerSettings settings;
    settings.healthTimeout = 200; // it is looked at as often as that needs
    serve(settings);
    RawPeer deaf(m_server->port());
    QVERIFY(deaf.join("/?projectId=p&shardName=s"));
    deaf.stopReading();
    Peer ann;
    QVERIFY(ann.join(m_server->url(), u"projectId=p&shardName=s"_s));
    const QJsonObject payload{{u"text"_s, QString(100'000, u'x')}};
    const auto waiting = [this] { return metrics().value(u"dispatch_write_queue_clients"_s) == 1; };
    int emitted = 0;
    QVERIFY(QTest::qWaitFor([&] {
        ann.emitEvent(u"big"_s, payload);
        return ann.waitFor(u"big"_s, ++emitted) && waiting();
    }));
    const MetricsText text = metrics();
    QVERIFY(text.value(u"dispatch_write_queue_bytes"_s) > 0);
    QCOMPARE(text.value(u"dispatch_write_queue_largest_bytes"_s),
             text.value(u"dispatch_write_queue_bytes"_s));
}

void tst_Operators::metricsKnowTheProcess()
{
    const MetricsText text = metrics();
    QVERIFY(text.value(u"process_cpu_seconds_total"_s) > 0);
    QVERIFY(text.value(u"process_resident_memory_bytes"_s) > 1e6);
    QVERIFY(text.value(u"process_virtual_memory_bytes"_s)
            >= text.value(u"process_resident_memory_bytes"_s));
    QVERIFY(text.value(u"process_open_fds"_s) > 5);
    QVERIFY(text.value(u"process_max_fds"_s) >= text.value(u"process_open_fds"_s));
    // The program of this test has not run for long.
    const double age = double(QDateTime::currentMSecsSinceEpoch()) / 1000
        - text.value(u"process_start_time_seconds"_s);
    QVERIFY2(age > 0 && age < 600, qPrintable(QString::number(age)));
}

void tst_Operators::statusPageIsAllFromHere()
{
    const auto page = get("/");
    QCOMPARE(page.status, 200);
    QCOMPARE(page.headers.value("content-type"), QByteArray("text/html; charset=utf-8"));
    static const QRegularExpression file(u"(?:\\b(?:src|href)=|\\bfrom )[\"']([^\"'\\s]+)[\"']"_s);
    QByteArrayList texts{page.body};
    QSet<QString> files;
    while (!texts.isEmpty()) {
        const QByteArray text = texts.takeFirst();
        for (auto it = file.globalMatch(QString::fromUtf8(text)); it.hasNext();) {
            const QString name = it.next().captured(1);
            if (files.contains(name))
                continue;
            files += name;
            const auto part = get(QUrl(u"/"_s).resolved(QUrl(name)).toEncoded());
            QVERIFY2(part.status == 200, qPrintable(name));
            QVERIFY(!part.body.isEmpty());
            if (name.endsWith(u".js"_s))
                texts += part.body;
        }
    }
    QCOMPARE(files,
             (QSet<QString>{u"icon.svg"_s, u"status.css"_s, u"status.js"_s, u"./chart.js"_s,
                            u"./figures.js"_s, u"metrics"_s}));
}

void tst_Operators::otherPagesCanUseNothingOfIt_data()
{
    QTest::addColumn<QByteArray>("target");
    for (const char *target : {"/", "/status.js", "/status.json", "/metrics", "/healthz"})
        QTest::newRow(target) << QByteArray(target);
}

void tst_Operators::otherPagesCanUseNothingOfIt()
{
    QFETCH(QByteArray, target);
    const auto headers = get(target).headers;
    const QByteArray policy = headers.value("content-security-policy");
    QVERIFY2(policy.startsWith("default-src 'none'; "), policy);
    QVERIFY2(!policy.contains("unsafe") && !policy.contains('*') && !policy.contains(':'), policy);
    QVERIFY(policy.contains("frame-ancestors 'none'"));
    QCOMPARE(headers.value("cross-origin-resource-policy"), QByteArray("same-origin"));
    QCOMPARE(headers.value("x-content-type-options"), QByteArray("nosniff"));
    QCOMPARE(headers.value("cache-control"), QByteArray("no-store"));
    QVERIFY(!headers.contains("access-control-allow-origin"));
}

void tst_Operators::statusTellsOfShards()
{
    Peer ann;
    Peer ben;
    QVERIFY(ann.join(m_server->url(), u"projectId=p&shardName=s&maxConnectionsPerShard=10"_s));
    QVERIFY(ben.join(m_server->url(), u"projectId=p&shardName=s"_s));
    ann.emitEvent(u"hello"_s);
    QVERIFY(ben.waitFor(u"hello"_s));
    const QJsonObject report = QJsonDocument::fromJson(get("/status.json").body).object();
    QCOMPARE(report[u"connections"_s], 2);
    QCOMPARE(report[u"connectionsLimit"_s], 1'000);
    QCOMPARE(report[u"draining"_s], false);
    QCOMPARE(report[u"stuck"_s], QJsonArray());
    QVERIFY(report[u"uptimeMs"_s].toDouble() > 0);
    QCOMPARE(report[u"totals"_s][u"eventsReceived"_s], 1);
    QCOMPARE(report[u"totals"_s][u"eventsDelivered"_s], 2);
    QCOMPARE(report[u"workers"_s].toArray().size(), 1);
    QCOMPARE(report[u"eventTimes"_s][u"counts"_s].toArray().size(),
             report[u"eventTimes"_s][u"bounds"_s].toArray().size() + 1);
    const QJsonArray shards = report[u"largestShards"_s][u"list"_s].toArray();
    QCOMPARE(shards.size(), 1);
    QJsonObject shard = shards.first().toObject();
    QVERIFY(shard.take(u"id"_s).toInt() > 0);
    QCOMPARE(shard,
             (QJsonObject{{u"project"_s, u"p"_s},
                          {u"name"_s, u"s"_s},
                          {u"clients"_s, 2},
                          {u"limit"_s, 10},
                          {u"received"_s, 1},
                          {u"delivered"_s, 2}}));
}

void tst_Operators::statusTellsOfShardsThatAreSearched_data()
{
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<int>("matching");
    QTest::newRow("none") << QByteArray() << 3;
    QTest::newRow("empty") << QByteArray("?search=") << 3;
    QTest::newRow("another field") << QByteArray("?find=caf") << 3;
    QTest::newRow("encoded") << QByteArray("?search=caf%C3%A9") << 1;
    QTest::newRow("plus") << QByteArray("?x=1&search=TABLE+2") << 1;
    QTest::newRow("nothing") << QByteArray("?search=none") << 0;
    QTest::newRow("broken") << QByteArray("?search=%&&") << 0;
}

void tst_Operators::statusTellsOfShardsThatAreSearched()
{
    QFETCH(QByteArray, query);
    QFETCH(int, matching);
    std::array<Peer, 3> peers;
    QVERIFY(peers[0].join(m_server->url(), u"projectId=p&shardName=table%201"_s));
    QVERIFY(peers[1].join(m_server->url(), u"projectId=p&shardName=table%202"_s));
    QVERIFY(peers[2].join(m_server->url(), u"projectId=p&shardName=caf%C3%A9"_s));
    const QJsonObject report = QJsonDocument::fromJson(get("/status.json" + query).body).object();
    QCOMPARE(report[u"largestShards"_s][u"matching"_s], matching);
    QCOMPARE(report[u"largestShards"_s][u"list"_s].toArray().size(), matching);
}

QTEST_GUILESS_MAIN(tst_Operators)
#include "tst_operators.moc"

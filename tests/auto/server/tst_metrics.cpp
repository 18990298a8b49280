// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "operatorstest.h"
#include "peer.h"

#include <QtCore/qdatetime.h>
#include <QtCore/qfile.h>
#include <QtCore/qregularexpression.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

/// What the server measures and counts, and what is said of that in docs/.
class tst_Metrics : public OperatorsTest {
    Q_OBJECT

private Q_SLOTS:
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
};

void tst_Metrics::metricsAreWellFormed()
{
    const auto response = get("/metrics");
    QCOMPARE(response.status, 200);
    QCOMPARE(response.headers.value("content-type"),
             QByteArray("text/plain; version=0.0.4; charset=utf-8"));
    const MetricsText text(response.body);
    QCOMPARE(text.problems(), QStringList());
    QVERIFY(text.families().size() > 30);
}

void tst_Metrics::metricsAreDocumentedAsTheyAre()
{
    QStringList documented = metricsInManual(QStringLiteral(SOURCE_DIR "/docs/operations.md"));
    // What is of several servers: tst_metricswriter.
    documented.removeIf(
        [](const QString &row) { return row.startsWith(u"| `dispatch_engine_"_s); });
    QCOMPARE(documented.join(u'\n'), metrics().manualRows().join(u'\n'));
}

void tst_Metrics::whatIsAskedOfPrometheusIsThere_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QRegularExpression>("expression");
    QTest::newRow("dashboard") << u"docs/grafana/dispatch.json"_s
                               << QRegularExpression(u"\"(?:expr|query)\": (\".*\")"_s);
    QTest::newRow("alerts") << u"docs/operations.md"_s << QRegularExpression(u" expr: (.*)"_s);
}

void tst_Metrics::whatIsAskedOfPrometheusIsThere()
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

void tst_Metrics::metricsNameNobody()
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
             (QSet<QString>{u"code"_s, u"le"_s, u"qt_version"_s, u"reason"_s, u"result"_s,
                            u"version"_s, u"worker"_s}));
}

void tst_Metrics::metricsCountClientsAndEvents()
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

void tst_Metrics::metricsCountWhatIsRefused()
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

void tst_Metrics::metricsSayWhyClientsLeft()
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

void tst_Metrics::metricsMeasure()
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

void tst_Metrics::metricsSayWhatWaits()
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

void tst_Metrics::metricsKnowTheProcess()
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

QTEST_GUILESS_MAIN(tst_Metrics)
#include "tst_metrics.moc"

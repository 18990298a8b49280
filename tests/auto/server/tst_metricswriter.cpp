// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "enginemetrics_p.h"
#include "health_p.h"
#include "metricstext.h"
#include "metricswriter_p.h"

#include <QtCore/qfile.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>
#include <QtTest/qtest.h>

using namespace Dispatch;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/// What operators' programs read, and the test's own reader of it.
class tst_MetricsWriter : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void numbersAreWrittenWithTheirHelp();
    void numbersKeepTheirDigits_data();
    void numbersKeepTheirDigits();
    void labelsAreEscaped();
    void histogramsAreCumulative();
    void readerFindsFault_data();
    void readerFindsFault();
    void stuckLoopsAreNamed_data();
    void stuckLoopsAreNamed();
    void readinessHasAReason_data();
    void readinessHasAReason();
    void engineIsDocumentedAsItIs();
    void engineIsCounted();
};

void tst_MetricsWriter::numbersAreWrittenWithTheirHelp()
{
    MetricsWriter writer;
    writer.counter("a_total", "Some \\ text\nof two lines.", std::int64_t(3));
    writer.gauge("b", "\"Quoted\".", -1.5);
    QCOMPARE(QByteArray::fromStdString(writer.take()),
             QByteArray("# HELP a_total Some \\\\ text\\nof two lines.\n"
                        "# TYPE a_total counter\n"
                        "a_total 3\n"
                        "# HELP b \"Quoted\".\n"
                        "# TYPE b gauge\n"
                        "b -1.5\n"));
}

void tst_MetricsWriter::numbersKeepTheirDigits_data()
{
    QTest::addColumn<double>("number");
    for (const double number : {0.0, 0.1, 1e-5, 123456789.125, 1.7e18, -2.5e-9})
        QTest::newRow(qPrintable(QString::number(number))) << number;
}

void tst_MetricsWriter::numbersKeepTheirDigits()
{
    QFETCH(double, number);
    MetricsWriter writer;
    writer.gauge("a", "A number.", number);
    const MetricsText text(QByteArray::fromStdString(writer.take()));
    QCOMPARE(text.problems(), QStringList());
    QVERIFY(text.value(u"a"_s) == number); // all of its bits
}

void tst_MetricsWriter::labelsAreEscaped()
{
    MetricsWriter writer;
    writer.begin("a", "gauge", "Help.");
    writer.sample({{"x", "1\"2\\3\n4"}, {"y", ""}}, std::int64_t(1));
    QVERIFY(
        QByteArray::fromStdString(writer.take()).endsWith("a{x=\"1\\\"2\\\\3\\n4\",y=\"\"} 1\n"));
}

void tst_MetricsWriter::histogramsAreCumulative()
{
    Histogram histogram;
    histogram.observe(1ms, 2);
    histogram.observe(2ms);
    histogram.observe(1h);
    MetricsWriter writer;
    writer.histogram("a_seconds", "Help.", histogram);
    const MetricsText text(QByteArray::fromStdString(writer.take()));
    QCOMPARE(text.problems(), QStringList());
    const auto atMost = [&](const QString &bound) {
        return text.value(u"a_seconds_bucket"_s, {{u"le"_s, bound}});
    };
    QCOMPARE(atMost(u"0.0005"_s), 0.0);
    QCOMPARE(atMost(u"0.001"_s), 2.0);
    QCOMPARE(atMost(u"0.0025"_s), 3.0);
    QCOMPARE(atMost(u"10"_s), 3.0);
    QCOMPARE(atMost(u"+Inf"_s), 4.0);
    QCOMPARE(text.value(u"a_seconds_count"_s), 4.0);
    QCOMPARE(text.value(u"a_seconds_sum"_s), 3600.004);
}

void tst_MetricsWriter::readerFindsFault_data()
{
    QTest::addColumn<QByteArray>("text");
    const QByteArray head = "# HELP a Help.\n# TYPE a gauge\n";
    QTest::newRow("no end") << head + "a 1";
    QTest::newRow("no number") << head + "a one\n";
    QTest::newRow("no sample") << head;
    QTest::newRow("a sample twice") << head + "a 1\na 1\n";
    QTest::newRow("another's sample") << head + "b 1\n";
    QTest::newRow("no help") << QByteArray("# TYPE a gauge\na 1\n");
    QTest::newRow("no type") << QByteArray("# HELP a Help.\na 1\n");
    QTest::newRow("twice") << head + "a 1\n" + head + "a{b=\"c\"} 1\n";
    QTest::newRow("open label") << head + "a{b=\"c} 1\n";
    QTest::newRow("bad escape") << head + "a{b=\"\\c\"} 1\n";
    QTest::newRow("capitals") << QByteArray("# HELP A Help.\n# TYPE A gauge\nA 1\n");
    QTest::newRow("unnamed counter") << QByteArray("# HELP a Help.\n# TYPE a counter\na 1\n");
    QTest::newRow("negative counter")
        << QByteArray("# HELP a_total Help.\n# TYPE a_total counter\na_total -1\n");
    const QByteArray histogram = "# HELP a Help.\n# TYPE a histogram\na_bucket{le=\"1\"} 1\n";
    QTest::newRow("no last bucket") << histogram + "a_sum 1\na_count 1\n";
    QTest::newRow("falls") << histogram + "a_bucket{le=\"+Inf\"} 0\na_sum 1\na_count 0\n";
    QTest::newRow("other count") << histogram + "a_bucket{le=\"+Inf\"} 1\na_sum 1\na_count 2\n";
    QTest::newRow("no sum") << histogram + "a_bucket{le=\"+Inf\"} 1\na_count 1\n";
}

void tst_MetricsWriter::readerFindsFault()
{
    QFETCH(QByteArray, text);
    QVERIFY(!MetricsText(text).problems().isEmpty());
}

void tst_MetricsWriter::stuckLoopsAreNamed_data()
{
    QTest::addColumn<std::vector<LoopHealth>>("loops");
    QTest::addColumn<bool>("isHealthy");
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("all turn") << std::vector<LoopHealth>{{"listener", 0ms}, {"worker 0", 4999ms}}
                              << true << QByteArray(R"({"status":"ok"})");
    QTest::newRow("one is stuck")
        << std::vector<LoopHealth>{{"listener", 1s}, {"worker 0", 5s}} << false
        << QByteArray(R"({"status":"stuck","stuck":[{"name":"worker 0","silentMs":5000}]})");
    QTest::newRow("all are stuck")
        << std::vector<LoopHealth>{{"listener", 1h}, {"worker 0", 6s}} << false
        << QByteArray(R"({"status":"stuck","stuck":[{"name":"listener","silentMs":3600000},)"
                      R"({"name":"worker 0","silentMs":6000}]})");
}

void tst_MetricsWriter::stuckLoopsAreNamed()
{
    QFETCH(std::vector<LoopHealth>, loops);
    QFETCH(bool, isHealthy);
    QFETCH(QByteArray, body);
    const std::vector<LoopHealth> stuck = stuckAmong(loops, 5s);
    QCOMPARE(stuck.empty(), isHealthy);
    QCOMPARE(QByteArray::fromStdString(healthReport(stuck)), body);
}

void tst_MetricsWriter::readinessHasAReason_data()
{
    QTest::addColumn<bool>("takesJoins");
    QTest::addColumn<bool>("hasRoom");
    QTest::addColumn<bool>("hasEngine");
    QTest::addColumn<bool>("wasReached");
    QTest::addColumn<bool>("isFenced");
    QTest::addColumn<QByteArray>("status");
    QTest::newRow("alone") << true << true << false << false << false << QByteArray("ready");
    QTest::newRow("full") << true << false << false << false << false << QByteArray("full");
    QTest::newRow("draining") << false << true << false << false << false << QByteArray("draining");
    QTest::newRow("engine") << true << true << true << true << false << QByteArray("ready");
    QTest::newRow("engine, full") << true << false << true << true << false << QByteArray("full");
    QTest::newRow("never reached")
        << true << true << true << false << false << QByteArray("engine_unreached");
    QTest::newRow("fenced") << true << true << true << true << true << QByteArray("engine_fenced");
    QTest::newRow("fenced and full")
        << true << false << true << true << true << QByteArray("engine_fenced");
    QTest::newRow("fenced and draining")
        << false << true << true << true << true << QByteArray("draining");
}

void tst_MetricsWriter::readinessHasAReason()
{
    QFETCH(bool, takesJoins);
    QFETCH(bool, hasRoom);
    QFETCH(bool, hasEngine);
    QFETCH(bool, wasReached);
    QFETCH(bool, isFenced);
    QFETCH(QByteArray, status);
    std::optional<Engine::Figures> engine;
    if (hasEngine) {
        engine.emplace();
        engine->wasReached = wasReached;
        engine->isFenced = isFenced;
    }
    const Readiness now = readiness(takesJoins, hasRoom, engine);
    QCOMPARE(now == Readiness::Ready, status == "ready");
    const QJsonObject report =
        QJsonDocument::fromJson(QByteArray::fromStdString(readinessReport(now))).object();
    QCOMPARE(report[u"status"_s].toString().toUtf8(), status);
    QCOMPARE(report.contains(u"reason"_s), status.startsWith("engine"));
}

void tst_MetricsWriter::engineIsDocumentedAsItIs()
{
    MetricsWriter writer;
    appendEngine(writer, {});
    const MetricsText text(QByteArray::fromStdString(writer.take()));
    QCOMPARE(text.problems(), QStringList());
    QStringList documented = metricsInManual(QStringLiteral(SOURCE_DIR "/docs/operations.md"));
    documented.removeIf(
        [](const QString &row) { return !row.startsWith(u"| `dispatch_engine_"_s); });
    QCOMPARE(documented.join(u'\n'), text.manualRows().join(u'\n'));
}

void tst_MetricsWriter::engineIsCounted()
{
    Engine::Figures figures;
    figures.isReached = true;
    figures.reconnects = 2;
    figures.succeeded = 3;
    figures.failed[static_cast<std::size_t>(Engine::Failure::ShardFull)] = 4;
    figures.failed[static_cast<std::size_t>(Engine::Failure::Superseded)] = 5;
    figures.callTimes.observe(2ms);
    figures.seats = 6;
    figures.scriptMicroseconds = 1'500'000;
    MetricsWriter writer;
    appendEngine(writer, figures);
    const MetricsText text(QByteArray::fromStdString(writer.take()));
    const auto calls = [&text](const QString &result) {
        return text.value(u"dispatch_engine_calls_total"_s, {{u"result"_s, result}});
    };
    QCOMPARE(text.value(u"dispatch_engine_reached"_s), 1.0);
    QCOMPARE(text.value(u"dispatch_engine_fenced"_s), 0.0);
    QCOMPARE(text.value(u"dispatch_engine_reconnects_total"_s), 2.0);
    QCOMPARE(calls(u"ok"_s), 3.0);
    QCOMPARE(calls(u"shard_full"_s), 4.0);
    QCOMPARE(calls(u"superseded"_s), 5.0);
    QCOMPARE(calls(u"unavailable"_s), 0.0);
    QCOMPARE(text.value(u"dispatch_engine_call_seconds_count"_s), 1.0);
    QCOMPARE(text.value(u"dispatch_engine_seats"_s), 6.0);
    QCOMPARE(text.value(u"dispatch_engine_script_seconds_total"_s), 1.5);
}

QTEST_APPLESS_MAIN(tst_MetricsWriter)
#include "tst_metricswriter.moc"

// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "ctlserver.h"

#include <QtNetwork/qtcpserver.h>

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

namespace {

/// A terminal that nobody sits at.
class Terminal {
public:
    Terminal()
        : m_master(::posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC))
    {
        if (m_master >= 0 && ::grantpt(m_master) == 0 && ::unlockpt(m_master) == 0)
            m_name = QString::fromLocal8Bit(::ptsname(m_master));
    }
    ~Terminal() { ::close(m_master); }
    Q_DISABLE_COPY_MOVE(Terminal)

    QString name() const { return m_name; }
    QByteArray read()
    {
        QByteArray text(64 * 1024, '\0');
        const ssize_t size = ::read(m_master, text.data(), std::size_t(text.size()));
        text.resize(std::max<ssize_t>(size, 0));
        return text;
    }

private:
    int m_master;
    QString m_name;
};

} // namespace

class tst_CtlBench : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void measures();
    void printsATable();
    void showsItsProgressOnATerminalOnly();
    void leavesNobodyBehind();
    void reportsWhatIsMissing();
    void showsWhatItHasWhenItIsInterrupted();
    void refusesBadUsage_data();
    void refusesBadUsage();
    void saysThatNobodyIsThere();
    void saysThatItWasRefused();
    void saysThatItTookTooLong();

private:
    std::unique_ptr<CtlServer> m_server;
};

void tst_CtlBench::init()
{
    m_server = std::make_unique<CtlServer>();
    QVERIFY(m_server->start());
}

void tst_CtlBench::measures()
{
    const CtlResult result =
        m_server->run({u"bench"_s, u"--clients=9"_s, u"--shards=2"_s, u"--rate=50"_s,
                       u"--size=300"_s, u"--seconds=500ms"_s, u"--json"_s, u"--project=game"_s});
    QCOMPARE(result.code, 0);
    QCOMPARE(result.records.size(), 1);
    const QJsonObject record = result.records.first();
    QCOMPARE(record[u"clients"_s], 9);
    QCOMPARE(record[u"shards"_s], 2);
    const int sent = record[u"sent"_s].toInt();
    QVERIFY2(sent >= 20, qPrintable(QString::number(sent)));
    // Each goes to the four or five of its shard.
    QVERIFY(record[u"delivered"_s].toInt() >= 4 * sent
            && record[u"delivered"_s].toInt() <= 5 * sent);
    QCOMPARE(record[u"delivered"_s], record[u"expected"_s]);
    QCOMPARE(record[u"refused"_s], 0);
    const QJsonValue latency = record[u"latencyMs"_s];
    QVERIFY(latency[u"p50"_s].toDouble() > 0);
    QVERIFY(latency[u"p50"_s].toDouble() <= latency[u"p99"_s].toDouble());
    QVERIFY(latency[u"p99"_s].toDouble() <= latency[u"max"_s].toDouble());
    const DispatchServerStatistics statistics = m_server->server().statistics();
    QCOMPARE(statistics.joins, 9);
    QCOMPARE(statistics.eventsReceived, sent);
    QVERIFY(statistics.bytesReceived >= 300 * sent);
}

void tst_CtlBench::printsATable()
{
    const CtlResult result = m_server->run({u"bench"_s, u"--clients=2"_s, u"--seconds=200ms"_s});
    QCOMPARE(result.code, 0);
    const QList<QByteArray> lines = result.output.split('\n');
    QVERIFY(lines[0].startsWith("WHAT "));
    QVERIFY(lines[1].startsWith("joins "));
    QVERIFY(result.output.contains("latency p99"));
    QVERIFY(result.errors.contains(m_server->url().toString().toUtf8()));
}

void tst_CtlBench::showsItsProgressOnATerminalOnly()
{
    const QStringList arguments{u"bench"_s, u"--clients=2"_s, u"--seconds=600ms"_s};
    QVERIFY(!m_server->run(arguments).errors.contains('\r'));

    for (const QStringList &mode : {QStringList{}, {u"--quiet"_s}, {u"--json"_s}}) {
        Terminal terminal;
        QVERIFY(!terminal.name().isEmpty());
        CtlProcess ctl;
        ctl.process.setStandardErrorFile(terminal.name());
        ctl.start(arguments + mode, m_server->surroundings());
        QByteArray shown;
        const bool ended = QTest::qWaitFor(
            [&] {
                shown += terminal.read();
                return ctl.process.state() == QProcess::NotRunning;
            },
            CtlProcess::DeadlineMs);
        QVERIFY(ended);
        shown += terminal.read();
        QCOMPARE(shown.contains("\r0 s of 600 ms: "), mode.isEmpty());
        QVERIFY(!ctl.output().contains('\r'));
    }
}

void tst_CtlBench::leavesNobodyBehind()
{
    QCOMPARE(m_server->run({u"bench"_s, u"--clients=20"_s, u"--seconds=100ms"_s}).code, 0);
    QTRY_COMPARE(m_server->server().statistics().connections, 0);
}

void tst_CtlBench::reportsWhatIsMissing()
{
    DispatchServerSettings settings = m_server->server().settings();
    settings.messagesPerSecond = 1;
    settings.messageBurst = 1;
    m_server->server().setSettings(settings);
    const CtlResult result = m_server->run(
        {u"bench"_s, u"--clients=1"_s, u"--rate=100"_s, u"--seconds=200ms"_s, u"--json"_s});
    QCOMPARE(result.code, 1);
    QVERIFY(result.errors.contains("--rate"));
    const QJsonObject record = result.records.first();
    QVERIFY(record[u"refused"_s].toInt() > 0);
    QVERIFY(record[u"delivered"_s].toInt() < record[u"expected"_s].toInt());
}

void tst_CtlBench::showsWhatItHasWhenItIsInterrupted()
{
    CtlProcess ctl;
    ctl.start({u"bench"_s, u"--clients=3"_s, u"--seconds=1h"_s, u"--json"_s},
              m_server->surroundings());
    QTRY_VERIFY_WITH_TIMEOUT(m_server->server().statistics().eventsDelivered > 10,
                             CtlProcess::DeadlineMs);
    ctl.send(SIGINT);
    QVERIFY(ctl.ends());
    QCOMPARE(ctl.process.exitCode(), 1);
    QVERIFY(ctl.records().first()[u"delivered"_s].toInt() > 0);
    QCOMPARE(ctl.records().last()[u"error"_s][u"exitCode"_s], 1);
}

void tst_CtlBench::refusesBadUsage_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<QByteArray>("named");
    QTest::newRow("no clients") << QStringList{u"--clients=0"_s} << "--clients"_ba;
    QTest::newRow("more shards than clients")
        << QStringList{u"--clients=2"_s, u"--shards=3"_s} << "--shards"_ba;
    QTest::newRow("full shards") << QStringList{u"--clients=1001"_s} << "--shards"_ba;
    QTest::newRow("rate") << QStringList{u"--rate=x"_s} << "--rate"_ba;
    QTest::newRow("size") << QStringList{u"--size=1000000"_s} << "--size"_ba;
    QTest::newRow("for ever") << QStringList{u"--seconds=2d"_s} << "--seconds"_ba;
}

void tst_CtlBench::refusesBadUsage()
{
    QFETCH(QStringList, options);
    QFETCH(QByteArray, named);
    const CtlResult result = m_server->run(QStringList{u"bench"_s} + options);
    QCOMPARE(result.code, 2);
    QVERIFY2(result.errors.contains(named), result.errors.constData());
    QCOMPARE(m_server->server().statistics().joins, 0);
}

void tst_CtlBench::saysThatNobodyIsThere()
{
    const QUrl url = m_server->url();
    m_server->server().close();
    const CtlResult result = runCtl({u"bench"_s}, {.url = url});
    QCOMPARE(result.code, 3);
    QVERIFY(result.errors.contains("0 of 100 clients have joined."));
    QVERIFY2(result.errors.count("dispatchctl:") == 1, "once is enough");
}

void tst_CtlBench::saysThatItWasRefused()
{
    const CtlResult result = m_server->run({u"bench"_s, u"--token"_s, HiddenToken});
    QCOMPARE(result.code, 4);
    QVERIFY(keepsSecret(result));
}

void tst_CtlBench::saysThatItTookTooLong()
{
    QTcpServer silent;
    QVERIFY(silent.listen(QHostAddress::LocalHost));
    const CtlResult result = runCtl({u"bench"_s, u"--clients=3"_s, u"--timeout=100ms"_s},
                                    {.url = QUrl(u"ws://127.0.0.1:%1"_s.arg(silent.serverPort()))});
    QCOMPARE(result.code, 5);
}

QTEST_GUILESS_MAIN(tst_CtlBench)
#include "tst_ctlbench.moc"

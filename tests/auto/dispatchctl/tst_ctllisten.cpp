// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "ctlserver.h"

#include <QtNetwork/qtcpserver.h>

class tst_CtlListen : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void printsEventsForPeople();
    void printsEventsAsJson();
    void saysThatAPayloadCanNotBeRead_data();
    void saysThatAPayloadCanNotBeRead();
    void printsOnlyEventsThatWereNamed();
    void letsNothingSteerTheTerminal();
    void comesBackWhenTheConnectionIsLost();
    void endsWhenTimeIsUp();
    void saysThatTooFewCameInTime();
    void endsCleanlyOnASignal_data();
    void endsCleanlyOnASignal();
    void endsWhenNobodyReadsAnyMore();
    void isQuietIfTold();
    void refusesBadUsage_data();
    void refusesBadUsage();
    void saysThatNobodyIsThere();
    void saysThatItWasRefused();
    void saysThatTheServerKnowsNoTokens();
    void saysThatItTookTooLong();
    void endsWhenItIsShownOut();

private:
    /// Starts listening in "room" of "game", and waits until it is there.
    bool startListening(const QStringList &arguments);

    std::unique_ptr<CtlServer> m_server;
    std::unique_ptr<CtlProcess> m_ctl;
};

void tst_CtlListen::init()
{
    m_ctl.reset();
    m_server = std::make_unique<CtlServer>();
    QVERIFY(m_server->start());
}

bool tst_CtlListen::startListening(const QStringList &arguments)
{
    m_ctl = std::make_unique<CtlProcess>();
    m_ctl->start(QStringList{u"listen"_s, u"--project=game"_s, u"--shard=room"_s} + arguments,
                 m_server->surroundings());
    return QTest::qWaitFor([&] { return m_server->server().statistics().connections > 0; },
                           CtlProcess::DeadlineMs);
}

void tst_CtlListen::printsEventsForPeople()
{
    QVERIFY(startListening({u"--count=2"_s}));
    QVERIFY(m_ctl->notes("Listening in shard 'room' of project 'game'."));
    const auto ann = m_server->join(u"room"_s);
    QVERIFY(ann);
    ann->emitEvent(u"greeting"_s, QJsonObject{{u"body"_s, u"Hello, Bob!"_s}});
    ann->emitEvent(u"tap"_s);
    QVERIFY(m_ctl->ends());
    QCOMPARE(m_ctl->process.exitCode(), 0);
    const QList<QByteArray> lines = m_ctl->output().trimmed().split('\n');
    QCOMPARE(lines.size(), 2);
    static const QRegularExpression form(
        u"^\\d\\d:\\d\\d:\\d\\d\\.\\d{3} +[\\d.]+ ms  greeting  \\{\"body\":\"Hello, Bob!\"\\}$"_s);
    QVERIFY2(form.match(QString::fromUtf8(lines[0])).hasMatch(), lines[0].constData());
    QVERIFY2(lines[1].endsWith("  tap  {}"), lines[1].constData());
}

void tst_CtlListen::printsEventsAsJson()
{
    QVERIFY(startListening({u"--json"_s, u"--count=1"_s}));
    QVERIFY(m_ctl->prints("connected"));
    const auto ann = m_server->join(u"room"_s);
    QVERIFY(ann);
    ann->emitEvent(u"numbers"_s, QJsonArray{1, 2.5, QJsonValue::Null});
    QVERIFY(m_ctl->ends());
    const QList<QJsonObject> records = m_ctl->records();
    QCOMPARE(records.size(), 2);
    QCOMPARE(records[0][u"type"_s], u"connected"_s);
    QCOMPARE(records[0][u"shardName"_s], u"room"_s);
    QCOMPARE(records[1][u"type"_s], u"event"_s);
    QCOMPARE(records[1][u"eventName"_s], u"numbers"_s);
    QCOMPARE(records[1][u"payload"_s], (QJsonArray{1, 2.5, QJsonValue::Null}));
    QVERIFY(records[1][u"latencyMs"_s].toDouble(-1) >= 0);
    QVERIFY(QDateTime::fromString(records[1][u"time"_s].toString(), Qt::ISODateWithMs).isValid());
    QCOMPARE(m_ctl->errors(), QByteArray());
}

void tst_CtlListen::saysThatAPayloadCanNotBeRead_data()
{
    QTest::addColumn<QStringList>("events");
    QTest::newRow("all events") << QStringList{};
    QTest::newRow("a named event") << QStringList{u"far"_s};
}

void tst_CtlListen::saysThatAPayloadCanNotBeRead()
{
    QFETCH(QStringList, events);
    const QByteArray event = R"({"eventName":"far","payload":{"light years":1e400}})";
    QVERIFY(startListening(events + QStringList{u"--json"_s, u"--count=1"_s}));
    QVERIFY(m_ctl->prints("connected"));
    QVERIFY(m_server->publish(event));
    QVERIFY(m_ctl->ends());
    const QJsonObject record = m_ctl->records().last();
    QCOMPARE(record[u"eventName"_s], u"far"_s);
    QCOMPARE(record.value(u"payload"_s), QJsonValue(QJsonValue::Null));
    QCOMPARE(record[u"unreadable"_s], true);

    QTRY_COMPARE(m_server->server().statistics().connections, 0);
    QVERIFY(startListening(events + QStringList{u"--count=1"_s}));
    QVERIFY(m_ctl->notes("Listening in"));
    QVERIFY(m_server->publish(event));
    QVERIFY(m_ctl->ends());
    QVERIFY2(m_ctl->output().endsWith("  far  (unreadable)\n"), m_ctl->output());
}

void tst_CtlListen::printsOnlyEventsThatWereNamed()
{
    QVERIFY(startListening({u"wanted"_s, u"wanted"_s, u"too"_s, u"--count=2"_s}));
    QVERIFY(m_ctl->notes("Listening"));
    const auto ann = m_server->join(u"room"_s);
    QVERIFY(ann);
    for (const QString &name : {u"wanted"_s, u"unwanted"_s, u"too"_s})
        ann->emitEvent(name, name);
    QVERIFY(m_ctl->ends());
    QVERIFY(m_ctl->output().contains("  wanted  \"wanted\"\n"));
    QVERIFY(m_ctl->output().contains("  too  \"too\"\n"));
    QVERIFY(!m_ctl->output().contains("unwanted"));
}

void tst_CtlListen::letsNothingSteerTheTerminal()
{
    for (const QString &mode : {u"--quiet"_s, u"--json"_s}) {
        QVERIFY(startListening({u"--count=1"_s, mode}));
        const auto ann = m_server->join(u"room"_s);
        QVERIFY(ann);
        QTRY_COMPARE(ann->connectedClients().size(), 2);
        ann->emitEvent(u"\x1b]0;title\x07"_s, u"\x1b[2J\u009b31m\u202e"_s);
        QVERIFY(m_ctl->ends());
        const QByteArray output = m_ctl->output();
        QVERIFY(output.contains("\\u001b]0;title\\u0007"));
        QVERIFY(output.contains("\\u001b[2J\\u009b31m\\u202e"));
        QVERIFY(!output.contains('\x1b') && !output.contains('\x07'));
        QVERIFY(!output.contains("\u009b") && !output.contains("\u202e"));
        QTRY_COMPARE(m_server->server().statistics().connections, 1);
        ann->disconnectFromServer();
        QTRY_COMPARE(m_server->server().statistics().connections, 0);
    }
}

void tst_CtlListen::comesBackWhenTheConnectionIsLost()
{
    QVERIFY(startListening({u"--count=1"_s}));
    QVERIFY(m_ctl->notes("Listening in shard 'room'"));
    const quint16 port = m_server->server().port();
    m_server->server().close();
    QVERIFY(m_ctl->notes("Trying again in "));
    QVERIFY2(m_server->server().listen(QHostAddress::LocalHost, port),
             qPrintable(m_server->server().errorString()));
    QVERIFY(m_ctl->notes("Back in shard 'room' of project 'game'."));
    const auto ann = m_server->join(u"room"_s);
    QVERIFY(ann);
    ann->emitEvent(u"again"_s);
    QVERIFY(m_ctl->ends());
    QCOMPARE(m_ctl->process.exitCode(), 0);
    QVERIFY(m_ctl->output().contains("  again  {}"));
}

void tst_CtlListen::endsWhenTimeIsUp()
{
    const CtlResult result = m_server->run({u"listen"_s, u"--for=50ms"_s});
    QCOMPARE(result.code, 0);
    QCOMPARE(result.output, QByteArray());
}

void tst_CtlListen::saysThatTooFewCameInTime()
{
    const CtlResult result =
        m_server->run({u"listen"_s, u"--for=50ms"_s, u"--count=3"_s, u"--json"_s});
    QCOMPARE(result.code, 5);
    QVERIFY(result.errors.contains("Only 0 of 3 events"));
    QCOMPARE(result.records.last()[u"error"_s][u"exitCode"_s], 5);
}

void tst_CtlListen::endsCleanlyOnASignal_data()
{
    QTest::addColumn<int>("signal");
    QTest::newRow("SIGINT") << SIGINT;
    QTest::newRow("SIGTERM") << SIGTERM;
}

void tst_CtlListen::endsCleanlyOnASignal()
{
    QFETCH(int, signal);
    QVERIFY(startListening({}));
    QVERIFY(m_ctl->notes("Listening"));
    m_ctl->send(signal);
    QVERIFY(m_ctl->ends());
    QCOMPARE(m_ctl->process.exitCode(), 0);
    QTRY_COMPARE(m_server->server().statistics().connections, 0);
}

void tst_CtlListen::endsWhenNobodyReadsAnyMore()
{
    QProcess reader; // does not even begin
    m_ctl = std::make_unique<CtlProcess>();
    m_ctl->process.setStandardOutputProcess(&reader);
    m_ctl->start({u"listen"_s, u"--project=game"_s, u"--shard=room"_s}, m_server->surroundings());
    reader.start(u"true"_s, QStringList());
    QVERIFY(m_ctl->notes("Listening"));
    QTRY_COMPARE(reader.state(), QProcess::NotRunning);
    const auto ann = m_server->join(u"room"_s);
    QVERIFY(ann);
    ann->emitEvent(u"unheard"_s);
    QVERIFY(m_ctl->ends());
    QCOMPARE(m_ctl->process.exitCode(), 0);
    QVERIFY(!m_ctl->errors().contains("dispatchctl:"));
}

void tst_CtlListen::isQuietIfTold()
{
    const CtlResult result = m_server->run({u"listen"_s, u"--for=50ms"_s, u"--quiet"_s});
    QCOMPARE(result.code, 0);
    QCOMPARE(result.output + result.errors, QByteArray());
}

void tst_CtlListen::refusesBadUsage_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::newRow("count") << QStringList{u"--count=0"_s};
    QTest::newRow("time") << QStringList{u"--for=never"_s};
    QTest::newRow("more time than a timer has") << QStringList{u"--for=25d"_s};
    QTest::newRow("URL") << QStringList{u"--url=http://127.0.0.1"_s};
    QTest::newRow("option") << QStringList{u"--user=ann"_s};
}

void tst_CtlListen::refusesBadUsage()
{
    QFETCH(QStringList, options);
    const CtlResult result = m_server->run(QStringList{u"listen"_s} + options);
    QCOMPARE(result.code, 2);
    QCOMPARE(result.output, QByteArray());
    QVERIFY(result.errors.startsWith("dispatchctl: "));
    QVERIFY(result.errors.endsWith("Try 'dispatchctl listen --help'.\n"));
}

void tst_CtlListen::saysThatNobodyIsThere()
{
    const QUrl url = m_server->url();
    m_server->server().close();
    const CtlResult result = runCtl({u"listen"_s}, {.url = url});
    QCOMPARE(result.code, 3);
    QVERIFY(result.errors.contains(url.toString().toUtf8()));
    QVERIFY(result.errors.contains("dispatchctl doctor"));
}

void tst_CtlListen::saysThatItWasRefused()
{
    const CtlResult result = m_server->run({u"listen"_s, u"--token"_s, HiddenToken, u"--json"_s});
    QCOMPARE(result.code, 4);
    QVERIFY(keepsSecret(result));
    const QJsonValue error = result.records.last()[u"error"_s];
    QCOMPARE(error[u"code"_s], u"unauthorized"_s);
    QCOMPARE(error[u"exitCode"_s], 4);
}

void tst_CtlListen::saysThatTheServerKnowsNoTokens()
{
    m_server->server().setTokenVerifier(nullptr);
    const CtlResult result = m_server->run({u"listen"_s, u"--token"_s, HiddenToken, u"--json"_s});
    QCOMPARE(result.code, 4);
    QVERIFY(keepsSecret(result));
    const QJsonValue error = result.records.last()[u"error"_s];
    QCOMPARE(error[u"code"_s], u"no_token_key"_s);
    QVERIFY(error[u"message"_s].toString().contains("--secret-file"_L1));
}

void tst_CtlListen::saysThatItTookTooLong()
{
    QTcpServer silent;
    QVERIFY(silent.listen(QHostAddress::LocalHost));
    const CtlResult result = runCtl({u"listen"_s, u"--timeout=100ms"_s},
                                    {.url = QUrl(u"ws://127.0.0.1:%1"_s.arg(silent.serverPort()))});
    QCOMPARE(result.code, 5);
    QVERIFY(result.errors.contains("in time"));
}

void tst_CtlListen::endsWhenItIsShownOut()
{
    QVERIFY(startListening({u"--json"_s}));
    QVERIFY(m_ctl->prints("connected"));
    const QString id = m_ctl->records().first()[u"clientId"_s].toString();
    const CtlResult kicked =
        m_server->run({u"kick"_s, id, u"--project=game"_s, u"--project-token-file"_s,
                       m_server->path(u"project.token"_s)});
    QCOMPARE(kicked.code, 0);
    QVERIFY(m_ctl->ends());
    QCOMPARE(m_ctl->process.exitCode(), 4);
    QCOMPARE(m_ctl->records().last()[u"error"_s][u"code"_s], u"disconnected"_s);
}

QTEST_GUILESS_MAIN(tst_CtlListen)
#include "tst_ctllisten.moc"
